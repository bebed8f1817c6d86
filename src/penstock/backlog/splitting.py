"""Splitting an order in two, and merging two into one; what is owed stays the same, to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from penstock.backlog import dates as days
from penstock.backlog import holds, ledger, standing, work
from penstock.backlog.dates import DATES
from penstock.backlog.models import Entry, Line, Order, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import changes, items, moves, replay
from penstock.flow.dating import When, today, when
from penstock.flow.models import Item, Link, StageKind
from penstock.users.models import Member

Part = tuple[Line, Decimal]


@dataclass(frozen=True, slots=True)
class _Going:
    """A part of a line on its way to another order."""

    line: Line
    quantity: Decimal
    to: Order
    position: int
    held_by: Item | None = None


def split(
    order: Order,
    parts: Sequence[Part],
    *,
    by: Member | None,
    at: datetime | None = None,
    title: str = "",
    source_key: str | None = None,
) -> Order:
    """Take quantities of an order's lines into a new order of the same customer, dates and age.

    Value and hours go in proportion, the ledger says “moved” on both sides. What is held stays held,
    work that moves as a whole keeps its stage. Calling it twice with one source key splits once.

    Raises:
        RuleBroken: ``backlog.nothing_moves`` without a part, ``backlog.nothing_stays`` when all that is
            owed would go, ``backlog.line_elsewhere``, ``backlog.too_much``, ``backlog.quantity``.
    """
    with transaction.atomic():
        item = items.lock(order.pk)
        if source_key and (told := _told_before(order.workspace_id, source_key)):
            return told
        order = Order.objects.select_related("item__owner", "workspace").get(pk=order.pk)
        _check_parts(order, parts)
        act = _act(item, by=by, at=at, source_key=source_key)
        fresh = _open_like(order, title=title or order.item.title, act=act)
        for position, (line, quantity) in enumerate(parts, start=1):
            _go(_Going(line, quantity, fresh, position), act=act)
        _keep_hold(order.item, fresh, act=act)
        _settle((fresh, order), act=act)
        return Order.objects.select_related("item__stage", "item__pipeline").get(pk=fresh.pk)


def merge(order: Order, *, gone: Order, by: Member | None, at: datetime | None = None) -> Order:
    """Take all that is owed of one order into another one of the same customer and currency.

    What was delivered of the other stays there; with nothing delivered it ends as merged. Lines keep
    their price, value and holds; the promise is that of the order that stays. Calling it twice is
    refused, for nothing is owed of the other any more.

    Raises:
        RuleBroken: ``backlog.merge_itself``, ``backlog.merge_closed``, ``backlog.merge_customer``,
            ``backlog.merge_currency``.
    """
    with transaction.atomic():
        for number in sorted({order.pk, gone.pk}):
            items.lock(number)
        found = Order.objects.select_related("item", "workspace").in_bulk([order.pk, gone.pk])
        order, gone = found[order.pk], found[gone.pk]
        _check_pair(order, gone)
        act = _act(order.item, gone.item, by=by, at=at)
        last = order.lines.aggregate(n=Max("position"))["n"] or 0
        going = gone.lines.filter(remaining_quantity__gt=0).order_by("position")
        held_by = gone.item if gone.item.is_blocked else None
        for position, line in enumerate(going, start=last + 1):
            _go(_Going(line, line.remaining_quantity, order, position, held_by), act=act)
        Link.objects.get_or_create(
            workspace_id=order.workspace_id, source=gone.item, target=order.item, kind="merged"
        )
        _settle((gone, order), act=act)
        return Order.objects.select_related("item__stage", "item__pipeline").get(pk=order.pk)


def family(order: Order) -> list[Order]:
    """An order and all that was split off from it, the order itself first."""
    found, asked = [order], {order.pk}
    for one in found:
        links = Link.objects.filter(source_id=one.pk, kind="split").exclude(target__in=asked)
        fresh = list(
            Order.objects.select_related("item", "workspace").filter(
                pk__in=links.values("target_id"), item__withdrawn_at=None
            )
        )
        asked |= {child.pk for child in fresh}
        found += fresh
    return found


def _open_like(order: Order, *, title: str, act: ledger.Act) -> Order:
    times = when(act.at)
    item = items.open_item(
        pipeline=order.item.pipeline, title=title, by=act.by, times=times, owner=order.item.owner
    )
    dates = {name: getattr(order, name) for name in DATES}
    fresh = Order.objects.create(
        workspace_id=order.workspace_id,
        item=item,
        company_id=order.company_id,
        reference=order.reference,
        currency=order.currency,
        accepted_at=order.accepted_at,
        first_promised_on=order.first_promised_on,
        **dates,
    )
    days.copy_promises(order, to=item)
    known = {name: day for name, day in dates.items() if day is not None and name != days.PROMISE}
    changes.record(item, values=known, by=act.by, times=times)
    Link.objects.create(
        workspace_id=order.workspace_id, source=order.item, target=item, kind="split"
    )
    return fresh


def _go(going: _Going, *, act: ledger.Act) -> Line:
    """Write both sides of a movement, and the work that goes with it."""
    key = f"{act.source_key}:{going.position}" if act.source_key else None
    out = ledger.move_out(
        going.line,
        quantity=going.quantity,
        act=replace(act, source_key=f"{key}:out" if key else None),
    )
    line = _copy(going)
    before = WorkItem.objects.filter(line=going.line, item__withdrawn_at=None).order_by("pk")
    old = before.select_related("item__stage").first()
    if line.sort == Line.Sort.GOODS:
        new = work.open_for(line, by=act.by, at=act.at)
        if old is not None and going.line.remaining_quantity == going.quantity:
            _keep_stage(old.item, new.item, act=act)
        _keep_days(line, new.item, act=act)
    ledger.move_in(line, out=out, act=replace(act, source_key=f"{key}:in" if key else None))
    line.refresh_from_db()
    held_by = old.item if old is not None and old.item.is_blocked else going.held_by
    if held_by is not None and old is not None:
        holds.hold_line(line, _why(held_by), by=act.by, at=act.at)
    return line


def _copy(going: _Going) -> Line:
    line = going.line
    return Line.objects.create(
        workspace_id=line.workspace_id,
        order=going.to,
        position=going.position,
        sort=line.sort,
        title=line.title,
        product_id=line.product_id,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_share=line.discount_share,
        tax_share=line.tax_share,
        extra=line.extra,
        **{name: getattr(line, name) for name in DATES},
    )


def _keep_days(line: Line, new: Item, *, act: ledger.Act) -> None:
    """The days of a line go with each part of it."""
    own = {name: getattr(line, name) for name in DATES if getattr(line, name) is not None}
    changes.record(new, values=own, by=act.by, times=when(act.at))


def _keep_stage(old: Item, new: Item, *, act: ledger.Act) -> None:
    if old.stage.kind == StageKind.WORK:
        moves.enter_stage(new, to=old.stage, by=act.by, times=when(act.at))


def _keep_hold(old: Item, fresh: Order, *, act: ledger.Act) -> None:
    if old.is_blocked:
        holds.hold(fresh, _why(old), by=act.by, at=act.at)


def _why(held: Item) -> holds.Why:
    row = replay.last(held.blockers.all())
    assert row is not None, "what is blocked has a blocker"
    is_ahead = row.until is not None and row.until >= today(held.workspace)
    return holds.Why(row.cause, row.side, row.until if is_ahead else None)


def _settle(orders: Sequence[Order], *, act: ledger.Act) -> None:
    times: When = when(act.at)
    for order in orders:
        standing.settle(items.lock(order.pk), by=act.by, times=times)


def _act(
    *touched: Item, by: Member | None, at: datetime | None, source_key: str | None = None
) -> ledger.Act:
    """One moment for all that is written; never before anything that it continues."""
    times = when(at, not_before=max(item.entered_at for item in touched))
    return ledger.Act(by=by, at=times.occurred_at, settles=False, source_key=source_key)


def _told_before(workspace_id: int, source_key: str) -> Order | None:
    entry = (
        Entry.objects.filter(workspace_id=workspace_id, source_key=f"{source_key}:1:in")
        .select_related("order__item__stage", "order__item__pipeline")
        .first()
    )
    return entry.order if entry else None


def _check_parts(order: Order, parts: Sequence[Part]) -> None:
    if not parts:
        raise RuleBroken(
            "backlog.nothing_moves",
            _("Enter how much of at least one line goes into the new order."),
            needs=["quantity"],
        )
    if any(line.order_id != order.pk for line, _quantity in parts):
        raise RuleBroken(
            "backlog.line_elsewhere", _("One of the lines belongs to another order. Reload it.")
        )
    if len({line.pk for line, _quantity in parts}) < len(parts):
        raise RuleBroken("backlog.line_twice", _("Name every line once."))
    going = {line.pk: quantity for line, quantity in parts}
    rest = order.lines.filter(remaining_quantity__gt=0)
    if all(going.get(line.pk, Decimal(0)) == line.remaining_quantity for line in rest):
        raise RuleBroken(
            "backlog.nothing_stays",
            _("All that is owed would go, and nothing would stay. Leave a part of it here."),
            needs=["quantity"],
        )


def _check_pair(order: Order, gone: Order) -> None:
    if order.pk == gone.pk:
        raise RuleBroken("backlog.merge_itself", _("Choose another order to merge with."))
    if not (order.item.is_open and gone.item.is_open):
        raise RuleBroken(
            "backlog.merge_closed",
            _("Only orders of which something is owed can be merged. Choose another one."),
        )
    if order.company_id is None or order.company_id != gone.company_id:
        raise RuleBroken(
            "backlog.merge_customer",
            _("Only orders of one customer can be merged. Choose another one."),
        )
    if order.currency != gone.currency:
        raise RuleBroken(
            "backlog.merge_currency",
            _("Only orders in one currency can be merged. Choose another one."),
        )
