"""What is kept on a line is the sum of its entries, whatever happens and in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from penstock.backlog import ledger
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import RuleBroken
from penstock.base.money import net_value, portion
from tests import histories, make

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
VERBS = {
    "fulfil": lambda line, n, act: ledger.fulfil(line, quantity=n, act=act),
    "cancel": lambda line, n, act: ledger.cancel(line, quantity=n, act=act),
    "amend": lambda line, n, act: ledger.amend(line, quantity=n - 4, act=act),
    "reverse": lambda line, n, act: ledger.reverse(line, quantity=n, act=act),
    "return": lambda line, n, act: ledger.return_goods(line, quantity=n, act=act),
    "reinstate": lambda line, n, act: ledger.reinstate(line, quantity=n, act=act),
    "revalue": lambda line, n, act: ledger.revalue(line, unit_price=n, act=act),
    "estimate": lambda line, n, act: ledger.estimate(line, hours=n, act=act),
}
numbers = st.decimals(Decimal("0.0001"), Decimal(12), places=4)
acts = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, "fulfil", "fulfil"]), numbers, st.none() | st.integers(1, 90)
    ),
    min_size=2,
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=acts, price=numbers, hours=st.none() | numbers)
def test_rest_is_the_sum_of_the_entries(
    acts: list[tuple[str, Decimal, int | None]],
    price: Decimal,
    hours: Decimal | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        set_clock(START)
        new = make.line("10", price=str(price), hours=None if hours is None else str(hours))
        line = make.order(make.workspace(), lines=[new]).lines.get()
        now, done = START, 0
        for verb, number, back in acts:
            now += timedelta(days=1)
            set_clock(now)
            at = None if back is None else max(START, now - timedelta(hours=back))
            before = _kept(line)
            try:
                VERBS[verb](line, number, ledger.Act(by=None, at=at))
                done += 1
            except RuleBroken:
                assert _kept(line) == before
        event(f"acts done: {done}")

        _check_sums(line)
        _check_every_day(line)
        _check_standing(line)


def _kept(line: Line) -> tuple[Decimal, Decimal, Decimal | None, Decimal, int]:
    line = Line.objects.get(pk=line.pk)
    return (
        line.remaining_quantity,
        line.remaining_value,
        line.remaining_hours,
        line.ordered_quantity,
        line.entries.count(),
    )


def _check_sums(line: Line) -> None:
    line = Line.objects.get(pk=line.pk)
    total = line.entries.aggregate(n=Sum("quantity"), worth=Sum("value"), work=Sum("hours"))
    assert total == {
        "n": line.remaining_quantity,
        "worth": line.remaining_value,
        "work": line.remaining_hours,
    }
    ordered = line.entries.filter(kind__in=("accepted", "amended")).aggregate(n=Sum("quantity"))
    assert ordered["n"] == line.ordered_quantity
    if line.remaining_quantity == 0:
        assert (line.remaining_value, line.remaining_hours or 0) == (0, 0)


def _check_every_day(line: Line) -> None:
    """On no day is more owed than was ordered, or less than nothing."""
    ordered = remaining = Decimal(0)
    for entry in line.entries.order_by("occurred_at", "pk"):
        remaining += entry.quantity
        ordered += entry.quantity if entry.kind in ("accepted", "amended") else 0
        assert 0 <= remaining <= ordered


def _check_standing(line: Line) -> None:
    order = Order.objects.select_related("item__stage").get()
    line = Line.objects.get(pk=line.pk)
    delivered = Entry.objects.filter(kind__in=("fulfilled", "reversed", "returned")).aggregate(
        n=Sum("quantity")
    )["n"]
    if line.remaining_quantity:
        stage = (
            "in_work"
            if delivered
            else ("ready" if line.remaining_hours is not None else "accepted")
        )
        assert (order.item.outcome, order.item.stage.code) == ("", stage)
        assert order.fulfilled_at is None
    else:
        assert order.item.stage.code == "done"
        assert order.item.outcome == ("fulfilled" if delivered else "cancelled")
        last = line.entries.order_by("-occurred_at").first()
        assert last is not None
        assert order.item.decided_at is not None
        assert order.item.decided_at >= last.occurred_at or order.fulfilled_at is not None
    work = line.work_items.get().item
    assert work.is_open == (line.remaining_quantity > 0)


@given(quantity=numbers, price=numbers, share=st.decimals(0, 1, places=4), data=st.data())
def test_value_leaves_in_portions_without_a_remainder(
    quantity: Decimal, price: Decimal, share: Decimal, data: st.DataObject
) -> None:
    total = left = net_value(quantity=quantity, unit_price=price, discount_share=share)
    rest, gone = quantity, Decimal(0)
    while rest:
        part = data.draw(st.decimals(min(Decimal("0.0001"), rest), rest, places=4))
        value = portion(left, part=part, whole=rest)
        assert 0 <= value <= left
        rest, left, gone = rest - part, left - value, gone + value
        if rest < Decimal("0.01"):
            gone += portion(left, part=rest, whole=rest) if rest else 0
            break

    assert gone == total
