"""The only way by which a door gets an order or one of its lines."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import (
    Absence,
    Baseline,
    Delivery,
    Dependency,
    Deposit,
    Disruption,
    Line,
    Order,
    Place,
    WorkItem,
)
from penstock.backlog.models.capacity import Told
from penstock.backlog.models.order import OrderQuerySet
from penstock.base.errors import NotAllowed, NotFound
from penstock.users import roles
from penstock.users.models import Member


def orders_for(member: Member) -> OrderQuerySet:
    """The orders that a member may see."""
    return Order.objects.visible_to(member)


def order_for(member: Member, key: str, *, to: str = "see") -> Order:
    """An order by its key, to see or to change (``edit``).

    Raises:
        NotFound: ``backlog.no_order``. NotAllowed: ``backlog.read_only``.
    """
    order = (
        orders_for(member)
        .select_related("item__stage", "item__pipeline", "item__owner", "company", "workspace")
        .filter(item__key=key.upper())
        .first()
    )
    if order is None:
        raise NotFound("backlog.no_order", _("There is no such order here."))
    check_edit(member, to=to)
    return order


def line_for(member: Member, line_id: int, *, to: str = "see") -> Line:
    """A line of an order, to see or to change (``edit``).

    Raises:
        NotFound: ``backlog.no_line``. NotAllowed: ``backlog.read_only``.
    """
    line = (
        Line.objects.select_related("order__item")
        .filter(pk=line_id, workspace_id=member.workspace_id, order__item__withdrawn_at=None)
        .first()
    )
    if line is None:
        raise NotFound("backlog.no_line", _("There is no such order line here."))
    check_edit(member, to=to)
    return line


def delivery_for(member: Member, delivery_id: int) -> Delivery:
    """A delivery of an order, for somebody who may change it.

    Raises:
        NotFound: ``backlog.no_delivery``. NotAllowed: ``backlog.read_only``.
    """
    rows = Delivery.objects.select_related("order__item", "order__workspace").filter(
        pk=delivery_id, workspace_id=member.workspace_id, order__item__withdrawn_at=None
    )
    found = rows.first()
    if found is None:
        raise NotFound("backlog.no_delivery", _("There is no such delivery here."))
    check_edit(member, to="edit")
    return found


def deposit_for(member: Member, deposit_id: int) -> Deposit:
    """A payment towards an order, for somebody who may change it.

    Raises:
        NotFound: ``backlog.no_deposit``. NotAllowed: ``backlog.read_only``.
    """
    rows = Deposit.objects.select_related("item").filter(
        pk=deposit_id, workspace_id=member.workspace_id, item__withdrawn_at=None
    )
    found = rows.filter(is_void=False, superseded_by=None).first()
    if found is None:
        raise NotFound("backlog.no_deposit", _("This payment was taken back. Reload the page."))
    check_edit(member, to="edit")
    return found


def may_edit(member: Member) -> bool:
    """Whether a member may change orders and work."""
    return roles.may_deliver(member)


def check_edit(member: Member, *, to: str) -> None:
    """Refuse a change by a role that only looks at orders.

    Raises:
        NotAllowed: ``backlog.read_only``.
    """
    if to != "see" and not roles.may_deliver(member):
        raise NotAllowed(
            "backlog.read_only",
            _("You may look at orders, but only operations or a manager may change them."),
        )


def work_for(member: Member, key: str, *, to: str = "see") -> WorkItem:
    """A work item by its key, to see or to ``move``.

    Raises:
        NotFound: ``backlog.no_work``. NotAllowed: ``backlog.read_only``.
    """
    work = (
        WorkItem.objects.select_related(
            "item__stage", "item__pipeline", "item__owner", "line__order__item", "team"
        )
        .filter(
            workspace_id=member.workspace_id,
            item__key=key.upper(),
            item__withdrawn_at=None,
        )
        .first()
    )
    if work is None:
        raise NotFound("backlog.no_work", _("There is no such work item here."))
    check_edit(member, to=to)
    return work


#: What is said of capacity, by the name that stands in an address.
TOLD: dict[str, type[Told]] = {
    "places": Place,
    "absences": Absence,
    "disruptions": Disruption,
}


def check_capacity(member: Member) -> None:
    """Refuse whoever does not deliver to look at capacity or to say anything of it.

    Raises:
        NotAllowed: ``backlog.capacity_not_yours``.
    """
    if not roles.may_deliver(member):
        raise NotAllowed(
            "backlog.capacity_not_yours",
            _("Only operations or a manager may see and change who can work how much."),
        )


def told_for(member: Member, kind: str, row_id: int) -> Told:
    """A place, an absence or a disruption that was not taken back.

    Raises:
        NotFound: ``backlog.nothing_told``. NotAllowed: ``backlog.capacity_not_yours``.
    """
    found = None
    if kind in TOLD:
        mine = TOLD[kind]._default_manager.filter(workspace_id=member.workspace_id)
        found = mine.filter(pk=row_id, withdrawn_at=None).first()
    if found is None:
        raise NotFound("backlog.nothing_told", _("It is not there any more. Reload the page."))
    check_capacity(member)
    return found


def place_for(member: Member, row_id: int) -> Place:
    """A place of work; refuses as :func:`told_for`."""
    found = told_for(member, "places", row_id)
    assert isinstance(found, Place)
    return found


def disruption_for(member: Member, row_id: int) -> Disruption:
    """A disruption; refuses as :func:`told_for`."""
    found = told_for(member, "disruptions", row_id)
    assert isinstance(found, Disruption)
    return found


def dependency_for(member: Member, row_id: int) -> Dependency:
    """What one work item waits for, for somebody who may change it.

    Raises:
        NotFound: ``backlog.no_dependency``. NotAllowed: ``backlog.read_only``.
    """
    rows = Dependency.objects.select_related("after__item", "before__item")
    found = rows.filter(workspace_id=member.workspace_id, pk=row_id).first()
    if found is None:
        raise NotFound("backlog.no_dependency", _("It waits for this no longer. Reload the page."))
    check_edit(member, to="move")
    return found


def baselines_for(member: Member) -> QuerySet[Baseline]:
    """The baselines of a workspace: everybody who sees its backlog may compare with them."""
    return Baseline.objects.filter(workspace_id=member.workspace_id, removed_at=None).order_by("pk")


def baseline_for(member: Member, row_id: int, *, to: str = "see") -> Baseline:
    """A baseline, to see, to change, or (``restore``) one that was removed.

    Raises:
        NotFound: ``backlog.no_baseline``. NotAllowed: ``backlog.read_only``.
    """
    rows = Baseline.objects.filter(workspace_id=member.workspace_id, pk=row_id)
    found = (rows if to == "restore" else rows.filter(removed_at=None)).first()
    if found is None:
        raise NotFound("backlog.no_baseline", _("There is no such baseline any more."))
    check_edit(member, to=to)
    return found
