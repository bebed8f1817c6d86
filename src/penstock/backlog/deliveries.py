"""Deliveries of an order: planned, planned anew, made, taken back; the ledger follows what was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from penstock.backlog import ledger, standing
from penstock.backlog.models import Delivery, DeliveryPart, Line, Order
from penstock.base.errors import Conflict, RuleBroken
from penstock.base.money import ZERO
from penstock.flow import dating, items
from penstock.flow.dating import when
from penstock.users.models import Member

Quantities = Sequence[tuple[Line, Decimal]]


@dataclass(frozen=True, slots=True)
class Paper:
    """What another system, or the paper that goes with it, calls a delivery."""

    reference: str = ""
    source_key: str | None = None


NO_PAPER = Paper()


def plan(
    order: Order,
    *,
    on: date,
    quantities: Quantities,
    by: Member | None,
    paper: Paper = NO_PAPER,
) -> Delivery:
    """Plan to deliver quantities of some lines together on a day; the ledger does not change.

    Calling it twice with one source key plans once.

    Raises:
        RuleBroken: ``backlog.nothing_delivered`` without a quantity, ``backlog.quantity``,
            ``backlog.planned_too_much`` when less remains that is not planned yet,
            ``backlog.ships_together`` when the customer wants all at once, ``backlog.line_elsewhere``.
    """
    with transaction.atomic():
        items.lock(order.pk)
        if told := _told_before(order.workspace_id, paper.source_key):
            return told
        return _plan(order, on=on, quantities=quantities, by=by, paper=paper)


def replan(delivery: Delivery, *, on: date, quantities: Quantities, by: Member | None) -> Delivery:
    """Plan a delivery for another day or other quantities; what was planned before stays known.

    Raises:
        RuleBroken: As :func:`plan`. Conflict: ``backlog.delivery_gone``.
    """
    with transaction.atomic():
        delivery = _take(delivery)
        paper = Paper(delivery.reference, delivery.source_key)
        _withdraw(delivery)
        return _plan(delivery.order, on=on, quantities=quantities, by=by, paper=paper)


def drop(delivery: Delivery, *, by: Member | None) -> Delivery:
    """Plan it no longer; what it was to take stays owed. Safe to call twice."""
    with transaction.atomic():
        items.lock(delivery.order_id)
        delivery = Delivery.objects.get(pk=delivery.pk)
        if delivery.is_made:
            raise _gone()
        return delivery if delivery.withdrawn_at else _withdraw(delivery)


def make(
    delivery: Delivery,
    *,
    quantities: Quantities,
    by: Member | None,
    at: datetime | None = None,
    reference: str = "",
) -> Delivery:
    """Say that a planned delivery left, with what it took: the lines are fulfilled by that.

    What was planned and did not leave stays planned for the same day, as a delivery of its own.

    Raises:
        RuleBroken: As :func:`book`. Conflict: ``backlog.delivery_gone`` when it left already, or is
            planned no longer.
    """
    with transaction.atomic():
        delivery = _take(delivery)
        rest = _left_behind(delivery, quantities)
        _fill(delivery, quantities, act=ledger.Act(by=by, at=at, settles=False))
        if reference:
            delivery.reference = reference[:120]
            delivery.save(update_fields=["reference"])
        if rest and delivery.planned_on:
            behind = _open(delivery.order, by=by, planned_on=delivery.planned_on)
            _add_parts(behind, rest)
        return delivery


def book(
    order: Order,
    *,
    quantities: Quantities,
    by: Member | None,
    at: datetime | None = None,
    paper: Paper = NO_PAPER,
) -> Delivery:
    """Say that quantities of some lines left together, all or none, without a plan for it.

    Calling it twice with one source key delivers once.

    Raises:
        RuleBroken: ``backlog.nothing_delivered`` without a quantity, ``backlog.ships_together``, and as
            ``ledger.fulfil``.
    """
    with transaction.atomic():
        items.lock(order.pk)
        if told := _told_before(order.workspace_id, paper.source_key):
            return told
        delivery = _open(order, by=by, paper=paper, delivered_at=when(at).occurred_at)
        key = paper.source_key
        act = ledger.Act(by=by, at=at, settles=False, source_key=f"{key}:line" if key else None)
        _fill(delivery, quantities, act=act)
        return delivery


def take_back(delivery: Delivery, *, by: Member | None) -> Delivery:
    """Take a delivery back that did not happen; planned, it is planned again. Safe to call twice.

    Raises:
        RuleBroken: ``backlog.too_much`` when part of it was taken back or returned already.
        Conflict: ``backlog.delivery_gone`` when it did not leave.
    """
    with transaction.atomic():
        item = items.lock(delivery.order_id)
        delivery = Delivery.objects.select_related("order").get(pk=delivery.pk)
        if delivery.withdrawn_at:
            return delivery
        if not delivery.is_made:
            raise _gone()
        act = ledger.Act(by=by, settles=False)
        left = list(delivery.parts.filter(entry__isnull=False).select_related("line", "entry"))
        for part in left:
            assert part.entry is not None
            ledger.reverse(part.line, quantity=-part.entry.quantity, act=act)
        standing.settle(item, by=by, times=when(None))
        _withdraw(delivery)
        if delivery.planned_on:
            again = _open(delivery.order, by=by, planned_on=delivery.planned_on)
            _add_parts(again, [(part.line, part.quantity) for part in left])
        return delivery


def unplanned(order: Order) -> dict[int, Decimal]:
    """What is left of each line and not planned for any delivery yet, by line."""
    planned = dict(_to_come(order).values_list("line_id").annotate(n=Sum("quantity")))
    lines = Line.objects.filter(order=order, remaining_quantity__gt=0)
    free = {line.pk: line.remaining_quantity - planned.get(line.pk, ZERO) for line in lines}
    return {line_id: quantity for line_id, quantity in free.items() if quantity > 0}


def _to_come(order: Order) -> QuerySet[DeliveryPart]:
    return DeliveryPart.objects.filter(
        delivery__order=order, delivery__delivered_at=None, delivery__withdrawn_at=None
    )


def ship_together(order: Order, *, is_together: bool) -> Order:
    """Say whether the customer wants all of an order at once, or takes parts of it."""
    Order.objects.filter(pk=order.pk).update(is_shipped_together=is_together)
    order.is_shipped_together = is_together
    return order


def _plan(
    order: Order, *, on: date, quantities: Quantities, by: Member | None, paper: Paper
) -> Delivery:
    _check(order, quantities)
    free = unplanned(order)
    for line, quantity in quantities:
        _check_unplanned(line, quantity, free=free.get(line.pk, ZERO))
    delivery = _open(order, by=by, paper=paper, planned_on=on)
    _add_parts(delivery, quantities)
    return delivery


def _fill(delivery: Delivery, quantities: Quantities, *, act: ledger.Act) -> None:
    """Fulfil the lines, and remember by which entries."""
    _check(delivery.order, quantities)
    item = items.lock(delivery.order_id)
    parts = {part.line_id: part for part in delivery.parts.all()}
    moment = act.at
    for line, quantity in quantities:
        key = f"{act.source_key}:{line.pk}" if act.source_key else None
        entry = ledger.fulfil(line, quantity=quantity, act=replace(act, source_key=key))
        part = parts.get(line.pk) or DeliveryPart(
            workspace_id=delivery.workspace_id, delivery=delivery, line=line, quantity=quantity
        )
        part.entry, moment = entry, entry.occurred_at
        part.save()
    delivery.delivered_at = moment
    delivery.save(update_fields=["delivered_at"])
    standing.settle(item, by=act.by, times=when(act.at))


def _take(delivery: Delivery) -> Delivery:
    """A plan that still stands, with its order locked."""
    items.lock(delivery.order_id)
    fresh = Delivery.objects.select_related("order").get(pk=delivery.pk)
    if fresh.withdrawn_at or fresh.is_made:
        raise _gone()
    return fresh


def _left_behind(delivery: Delivery, quantities: Quantities) -> list[tuple[Line, Decimal]]:
    """What was planned and did not leave, as far as it is still owed."""
    leaving = {line.pk: quantity for line, quantity in quantities}
    rest = []
    for part in delivery.parts.select_related("line"):
        gone = leaving.get(part.line_id, ZERO)
        left = min(part.quantity, part.line.remaining_quantity) - gone
        if left > 0:
            rest.append((part.line, left))
        if not gone:
            part.delete()
    return rest


def _open(
    order: Order,
    *,
    by: Member | None,
    paper: Paper = NO_PAPER,
    planned_on: date | None = None,
    delivered_at: datetime | None = None,
) -> Delivery:
    return Delivery.objects.create(
        workspace_id=order.workspace_id,
        order=order,
        planned_on=planned_on,
        delivered_at=delivered_at,
        reference=paper.reference.strip()[:120],
        source_key=paper.source_key,
        known_at=dating.now(),
        by=by,
    )


def _add_parts(delivery: Delivery, quantities: Quantities) -> None:
    DeliveryPart.objects.bulk_create(
        DeliveryPart(
            workspace_id=delivery.workspace_id, delivery=delivery, line=line, quantity=quantity
        )
        for line, quantity in quantities
    )


def _withdraw(delivery: Delivery) -> Delivery:
    delivery.withdrawn_at = dating.now()
    delivery.save(update_fields=["withdrawn_at"])
    return delivery


def _told_before(workspace_id: int, source_key: str | None) -> Delivery | None:
    if source_key is None:
        return None
    found = Delivery.objects.filter(workspace_id=workspace_id, source_key=source_key)
    return found.filter(withdrawn_at=None).select_related("order").first()


def _check(order: Order, quantities: Quantities) -> None:
    if not quantities:
        raise RuleBroken(
            "backlog.nothing_delivered",
            _("Enter how much was delivered of at least one line."),
            needs=["quantity"],
        )
    if any(line.order_id != order.pk for line, _quantity in quantities):
        raise RuleBroken(
            "backlog.line_elsewhere", _("One of the lines belongs to another order. Reload it.")
        )
    if len({line.pk for line, _quantity in quantities}) < len(quantities):
        raise RuleBroken("backlog.line_twice", _("Name every line once."))
    for _line, quantity in quantities:
        ledger.check_quantity(quantity)
    if Order.objects.filter(pk=order.pk, is_shipped_together=True).exists():
        _check_all(order, quantities)


def _check_all(order: Order, quantities: Quantities) -> None:
    going = {line.pk: quantity for line, quantity in quantities}
    rest = Line.objects.filter(order=order, remaining_quantity__gt=0)
    if any(going.get(line.pk, ZERO) < line.remaining_quantity for line in rest):
        raise RuleBroken(
            "backlog.ships_together",
            _(
                "The customer wants all of this order at once. Deliver all that is left, or allow "
                "parts first."
            ),
        )


def _check_unplanned(line: Line, quantity: Decimal, *, free: Decimal) -> None:
    if quantity > free:
        raise RuleBroken(
            "backlog.planned_too_much",
            _("Of “%(line)s” only %(free)s is left and not planned yet. Enter at most that.")
            % {"line": line.title, "free": f"{free.normalize():f}"},
            needs=[f"line_{line.pk}"],
        )


def _gone() -> Conflict:
    return Conflict(
        "backlog.delivery_gone", _("This delivery is not planned any more. Reload the page.")
    )
