"""Placing orders, dating them, fulfilling and cancelling them as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog import dates as dating
from penstock.backlog import ledger, standing, work
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import RuleBroken
from penstock.base.money import exact
from penstock.catalog.models import Product
from penstock.contacts.models import Company
from penstock.flow import changes, items, pipelines
from penstock.flow.dating import when
from penstock.flow.models import Item, Kind, Link, Outcome
from penstock.users.models import Member, Workspace


@dataclass(frozen=True, slots=True)
class NewLine:
    """A position of an order to be placed; hours are for the whole line, None while unknown.

    ``value`` is what was agreed for it without tax, where that was rounded on paper; without it the
    value is quantity × price × (1 − discount).
    """

    title: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    discount_share: Decimal = Decimal(0)
    tax_share: Decimal = Decimal(0)
    hours: Decimal | None = None
    product: Product | None = None
    unit: str = ""
    sort: str = Line.Sort.GOODS
    value: Decimal | None = None


class LineVerb(Protocol):
    """A verb of the ledger that books a quantity on a line."""

    def __call__(self, line: Line, *, quantity: Decimal, act: ledger.Act) -> Entry:
        """Book it."""


def place(  # noqa: PLR0913 -- an order has that many details
    workspace: Workspace,
    *,
    title: str,
    lines: Sequence[NewLine],
    by: Member | None,
    company: Company | None = None,
    owner: Member | None = None,
    currency: str = "",
    reference: str = "",
    at: datetime | None = None,
    placed_by: Item | None = None,
    **dates: date | None,
) -> Order:
    """Accept an order: item, lines with ledger entries, one work item per line of goods.

    Args:
        workspace: Where.
        title: What it is about.
        lines: At least one.
        by: Who accepts it.
        company: The customer.
        owner: Who looks after it.
        currency: Of all its lines; the workspace's when empty.
        reference: The customer's or another system's number.
        at: When it was accepted, if not now.
        placed_by: The deal it comes from; a deal places one order.
        **dates: Any of ``requested_on``, ``promised_on``, ``planned_on``, ``expected_on``.

    Raises:
        RuleBroken: ``backlog.no_lines``, ``backlog.quantity``, ``backlog.price_negative``,
            ``backlog.share``.
    """
    check_new(lines, dates)
    with transaction.atomic():
        times = when(at)
        pipeline = pipelines.default_for(workspace.pk, kind=Kind.ORDER)
        item = items.open_item(pipeline=pipeline, title=title, by=by, times=times, owner=owner)
        order = Order.objects.create(
            workspace=workspace,
            item=item,
            company=company,
            reference=reference[:120],
            currency=currency or workspace.currency,
            accepted_at=times.occurred_at,
            **dates,
        )
        known = {name: value for name, value in dates.items() if value is not None}
        changes.record(item, values=known, by=by, times=times)
        if placed_by is not None:
            Link.objects.create(workspace=workspace, source=placed_by, target=item, kind="placed")
        act = ledger.Act(by=by, at=times.occurred_at, settles=False)
        for position, line in enumerate(lines, start=1):
            _add_line(order, line, position=position, act=act)
        standing.settle(item, by=by, times=times)
        return Order.objects.select_related("item__stage", "item__pipeline").get(pk=order.pk)


def add_line(order: Order, *, line: NewLine, by: Member | None, at: datetime | None = None) -> Line:
    """Add a position to an order that was placed before."""
    check_new([line], {})
    with transaction.atomic():
        items.lock(order.pk)
        last = order.lines.order_by("-position").values_list("position", flat=True).first() or 0
        return _add_line(order, line, position=last + 1, act=ledger.Act(by=by, at=at))


def change_dates(
    order: Order,
    *,
    by: Member | None,
    at: datetime | None = None,
    why: dating.Why | None = None,
    **dates: date | None,
) -> Order:
    """Set any of the dates that people set; see :func:`penstock.backlog.dates.change`."""
    return dating.change(order, dates, told=dating.Told(by=by, at=at, why=why))


def fulfil_all(order: Order, *, by: Member | None, at: datetime | None = None) -> list[Entry]:
    """Deliver all that remains of an order; safe to call twice."""
    return _for_rest(order, ledger.fulfil, ledger.Act(by=by, at=at))


def cancel_rest(
    order: Order, *, reason: str, by: Member | None, at: datetime | None = None
) -> list[Entry]:
    """Cancel all that remains of an order; safe to call twice."""
    return _for_rest(order, ledger.cancel, ledger.Act(by=by, at=at, reason=reason))


def withdraw_unstarted(order: Order, *, reason: str, by: Member | None) -> list[Entry]:
    """Cancel an order of which nothing was delivered.

    Raises:
        RuleBroken: ``backlog.delivered_already``; ``backlog.merged_already`` when another order has its
            lines.
    """
    with transaction.atomic():
        item = items.lock(order.pk)
        if item.outcome == Outcome.Verdict.MERGED:
            raise RuleBroken(
                "backlog.merged_already",
                _("Its order was merged into another one. Split it off there first."),
            )
        if standing.has_delivered(item):
            raise RuleBroken(
                "backlog.delivered_already",
                _(
                    "Part of its order was delivered. "
                    "Take the delivery back on the order page first."
                ),
            )
        return cancel_rest(order, reason=reason, by=by)


def reinstate_withdrawn(order: Order, *, reason: str, by: Member | None) -> list[Entry]:
    """Bring back what :func:`withdraw_unstarted` cancelled last for this reason, only that."""
    parts = [(line, _withdrawn(line, reason=reason)) for line in order.lines.all()]
    back = [(line, quantity) for line, quantity in parts if quantity]
    return _for_lines(order, back, ledger.reinstate, ledger.Act(by=by))


def _withdrawn(line: Line, *, reason: str) -> Decimal:
    """Of what was cancelled last for a reason, the quantity that did not come back."""
    rows = standing.counting(
        line.entries.filter(kind__in=(Entry.Kind.CANCELLED, Entry.Kind.REINSTATED))
    ).order_by("occurred_at", "pk")
    outside = last = Decimal(0)
    for row in rows:
        outside -= row.quantity
        if row.kind == Entry.Kind.CANCELLED and row.reason == reason:
            last = -row.quantity
    return min(last, outside)


def _for_rest(order: Order, verb: LineVerb, act: ledger.Act) -> list[Entry]:
    with transaction.atomic():
        items.lock(order.pk)
        rest = order.lines.filter(remaining_quantity__gt=0)
        return _for_lines(order, [(line, line.remaining_quantity) for line in rest], verb, act)


def _for_lines(
    order: Order, parts: Sequence[tuple[Line, Decimal]], verb: LineVerb, act: ledger.Act
) -> list[Entry]:
    """Write one entry per line, then settle the order once."""
    if not parts:
        return []
    with transaction.atomic():
        item = items.lock(order.pk)
        each = replace(act, settles=False)
        entries = [verb(line, quantity=quantity, act=each) for line, quantity in parts]
        standing.settle(item, by=act.by, times=when(act.at, known=act.known))
        return entries


def _add_line(order: Order, line: NewLine, *, position: int, act: ledger.Act) -> Line:
    row = Line.objects.create(
        workspace_id=order.workspace_id,
        order=order,
        position=position,
        sort=line.sort,
        title=line.title.strip()[:250],
        product=line.product,
        unit=line.unit or (line.product.unit if line.product else ""),
        unit_price=exact(line.unit_price),
        discount_share=line.discount_share,
        tax_share=line.tax_share,
    )
    if line.sort == Line.Sort.GOODS:
        work.open_for(row, by=act.by, at=act.at)
    ledger.accept(row, quantity=line.quantity, hours=hours_of(line), value=line.value, act=act)
    row.refresh_from_db()
    return row


def hours_of(line: NewLine) -> Decimal | None:
    """Hours of a whole line: as said, or from its product; charges need none."""
    if line.sort == Line.Sort.CHARGE:
        return Decimal(0)
    if line.hours is not None or line.product is None or line.product.work_hours is None:
        return line.hours
    return exact(line.product.work_hours * line.quantity)


def check_new(lines: Sequence[NewLine], dates: dict[str, date | None]) -> None:
    """Refuse lines and dates that no order can have; the import asks the same."""
    dating.check(dates)
    if not lines:
        raise RuleBroken(
            "backlog.no_lines", _("An order needs at least one line."), needs=["lines"]
        )
    for line in lines:
        if not line.title.strip():
            raise RuleBroken(
                "backlog.title_missing", _("Give every line a title."), needs=["title"]
            )
        if line.unit_price < 0:
            raise RuleBroken(
                "backlog.price_negative", _("A price is zero or more."), needs=["unit_price"]
            )
        if not 0 <= line.discount_share <= 1 or line.tax_share < 0:
            raise RuleBroken(
                "backlog.share", _("A discount lies between 0 % and 100 %, a tax is zero or more.")
            )
        if line.hours is not None and line.hours < 0:
            raise RuleBroken(
                "backlog.hours_negative", _("Hours are zero or more."), needs=["hours"]
            )
