"""Where an order stands follows from its ledger and its work."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from pytest_django import DjangoAssertNumQueries

from penstock.backlog import ledger, orders, work
from penstock.backlog.dates import Why
from penstock.backlog.ledger import Act
from penstock.backlog.models import Order, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import pipelines
from penstock.flow.models import FieldChange, Item, Kind, Stage
from tests import make

pytestmark = pytest.mark.django_db

ACT = Act(by=None)
MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def standing(order: Order) -> tuple[str, str]:
    item = Item.objects.select_related("stage").get(pk=order.pk)
    return item.stage.code, item.outcome


def places(order: Order) -> list[str]:
    return [row.stage.code for row in order.item.transitions.order_by("occurred_at", "pk")]


def test_order_without_hours_waits_to_be_estimated() -> None:
    order = make.order(make.workspace(), lines=[make.line(hours=None)])

    assert standing(order) == ("accepted", "")


def test_estimate_of_the_last_unknown_line_makes_the_order_ready() -> None:
    order = make.order(make.workspace(), lines=[make.line(hours=None), make.line(hours=None)])
    first, second = order.lines.all()

    ledger.estimate(first, hours=Decimal(3), act=ACT)
    assert standing(order) == ("accepted", "")
    ledger.estimate(second, hours=Decimal(0), act=ACT)

    assert standing(order) == ("ready", "")


def test_placing_writes_no_stages_between() -> None:
    order = make.order(make.workspace(), lines=[make.line(), make.line(hours=None), make.line()])

    assert places(order) == ["accepted"]


def test_part_delivered_is_in_work_and_the_rest_makes_it_done() -> None:
    order = make.order(make.workspace())
    line = order.lines.get()

    ledger.fulfil(line, quantity=Decimal(1), act=ACT)
    assert standing(order) == ("in_work", "")
    ledger.fulfil(line, quantity=Decimal(9), act=ACT)

    assert standing(order) == ("done", "fulfilled")
    assert places(order) == ["accepted", "ready", "in_work", "done"]
    order = Order.objects.get()
    assert order.fulfilled_at == order.item.decided_at


def test_order_of_which_all_is_cancelled_is_cancelled() -> None:
    order = make.order(make.workspace())

    orders.cancel_rest(order, reason="customer", by=None)

    assert standing(order) == ("done", "cancelled")
    assert Order.objects.get().fulfilled_at is None
    assert WorkItem.objects.get().item.outcome == "dropped"


def test_order_partly_delivered_and_else_cancelled_is_fulfilled() -> None:
    order = make.order(make.workspace())
    ledger.fulfil(order.lines.get(), quantity=Decimal(1), act=ACT)

    orders.cancel_rest(order, reason="customer", by=None)

    assert standing(order) == ("done", "fulfilled")


def test_return_after_the_end_reopens_order_and_work() -> None:
    order = make.order(make.workspace())
    orders.fulfil_all(order, by=None)

    ledger.return_goods(order.lines.get(), quantity=Decimal(2), act=ACT)

    assert standing(order) == ("in_work", "")
    assert Order.objects.get().fulfilled_at is None
    job = WorkItem.objects.select_related("item__stage").get().item
    assert (job.stage.code, job.outcome) == ("to_do", "")


def test_reversal_of_all_makes_it_ready_again() -> None:
    order = make.order(make.workspace())
    orders.fulfil_all(order, by=None)

    ledger.reverse(order.lines.get(), quantity=Decimal(10), act=ACT)

    assert standing(order) == ("ready", "")


def test_work_that_begins_puts_its_order_in_work_and_back() -> None:
    workspace = make.workspace()
    order = make.order(workspace)
    job = order.lines.get().work_items.get()

    work.move(job, to=make.stage(workspace, "in_work", Kind.WORK), by=None)
    assert standing(order) == ("in_work", "")
    work.move(job, to=make.stage(workspace, "to_do", Kind.WORK), by=None)

    assert standing(order) == ("ready", "")


def test_all_at_once_writes_one_end() -> None:
    order = make.order(make.workspace(), lines=[make.line(), make.line(), make.line()])

    orders.fulfil_all(order, by=None)
    again = orders.fulfil_all(order, by=None)

    assert again == []
    assert places(order) == ["accepted", "ready", "done"]
    assert order.item.outcomes.count() == 1


def test_late_last_part_ends_the_order_when_its_last_part_left() -> None:
    workspace = make.workspace()
    order = make.order(workspace, lines=[make.line(), make.line()], at=MAY)
    first, second = order.lines.all()
    ledger.fulfil(first, quantity=Decimal(10), act=Act(by=None, at=MAY.replace(day=9)))

    ledger.fulfil(second, quantity=Decimal(10), act=Act(by=None, at=MAY.replace(day=4)))

    assert standing(order) == ("done", "fulfilled")
    assert Order.objects.get().fulfilled_at == MAY.replace(day=9)


def test_order_stands_in_stages_that_people_shaped_anew() -> None:
    workspace = make.workspace()
    ready = make.stage(workspace, "ready", Kind.ORDER)
    pipelines.retire_stage(ready)

    order = make.order(workspace)

    assert standing(order) == ("accepted", "")
    Stage.objects.filter(pipeline=ready.pipeline).exclude(code="ready").update(
        kind="work", code=Concat("code", Value("_2"))
    )
    with pytest.raises(RuleBroken) as refusal:
        orders.fulfil_all(order, by=None)
    assert refusal.value.code == "backlog.no_stage"


def test_partial_delivery_costs_the_same_with_one_and_with_three_lines(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    workspace = make.workspace()
    for n_lines in (1, 3):
        order = make.order(workspace, lines=[make.line()] * n_lines)
        line = order.lines.first()
        ledger.fulfil(line, quantity=Decimal(1), act=ACT)

        with django_assert_num_queries(12):
            ledger.fulfil(line, quantity=Decimal(1), act=ACT)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (orders.NewLine(title=" "), "backlog.title_missing"),
        (orders.NewLine(title="x", unit_price=Decimal(-1)), "backlog.price_negative"),
        (orders.NewLine(title="x", discount_share=Decimal("1.01")), "backlog.share"),
        (orders.NewLine(title="x", tax_share=Decimal("-0.1")), "backlog.share"),
        (orders.NewLine(title="x", hours=Decimal(-1)), "backlog.hours_negative"),
        (orders.NewLine(title="x", quantity=Decimal(0)), "backlog.quantity"),
    ],
)
def test_impossible_line_is_refused(line: orders.NewLine, code: str) -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        make.order(workspace, lines=[line])

    assert refusal.value.code == code
    assert not Item.objects.exists()


def test_order_without_lines_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        orders.place(make.workspace(), title="Nothing", lines=[], by=None)

    assert refusal.value.code == "backlog.no_lines"


def test_line_added_later_is_owed_and_gets_its_work() -> None:
    order = make.order(make.workspace())
    orders.fulfil_all(order, by=None)

    line = orders.add_line(order, line=make.line("2", hours=None), by=None)

    assert (line.position, line.remaining_value) == (2, Decimal(10))
    assert standing(order) == ("in_work", "")
    assert line.work_items.get().item.is_open


WHY = Why("capacity")


def test_each_change_of_a_promise_is_kept() -> None:
    order = make.order(make.workspace(), promised_on=MAY.date())

    for _twice in range(2):
        orders.change_dates(order, by=None, promised_on=MAY.date().replace(day=9), why=WHY)

    told = FieldChange.objects.filter(item=order.item, field="promised_on").order_by("pk")
    assert [row.value for row in told] == ["2026-05-01", "2026-05-09"]


def test_late_promise_does_not_win_over_a_newer_one() -> None:
    order = make.order(make.workspace(), at=MAY)
    day = MAY.date()
    orders.change_dates(order, by=None, promised_on=day.replace(day=20), at=MAY.replace(day=6))

    orders.change_dates(order, by=None, promised_on=day.replace(day=15), at=MAY.replace(day=3))

    assert Order.objects.get().promised_on == day.replace(day=20)
