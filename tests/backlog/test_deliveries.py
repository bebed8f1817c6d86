"""Deliveries are planned, made in whole or in part, and taken back; the ledger follows what was made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from penstock.backlog import deliveries, ledger
from penstock.backlog.deliveries import Paper
from penstock.backlog.models import Delivery, DeliveryPart, Entry, Line, Order
from penstock.base.errors import Conflict, RuleBroken
from tests import make

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 6, 1), date(2026, 6, 20)
MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def two_lines() -> tuple[Order, Line, Line]:
    """An order of ten wheels and four axles."""
    order = make.order(
        make.workspace(), at=MAY, lines=[make.line("10"), make.line("4", title="Axle")]
    )
    wheels, axles = order.lines.order_by("position")
    return order, wheels, axles


def left(order: Order) -> list[Decimal]:
    return list(order.lines.order_by("position").values_list("remaining_quantity", flat=True))


def planned(order: Order) -> list[tuple[date | None, list[Decimal]]]:
    rows = Delivery.objects.filter(order=order, withdrawn_at=None, delivered_at=None)
    return [
        (
            row.planned_on,
            list(row.parts.order_by("line__position").values_list("quantity", flat=True)),
        )
        for row in rows.order_by("planned_on", "pk")
    ]


def test_plan_changes_nothing_that_is_owed() -> None:
    order, wheels, axles = two_lines()

    deliveries.plan(
        order, on=FIRST, quantities=[(wheels, Decimal(6)), (axles, Decimal(4))], by=None
    )

    assert left(order) == [10, 4]
    assert planned(order) == [(FIRST, [6, 4])]


def test_more_than_is_left_and_not_planned_yet_is_refused() -> None:
    order, wheels, _axles = two_lines()
    deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)

    with pytest.raises(RuleBroken, match=r"only 4 is left and not planned yet") as refusal:
        deliveries.plan(order, on=SECOND, quantities=[(wheels, Decimal(5))], by=None)

    assert refusal.value.code == "backlog.planned_too_much"
    assert planned(order) == [(FIRST, [6])]


@pytest.mark.parametrize("quantity", ["0", "-1", "0.00001"])
def test_quantity_that_is_none_is_refused(quantity: str) -> None:
    order, wheels, _axles = two_lines()

    for verb in (
        lambda: deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(quantity))], by=None),
        lambda: deliveries.book(order, quantities=[(wheels, Decimal(quantity))], by=None),
    ):
        with pytest.raises(RuleBroken) as refusal:
            verb()
        assert refusal.value.code == "backlog.quantity"
    assert (Delivery.objects.count(), left(order)) == (0, [10, 4])


def test_what_left_is_fulfilled_and_the_rest_stays_planned() -> None:
    order, wheels, axles = two_lines()
    plan = deliveries.plan(
        order, on=FIRST, quantities=[(wheels, Decimal(6)), (axles, Decimal(4))], by=None
    )

    made = deliveries.make(plan, quantities=[(wheels, Decimal(5))], by=None, reference="DN-7")

    assert left(order) == [5, 4]
    assert planned(order) == [(FIRST, [1, 4])]
    part = made.parts.get()
    assert part.entry is not None
    assert (part.entry.kind, part.entry.quantity, made.reference) == ("fulfilled", -5, "DN-7")
    assert made.delivered_at == part.entry.occurred_at


def test_more_may_leave_than_was_planned_but_not_more_than_is_left() -> None:
    order, wheels, _axles = two_lines()
    plan = deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)

    with pytest.raises(RuleBroken) as refusal:
        deliveries.make(plan, quantities=[(wheels, Decimal(11))], by=None)
    assert (refusal.value.code, left(order)) == ("backlog.too_much", [10, 4])

    deliveries.make(plan, quantities=[(wheels, Decimal(9))], by=None)
    assert (left(order), planned(order)) == ([1, 4], [])


def test_all_of_a_delivery_is_booked_or_nothing() -> None:
    order, wheels, axles = two_lines()

    with pytest.raises(RuleBroken, match="Only 4 can be booked"):
        deliveries.book(order, quantities=[(wheels, Decimal(10)), (axles, Decimal(5))], by=None)

    assert (left(order), Delivery.objects.count()) == ([10, 4], 0)


def test_delivery_that_left_cannot_leave_again() -> None:
    order, wheels, _axles = two_lines()
    plan = deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)
    deliveries.make(plan, quantities=[(wheels, Decimal(6))], by=None)

    for verb in (
        lambda: deliveries.make(plan, quantities=[(wheels, Decimal(1))], by=None),
        lambda: deliveries.replan(plan, on=SECOND, quantities=[(wheels, Decimal(1))], by=None),
        lambda: deliveries.drop(plan, by=None),
    ):
        with pytest.raises(Conflict) as refusal:
            verb()
        assert refusal.value.code == "backlog.delivery_gone"
    assert left(order) == [4, 4]


def test_plan_is_withdrawn_and_said_anew() -> None:
    order, wheels, _axles = two_lines()
    plan = deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)

    deliveries.replan(plan, on=SECOND, quantities=[(wheels, Decimal(10))], by=None)

    assert planned(order) == [(SECOND, [10])]
    plan.refresh_from_db()
    assert (plan.planned_on, plan.withdrawn_at is None) == (FIRST, False)


def test_dropped_plan_leaves_its_quantity_to_others_and_dropping_twice_is_harmless() -> None:
    order, wheels, _axles = two_lines()
    plan = deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)

    for _twice in range(2):
        deliveries.drop(plan, by=None)

    assert (planned(order), deliveries.unplanned(order)[wheels.pk]) == ([], 10)


def test_delivery_that_did_not_happen_is_taken_back_and_planned_again() -> None:
    order, wheels, _axles = two_lines()
    plan = deliveries.plan(order, on=FIRST, quantities=[(wheels, Decimal(6))], by=None)
    made = deliveries.make(plan, quantities=[(wheels, Decimal(6))], by=None)

    for _twice in range(2):
        deliveries.take_back(made, by=None)

    assert (left(order), planned(order)) == ([10, 4], [(FIRST, [6])])
    kinds = Entry.objects.filter(line=wheels).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["accepted", "fulfilled", "reversed"]


def test_unplanned_delivery_that_is_taken_back_is_gone() -> None:
    order, wheels, _axles = two_lines()
    made = deliveries.book(order, quantities=[(wheels, Decimal(10))], by=None)

    deliveries.take_back(made, by=None)

    assert (left(order), planned(order)) == ([10, 4], [])


def test_what_was_returned_meanwhile_cannot_be_taken_back() -> None:
    order, wheels, _axles = two_lines()
    made = deliveries.book(order, quantities=[(wheels, Decimal(10))], by=None)
    ledger.return_goods(wheels, quantity=Decimal(3), act=ledger.Act(by=None))

    with pytest.raises(RuleBroken) as refusal:
        deliveries.take_back(made, by=None)

    assert (refusal.value.code, left(order)) == ("backlog.too_much", [3, 4])


def test_repeated_record_delivers_once() -> None:
    order, wheels, axles = two_lines()
    parts = [(wheels, Decimal(6)), (axles, Decimal(1))]

    one = deliveries.book(order, quantities=parts, by=None, paper=Paper(source_key="shop:1"))
    other = deliveries.book(order, quantities=parts, by=None, paper=Paper(source_key="shop:1"))

    assert (one.pk, left(order), DeliveryPart.objects.count()) == (other.pk, [4, 3], 2)


def test_repeated_plan_is_planned_once() -> None:
    order, wheels, _axles = two_lines()

    for _twice in range(2):
        deliveries.plan(
            order,
            on=FIRST,
            quantities=[(wheels, Decimal(6))],
            by=None,
            paper=Paper(source_key="shop:1"),
        )

    assert planned(order) == [(FIRST, [6])]


def test_line_of_another_order_is_refused() -> None:
    order, _wheels, _axles = two_lines()
    other = make.order(order.workspace).lines.get()

    with pytest.raises(RuleBroken) as refusal:
        deliveries.book(order, quantities=[(other, Decimal(1))], by=None)

    assert refusal.value.code == "backlog.line_elsewhere"


def test_line_named_twice_and_no_line_are_refused() -> None:
    order, wheels, _axles = two_lines()

    for parts, code in (
        ([(wheels, Decimal(1)), (wheels, Decimal(2))], "backlog.line_twice"),
        ([], "backlog.nothing_delivered"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            deliveries.book(order, quantities=parts, by=None)
        assert refusal.value.code == code


def test_order_that_leaves_all_at_once_is_neither_planned_nor_delivered_in_parts() -> None:
    order, wheels, axles = two_lines()
    deliveries.ship_together(order, is_together=True)

    for parts in ([(wheels, Decimal(10))], [(wheels, Decimal(10)), (axles, Decimal(3))]):
        with pytest.raises(RuleBroken) as refusal:
            deliveries.plan(order, on=FIRST, quantities=parts, by=None)
        assert refusal.value.code == "backlog.ships_together"
        with pytest.raises(RuleBroken):
            deliveries.book(order, quantities=parts, by=None)
    whole = [(wheels, Decimal(10)), (axles, Decimal(4))]
    plan = deliveries.plan(order, on=FIRST, quantities=whole, by=None)
    deliveries.make(plan, quantities=whole, by=None)

    assert left(order) == [0, 0]
    assert Order.objects.get().item.outcome == "fulfilled"


def test_delivery_of_an_earlier_day_is_dated_there() -> None:
    order, wheels, _axles = two_lines()
    at = MAY.replace(day=9)

    made = deliveries.book(order, quantities=[(wheels, Decimal(1))], by=None, at=at)

    assert made.delivered_at == at


def test_delivery_before_the_acceptance_is_refused() -> None:
    order, wheels, _axles = two_lines()

    with pytest.raises(RuleBroken) as refusal:
        deliveries.book(
            order, quantities=[(wheels, Decimal(1))], by=None, at=datetime(2026, 4, 1, tzinfo=UTC)
        )

    assert (refusal.value.code, Delivery.objects.count()) == ("backlog.before_acceptance", 0)
