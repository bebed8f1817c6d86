"""What is owed: each verb by hand, in small numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from penstock.backlog import ledger, orders
from penstock.backlog.ledger import Act
from penstock.backlog.models import Entry, Line
from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.users import walls
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db

ACT = Act(by=None)
MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def line() -> Line:
    """10 wheels at 5, 20 hours."""
    return make.order_line(make.workspace())


def rest(line: Line) -> tuple[Decimal, Decimal, Decimal | None]:
    """Quantity, value and hours that are owed."""
    line = Line.objects.get(pk=line.pk)
    return line.remaining_quantity, line.remaining_value, line.remaining_hours


def owed(quantity: str, value: str, hours: str | None) -> tuple[Decimal, Decimal, Decimal | None]:
    return Decimal(quantity), Decimal(value), None if hours is None else Decimal(hours)


def booked(entry: Entry) -> tuple[Decimal, Decimal, Decimal | None]:
    return entry.quantity, entry.value, entry.hours


def test_acceptance_owes_all(line: Line) -> None:
    assert rest(line) == owed("10", "50", "20")
    assert booked(line.entries.get()) == owed("10", "50", "20")


def test_fulfilment_takes_value_and_hours_in_proportion(line: Line) -> None:
    entry = ledger.fulfil(line, quantity=Decimal(4), act=ACT)

    assert booked(entry) == owed("-4", "-20", "-8")
    assert rest(line) == owed("6", "30", "12")


def test_cancellation_leaves_the_rest_owed(line: Line) -> None:
    ledger.cancel(line, quantity=Decimal(3), act=Act(by=None, reason="customer"))

    assert rest(line) == owed("7", "35", "14")
    assert Entry.objects.get(kind="cancelled").reason == "customer"


def test_amendment_up_comes_at_the_price_and_hours_of_the_line(line: Line) -> None:
    entry = ledger.amend(line, quantity=Decimal(2), act=ACT)

    assert booked(entry) == owed("2", "10", "4")
    assert rest(line) == owed("12", "60", "24")
    assert Line.objects.get().ordered_quantity == 12


def test_amendment_down_takes_from_the_rest(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(4), act=ACT)

    ledger.amend(line, quantity=Decimal(-5), act=ACT)

    assert rest(line) == owed("1", "5", "2")
    assert Line.objects.get().ordered_quantity == 5


def test_amendment_of_a_delivered_line_knows_its_hours(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(10), act=ACT)

    ledger.amend(line, quantity=Decimal(3), act=ACT)

    assert rest(line) == owed("3", "15", "6")


def test_reversal_brings_back_what_was_not_delivered(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(4), act=ACT)

    entry = ledger.reverse(line, quantity=Decimal(1), act=ACT)

    assert booked(entry) == owed("1", "5", "2")
    assert rest(line) == owed("7", "35", "14")


def test_return_owes_delivered_goods_again(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(10), act=ACT)

    ledger.return_goods(line, quantity=Decimal(2), act=ACT)

    assert rest(line) == owed("2", "10", "4")


def test_reinstatement_takes_a_cancellation_back_and_nothing_else(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(4), act=ACT)
    ledger.cancel(line, quantity=Decimal(6), act=ACT)

    ledger.reinstate(line, quantity=Decimal(5), act=ACT)

    assert rest(line) == owed("5", "25", "10")
    assert _refusal(lambda: ledger.reinstate(line, quantity=Decimal(2), act=ACT)) == (
        "backlog.too_much"
    )


def test_revaluation_prices_the_rest_and_leaves_what_was_delivered(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(4), act=ACT)

    entry = ledger.revalue(line, unit_price=Decimal("7.5"), act=ACT)

    assert booked(entry) == owed("0", "15", "0")
    assert rest(line) == owed("6", "45", "12")
    assert booked(ledger.reverse(line, quantity=Decimal(4), act=ACT)) == owed("4", "20", "8")


def test_discount_counts_in_every_value() -> None:
    workspace = make.workspace()
    new = orders.NewLine(
        title="Wheel",
        quantity=Decimal(3),
        unit_price=Decimal("9.99"),
        discount_share=Decimal("0.1"),
        tax_share=Decimal("0.2"),
    )
    line = make.order(workspace, lines=[new]).lines.get()

    ledger.amend(line, quantity=Decimal(1), act=ACT)

    assert rest(line) == owed("4", "35.9640", None)
    ledger.revalue(line, unit_price=Decimal(10), act=ACT)
    assert rest(line) == owed("4", "36", None)


def test_charge_needs_no_work_and_no_hours() -> None:
    workspace = make.workspace()
    freight = orders.NewLine(title="Freight", unit_price=Decimal("12.5"), sort=Line.Sort.CHARGE)

    order = make.order(workspace, lines=[make.line(), freight])

    charge = order.lines.get(sort="charge")
    assert rest(charge) == owed("1", "12.5", "0")
    assert not charge.work_items.exists()
    assert order.item.stage.code == "ready"


def test_hours_of_a_product_are_those_of_its_line() -> None:
    workspace = make.workspace()
    product = make.product(workspace, work_hours=Decimal("1.5"), unit="pc")
    new = orders.NewLine(title="Wheel", quantity=Decimal(4), product=product)

    line = make.order(workspace, lines=[new]).lines.get()

    assert (line.remaining_hours, line.unit) == (Decimal(6), "pc")


def test_unknown_hours_stay_unknown_and_are_not_zero() -> None:
    line = make.order(make.workspace(), lines=[make.line(hours=None)]).lines.get()

    ledger.fulfil(line, quantity=Decimal(4), act=ACT)
    ledger.amend(line, quantity=Decimal(1), act=ACT)

    assert rest(line) == owed("7", "35", None)
    assert set(line.entries.values_list("hours", flat=True)) == {None}


def test_estimate_makes_hours_known() -> None:
    line = make.order(make.workspace(), lines=[make.line(hours=None)]).lines.get()
    ledger.fulfil(line, quantity=Decimal(5), act=ACT)

    ledger.estimate(line, hours=Decimal(10), act=ACT)

    assert rest(line) == owed("5", "25", "10")
    assert line.order.item.stage.code != "ready"
    ledger.reverse(line, quantity=Decimal(2), act=ACT)
    assert rest(line) == owed("7", "35", "14")


def test_estimate_of_nothing_left_is_refused(line: Line) -> None:
    ledger.fulfil(line, quantity=Decimal(10), act=ACT)

    assert _refusal(lambda: ledger.estimate(line, hours=Decimal(1), act=ACT)) == (
        "backlog.nothing_left"
    )


@pytest.mark.parametrize("total", ["10.00", "0.01", "99.99", "1000000.01"])
def test_value_is_conserved_when_delivered_in_thirds(total: str) -> None:
    new = orders.NewLine(title="Wheel", quantity=Decimal(3), unit_price=Decimal(total) / 3)
    line = make.order(make.workspace(), lines=[new]).lines.get()
    value = line.remaining_value

    parts = [ledger.fulfil(line, quantity=Decimal(1), act=ACT).value for _third in range(3)]

    assert -sum(parts) == value
    assert rest(line) == owed("0", "0", None)


def test_value_of_uneven_parts_is_conserved_to_the_cent() -> None:
    new = orders.NewLine(
        title="Year", quantity=Decimal(1), unit_price=Decimal("100.01"), hours=Decimal(7)
    )
    line = make.order(make.workspace(), lines=[new]).lines.get()

    for part in ("0.3333", "0.3333", "0.3334"):
        ledger.fulfil(line, quantity=Decimal(part), act=ACT)

    assert rest(line) == owed("0", "0", "0")
    ledger.return_goods(line, quantity=Decimal(1), act=ACT)
    assert rest(line) == owed("1", "100.01", "7")


@pytest.mark.parametrize("verb", [ledger.fulfil, ledger.cancel, ledger.reverse, ledger.reinstate])
@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("0", "backlog.quantity"),
        ("-1", "backlog.quantity"),
        ("0.00001", "backlog.quantity"),
        ("1e15", "backlog.quantity"),
        ("NaN", "backlog.quantity"),
        ("10.0001", "backlog.too_much"),
    ],
)
def test_impossible_quantity_is_refused_and_leaves_the_ledger(
    line: Line, verb: orders.LineVerb, quantity: str, code: str
) -> None:
    assert _refusal(lambda: verb(line, quantity=Decimal(quantity), act=ACT)) == code

    assert line.entries.count() == 1
    assert rest(line) == owed("10", "50", "20")


def test_refusal_says_how_much_there_is(line: Line) -> None:
    with pytest.raises(RuleBroken, match=r"Only 10 can be booked here, not 11.5. Enter at most 10"):
        ledger.fulfil(line, quantity=Decimal("11.5"), act=ACT)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda line: ledger.amend(line, quantity=Decimal(0), act=ACT), "backlog.quantity"),
        (lambda line: ledger.amend(line, quantity=Decimal(-11), act=ACT), "backlog.too_much"),
        (
            lambda line: ledger.revalue(line, unit_price=Decimal(-1), act=ACT),
            "backlog.price_negative",
        ),
        (
            lambda line: ledger.revalue(line, unit_price=Decimal("9e14"), act=ACT),
            "backlog.too_large",
        ),
        (lambda line: ledger.estimate(line, hours=Decimal(-1), act=ACT), "backlog.hours_negative"),
        (
            lambda line: ledger.fulfil(
                line, quantity=Decimal(1), act=Act(by=None, at=MAY - timedelta(days=9999))
            ),
            "backlog.before_acceptance",
        ),
    ],
)
def test_broken_rule_leaves_the_ledger(line: Line, act: object, code: str) -> None:
    assert _refusal(lambda: act(line)) == code  # type: ignore[operator]  # -- one of the verbs above

    assert line.entries.count() == 1
    assert rest(line) == owed("10", "50", "20")


def test_late_entry_is_refused_where_the_past_has_no_room_for_it() -> None:
    line = make.order(make.workspace(), at=MAY).lines.get()
    ledger.fulfil(line, quantity=Decimal(10), act=_on(5))
    ledger.return_goods(line, quantity=Decimal(6), act=_on(9))

    cancel_early = _refusal(lambda: ledger.cancel(line, quantity=Decimal(1), act=_on(3)))
    reverse_early = _refusal(lambda: ledger.reverse(line, quantity=Decimal(1), act=_on(3)))

    assert (cancel_early, reverse_early) == ("backlog.out_of_order", "backlog.out_of_order")
    ledger.cancel(line, quantity=Decimal(1), act=_on(9))
    assert rest(line) == owed("5", "25", "10")


def test_source_key_books_once(line: Line) -> None:
    act = Act(by=None, source_key="shipment-1")
    first = ledger.fulfil(line, quantity=Decimal(4), act=act)

    again = ledger.fulfil(line, quantity=Decimal(4), act=act)

    assert again == first
    assert rest(line) == owed("6", "30", "12")


def test_source_key_of_another_entry_is_a_conflict(line: Line) -> None:
    act = Act(by=None, source_key="shipment-1")
    ledger.fulfil(line, quantity=Decimal(4), act=act)

    with pytest.raises(Conflict) as refusal:
        ledger.cancel(line, quantity=Decimal(4), act=act)

    assert refusal.value.code == "backlog.source_key"


@pytest.mark.parametrize("column", ["quantity", "value", "hours"])
def test_database_refuses_a_negative_rest(line: Line, column: str) -> None:
    with (
        pytest.raises(IntegrityError, match=f"backlog_line_{column}_not_negative"),
        transaction.atomic(),
    ):
        Line.objects.filter(pk=line.pk).update(**{f"remaining_{column}": Decimal("-0.0001")})


@pytest.mark.parametrize(
    ("kind", "quantity"),
    [("fulfilled", 1), ("cancelled", 1), ("accepted", -1), ("returned", -1), ("revalued", 1)],
)
def test_database_refuses_an_entry_against_the_sign_of_its_kind(
    line: Line, kind: str, quantity: int
) -> None:
    with pytest.raises(IntegrityError, match="backlog_entry_sign_of_kind"), transaction.atomic():
        Entry.objects.create(
            workspace_id=line.workspace_id,
            order_id=line.order_id,
            line=line,
            kind=kind,
            quantity=quantity,
            value=0,
            occurred_at=MAY,
            known_at=MAY,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_deliver_the_same_rest_one_succeeds() -> None:
    workspace = make.workspace()
    line = make.order_line(workspace)

    results = together(
        4,
        lambda _number: ledger.fulfil(line, quantity=Decimal(10), act=ACT),
        workspace_id=workspace.pk,
    )

    assert [isinstance(result, Entry) for result in results].count(True) == 1
    assert {result.code for result in results if isinstance(result, PenstockError)} == {
        "backlog.too_much"
    }
    assert rest(line) == owed("0", "0", "0")
    assert line.entries.filter(kind="fulfilled").count() == 1
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_of_many_with_one_source_key_one_books() -> None:
    workspace = make.workspace()
    line = make.order_line(workspace)
    act = Act(by=None, source_key="shipment-1")

    results = together(
        4,
        lambda _number: ledger.fulfil(line, quantity=Decimal(2), act=act),
        workspace_id=workspace.pk,
    )

    assert len({entry.pk for entry in results if isinstance(entry, Entry)}) == 1
    assert rest(line) == owed("8", "40", "16")
    walls.leave()


def _on(day: int) -> Act:
    return Act(by=None, at=MAY.replace(day=day))


def _refusal(act: object) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        act()  # type: ignore[operator]  # -- a call that is put off
    return refusal.value.code
