"""The only way by which a door gets an order or one of its lines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Line, Order, WorkItem
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
        WorkItem.objects.select_related("item__stage", "item__pipeline", "line__order__item")
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
