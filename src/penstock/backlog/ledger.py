"""The verbs that write the ledger; what is kept on a line stays the sum of its entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from penstock.backlog import standing
from penstock.backlog.models import Entry, Line
from penstock.base.errors import Conflict, RuleBroken
from penstock.base.money import ZERO, exact, net_value, portion
from penstock.flow import items
from penstock.flow.dating import When, when
from penstock.users.models import Member

Kind = Entry.Kind
#: What changes how much was ordered.
ORDERING = (Kind.ACCEPTED, Kind.AMENDED, Kind.MOVED)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Signed quantity, value and hours of an entry; hours None while unknown."""

    quantity: Decimal
    value: Decimal
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Act:
    """Who writes an entry, when it happened, and its idempotency key.

    ``settles`` is False where the caller writes several entries and settles the order once, after
    the last.
    """

    by: Member | None
    at: datetime | None = None
    known: datetime | None = None
    source_key: str | None = None
    reason: str = ""
    settles: bool = True


def accept(
    line: Line,
    *,
    quantity: Decimal,
    hours: Decimal | None,
    act: Act,
    value: Decimal | None = None,
) -> Entry:
    """Take a quantity of a new line into the backlog, at its price or at a value that was agreed.

    Raises:
        RuleBroken: ``backlog.quantity`` unless it is above zero.
    """

    def amounts(line: Line) -> Amounts:
        worth = _value_of(line, quantity=quantity) if value is None else value
        return Amounts(quantity, worth, hours)

    return _write(line, kind=Kind.ACCEPTED, quantity=quantity, amounts=amounts, act=act)


def amend(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Change what is owed by a signed quantity, at the line's price and hours per unit.

    Raises:
        RuleBroken: ``backlog.too_much`` when less than that remains, ``backlog.quantity`` for zero.
    """

    def amounts(line: Line) -> Amounts:
        if quantity < 0:
            return _share_of_rest(line, quantity=-quantity)
        value = _value_of(line, quantity=quantity)
        return Amounts(quantity, value, _hours_like(line, quantity=quantity))

    return _write(line, kind=Kind.AMENDED, quantity=abs(quantity), amounts=amounts, act=act)


def fulfil(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Say that a quantity was delivered.

    Value and hours leave in proportion; the last part takes what is left.

    Raises:
        RuleBroken: ``backlog.too_much`` when less remains, ``backlog.quantity`` unless above zero.
    """
    return _take_out(line, kind=Kind.FULFILLED, quantity=quantity, act=act)


def cancel(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Say that a quantity will not be delivered, for a reason; the rest of the line stays owed."""
    return _take_out(line, kind=Kind.CANCELLED, quantity=quantity, act=act)


def reverse(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Take back a fulfilment that did not happen.

    Raises:
        RuleBroken: ``backlog.too_much`` when less was fulfilled and not taken back yet.
    """
    return _put_back(line, kind=Kind.REVERSED, quantity=quantity, act=act)


def return_goods(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Take delivered goods back in, owed again until delivered anew or cancelled."""
    return _put_back(line, kind=Kind.RETURNED, quantity=quantity, act=act)


def reinstate(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Take back a cancellation.

    Raises:
        RuleBroken: ``backlog.too_much`` when less was cancelled.
    """
    return _put_back(line, kind=Kind.REINSTATED, quantity=quantity, act=act)


def revalue(line: Line, *, unit_price: Decimal, act: Act) -> Entry:
    """Give what is still owed another price; delivered parts keep theirs.

    Raises:
        RuleBroken: ``backlog.price_negative``; ``backlog.nothing_left`` when nothing is owed.
    """
    if unit_price < 0:
        raise RuleBroken(
            "backlog.price_negative", _("A price is zero or more."), needs=["unit_price"]
        )

    def amounts(line: Line) -> Amounts:
        if line.remaining_quantity == 0:
            raise _nothing_left()
        line.unit_price = exact(unit_price)
        fresh = _value_of(line, quantity=line.remaining_quantity)
        known = None if line.remaining_hours is None else ZERO
        return Amounts(ZERO, fresh - line.remaining_value, known)

    return _write(line, kind=Kind.REVALUED, quantity=Decimal(1), amounts=amounts, act=act)


def estimate(line: Line, *, hours: Decimal, act: Act) -> Entry:
    """Say how many work hours the rest of a line needs; written as a revaluation of hours alone.

    Raises:
        RuleBroken: ``backlog.hours_negative``; ``backlog.nothing_left`` when nothing is owed.
    """
    if hours < 0:
        raise RuleBroken("backlog.hours_negative", _("Hours are zero or more."), needs=["hours"])

    def amounts(line: Line) -> Amounts:
        if line.remaining_quantity == 0:
            raise _nothing_left()
        return Amounts(ZERO, ZERO, exact(hours) - (line.remaining_hours or ZERO))

    return _write(line, kind=Kind.REVALUED, quantity=Decimal(1), amounts=amounts, act=act)


def move_out(line: Line, *, quantity: Decimal, act: Act) -> Entry:
    """Take a quantity out, with its share of value and hours, because another order owes it now.

    For :mod:`penstock.backlog.splitting`, which writes the other side with :func:`move_in`.
    """
    return _take_out(line, kind=Kind.MOVED, quantity=quantity, act=act)


def move_in(line: Line, *, out: Entry, act: Act) -> Entry:
    """Owe on a new line what went out of another one: the same quantity, value and hours."""

    def amounts(_line: Line) -> Amounts:
        return Amounts(-out.quantity, -out.value, None if out.hours is None else -out.hours)

    return _write(line, kind=Kind.MOVED, quantity=-out.quantity, amounts=amounts, act=act)


def _take_out(line: Line, *, kind: str, quantity: Decimal, act: Act) -> Entry:
    return _write(
        line,
        kind=kind,
        quantity=quantity,
        amounts=lambda line: _share_of_rest(line, quantity=quantity),
        act=act,
    )


def _put_back(line: Line, *, kind: str, quantity: Decimal, act: Act) -> Entry:
    """Bring back part of what left by fulfilment or cancellation, at the value at which it left."""
    kinds = (
        (Kind.CANCELLED, Kind.REINSTATED)
        if kind == Kind.REINSTATED
        else (Kind.FULFILLED, Kind.REVERSED, Kind.RETURNED)
    )

    def amounts(line: Line) -> Amounts:
        gone = standing.counting(line.entries.filter(kind__in=kinds)).aggregate(
            n=Sum("quantity"),
            n_timed=Sum("quantity", filter=Q(hours__isnull=False)),
            worth=Sum("value"),
            work=Sum("hours"),
        )
        outside = -(gone["n"] or ZERO)
        _check_at_most(quantity, outside)
        hours: Decimal | None
        if gone["n_timed"] == gone["n"]:
            hours = portion(-gone["work"], part=quantity, whole=outside)
        else:
            hours = _hours_like(line, quantity=quantity)
        return Amounts(quantity, portion(-gone["worth"], part=quantity, whole=outside), hours)

    return _write(line, kind=kind, quantity=quantity, amounts=amounts, act=act)


def _write(
    line: Line, *, kind: str, quantity: Decimal, amounts: Callable[[Line], Amounts], act: Act
) -> Entry:
    """Lock order and line, write the entry, keep the rest, settle the order: one transaction."""
    check_quantity(quantity)
    with transaction.atomic():
        item = items.lock(line.order_id)
        locked = Line.objects.select_for_update(of=("self",), no_key=True)
        line = locked.select_related("order").get(pk=line.pk)
        if act.source_key and (told := _told_before(line, kind=kind, source_key=act.source_key)):
            return told
        change = amounts(line)
        times = _times(line, kind=kind, change=change, act=act)
        entry = _insert(line, kind=kind, amounts=change, act=act, times=times)
        if act.settles:
            standing.settle(item, by=act.by, times=times)
        return entry


def _told_before(line: Line, *, kind: str, source_key: str) -> Entry | None:
    row = Entry.objects.filter(workspace_id=line.workspace_id, source_key=source_key).first()
    if row is not None and (row.line_id, row.kind) != (line.pk, kind):
        raise Conflict(
            "backlog.source_key",
            _("This record was taken in before as another entry. Give it a key of its own."),
        )
    return row


def _times(line: Line, *, kind: str, change: Amounts, act: Act) -> When:
    story = list(
        standing.counting(line.entries.all())
        .order_by("occurred_at", "pk")
        .values_list("occurred_at", "kind", "quantity")
    )
    last = story[-1][0] if story else None
    times = when(act.at, known=act.known, not_before=last)
    opened = line.order.accepted_at
    if kind != Kind.ACCEPTED and opened and times.occurred_at < opened:
        raise RuleBroken(
            "backlog.before_acceptance",
            _("The order was accepted after this date. Enter a date on or after %(day)s.")
            % {"day": date_format(opened.date())},
        )
    if last is not None and times.occurred_at < last:
        late = (times.occurred_at, kind, change.quantity)
        _check_story(sorted([*story, late], key=lambda entry: entry[0]))
    return times


def _check_story(story: Sequence[tuple[datetime, str, Decimal]]) -> None:
    """Refuse a late entry if on some day more had left than was ordered, or less than nothing."""
    ordered = remaining = ZERO
    for _at, kind, quantity in story:
        remaining += quantity
        if kind in ORDERING:
            ordered += quantity
        if not 0 <= remaining <= ordered:
            raise RuleBroken(
                "backlog.out_of_order",
                _("On that day there was not enough for it. Enter the day on which it happened."),
                needs=["at"],
            )


def _insert(line: Line, *, kind: str, amounts: Amounts, act: Act, times: When) -> Entry:
    entry = Entry.objects.create(
        workspace_id=line.workspace_id,
        order_id=line.order_id,
        line=line,
        kind=kind,
        quantity=amounts.quantity,
        value=amounts.value,
        hours=amounts.hours,
        reason=act.reason,
        by=act.by,
        source_key=act.source_key,
        **times.columns(),
    )
    line.remaining_quantity += amounts.quantity
    line.remaining_value += amounts.value
    if amounts.hours is not None:
        line.remaining_hours = (line.remaining_hours or ZERO) + amounts.hours
    if kind in ORDERING:
        line.ordered_quantity += amounts.quantity
    line.save(
        update_fields=[
            "remaining_quantity",
            "remaining_value",
            "remaining_hours",
            "ordered_quantity",
            "unit_price",
        ]
    )
    return entry


def _share_of_rest(line: Line, *, quantity: Decimal) -> Amounts:
    _check_rest(line, quantity=quantity)
    value = portion(line.remaining_value, part=quantity, whole=line.remaining_quantity)
    hours = (
        None
        if line.remaining_hours is None
        else -portion(line.remaining_hours, part=quantity, whole=line.remaining_quantity)
    )
    return Amounts(-quantity, -value, hours)


def _hours_like(line: Line, *, quantity: Decimal) -> Decimal | None:
    """Hours as the rest of the line needs them per unit, or as what left last needed them."""
    if line.remaining_hours is None:
        return None
    if line.remaining_quantity:
        return exact(line.remaining_hours * quantity / line.remaining_quantity)
    timed = standing.counting(line.entries.filter(hours__isnull=False)).exclude(quantity=0)
    last = timed.order_by("-occurred_at", "-pk").first()
    return exact(last.hours * quantity / last.quantity) if last and last.hours else ZERO


def _value_of(line: Line, *, quantity: Decimal) -> Decimal:
    """Quantity at the line's price; the database cannot hold everything that can be typed."""
    try:
        return net_value(
            quantity=quantity, unit_price=line.unit_price, discount_share=line.discount_share
        )
    except ValueError as error:
        raise RuleBroken(
            "backlog.too_large",
            _("This is more than can be stored. Enter a smaller quantity or price."),
            needs=["quantity"],
        ) from error


def _nothing_left() -> RuleBroken:
    return RuleBroken("backlog.nothing_left", _("Nothing of this line is owed any more."))


def _is_storable(quantity: Decimal) -> bool:
    try:
        return quantity == exact(quantity)
    except ValueError:
        return False


def check_quantity(quantity: Decimal) -> None:
    """Refuse what is not above zero, or finer than can be stored.

    Raises:
        RuleBroken: ``backlog.quantity``.
    """
    if not _is_storable(quantity) or quantity <= 0:
        raise RuleBroken(
            "backlog.quantity",
            _("Enter a quantity above zero, with at most four decimal places."),
            needs=["quantity"],
        )


def _check_rest(line: Line, *, quantity: Decimal) -> None:
    _check_at_most(quantity, line.remaining_quantity)


def _check_at_most(quantity: Decimal, limit: Decimal) -> None:
    if quantity > limit:
        raise RuleBroken(
            "backlog.too_much",
            _("Only %(limit)s can be booked here, not %(quantity)s. Enter at most %(limit)s.")
            % {"limit": f"{limit.normalize():f}", "quantity": f"{quantity.normalize():f}"},
            needs=["quantity"],
        )
