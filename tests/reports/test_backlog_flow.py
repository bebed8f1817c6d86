"""The flow of the backlog: its diagram, times and weeks, as they were, as they were known, and slice by slice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from penstock.backlog import dependencies, holds, ledger, orders, work
from penstock.backlog.models import Order, WorkItem
from penstock.flow import dating
from penstock.flow.models import Kind
from penstock.reports import backlog, backlog_flow, work_times
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member, Workspace
from tests import make
from tests.reports.days import day, noon, window

pytestmark = pytest.mark.django_db

ALL = OrderFilter()


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


def deliver(order: Order, *, at: int, quantity: str = "10", known: int | None = None) -> None:
    act = ledger.Act(by=None, at=noon(at), known=noon(known) if known else None)
    ledger.fulfil(order.lines.get(), quantity=Decimal(quantity), act=act)


def cancel(order: Order, *, at: int) -> None:
    act = ledger.Act(by=None, at=noon(at), reason="customer")
    line = order.lines.get()
    ledger.cancel(line, quantity=line.remaining_quantity, act=act)


def asked(owner: Member, first: int, last: int, **more: object) -> backlog_flow.BacklogFlow:
    span = window(first, last, workspace=owner.workspace)
    return backlog_flow.in_window(owner, span, **more)  # type: ignore[arg-type]  # -- as told


def counts(owner: Member, first: int, last: int, **more: object) -> list[int]:
    return asked(owner, first, last, **more).flow.inside.tolist()


def test_orders_come_stay_and_leave(owner: Member) -> None:
    first, second, _third = (make.order(owner.workspace, at=noon(at)) for at in (1, 3, 5))
    deliver(first, at=4)
    cancel(second, at=6)

    found = asked(owner, 2, 7)

    assert found.flow.inside.tolist() == [1, 2, 1, 2, 1, 1]
    assert found.flow.delivered.tolist() == [0, 0, 1, 1, 1, 1]
    assert (found.n_in, found.n_out, found.n_cancelled, found.n_opening) == (2, 1, 1, 1)
    assert found.cancelled_of_accepted.share == 0.5
    assert found.cancelled_of_owed.share == 1


def test_stages_are_those_in_which_orders_stood(owner: Member) -> None:
    order = make.order(owner.workspace, at=noon(1), lines=[make.line(hours=None)])
    ledger.estimate(order.lines.get(), hours=Decimal(8), act=ledger.Act(by=None, at=noon(3)))
    stage = make.stage(owner.workspace, "in_work", Kind.WORK)
    work.move(order.lines.get().work_items.get(), to=stage, by=None, at=noon(5))

    found = asked(owner, 2, 6)

    assert [band.counts.tolist() for band in found.flow.bands] == [
        [1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 1, 1],
    ]


def test_lead_time_counts_what_is_still_owed_as_running(owner: Member) -> None:
    for at, done in ((1, 3), (1, 5), (1, 7)):
        deliver(make.order(owner.workspace, at=noon(at)), at=done)
    make.order(owner.workspace, at=noon(2))
    cancel(make.order(owner.workspace, at=noon(2)), at=3)

    found = asked(owner, 1, 8).lead

    assert (found.accepted.n, found.accepted.n_ended) == (5, 3)
    assert found.accepted.median.days == 4
    assert (found.delivered.n, found.delivered.median_days) == (3, 4)


def test_part_that_is_delivered_before_the_rest_is_cancelled_makes_a_delivery(
    owner: Member,
) -> None:
    order = make.order(owner.workspace, at=noon(1))
    deliver(order, at=2, quantity="4")
    cancel(order, at=4)

    found = asked(owner, 1, 5)

    assert (found.n_out, found.n_cancelled) == (1, 0)


def test_order_that_comes_back_stays_again(owner: Member) -> None:
    order = make.order(owner.workspace, at=noon(1))
    deliver(order, at=3)
    ledger.return_goods(order.lines.get(), quantity=Decimal(2), act=ledger.Act(by=None, at=noon(5)))

    found = asked(owner, 1, 6)

    assert found.flow.inside.tolist() == [1, 1, 0, 0, 1, 1]
    assert (found.n_in, found.n_out) == (2, 1)


def test_delivery_that_was_learned_later_is_not_known_before(owner: Member) -> None:
    with dating.lived(noon(1)):
        order = make.order(owner.workspace)
    deliver(order, at=2, known=6)

    assert counts(owner, 1, 4) == [1, 0, 0, 0]
    assert counts(owner, 1, 4, known=day(5)) == [1, 1, 1, 1]


def test_held_orders_are_owed_but_not_workable(owner: Member) -> None:
    order = make.order(owner.workspace, at=noon(1))
    holds.hold(order, holds.Why("approval", "customer"), by=None, at=noon(3))
    holds.release(order, by=None, at=noon(5))

    flow = asked(owner, 1, 6).flow

    assert flow.inside.tolist() == [1] * 6
    assert flow.workable.tolist() == [1, 1, 0, 0, 1, 1]


def test_weeks_in_which_work_ran_out_say_nothing_of_what_can_be_done(owner: Member) -> None:
    # Days 2 to 8, 9 to 15 and 16 to 22 are whole weeks from Monday to Sunday.
    stays = make.order(owner.workspace, at=noon(9))
    for at, done in ((2, 4), (9, 11), (9, 12)):
        deliver(make.order(owner.workspace, at=noon(at)), at=done)
    deliver(stays, at=18)

    found = asked(owner, 1, 22)

    assert [(week.n_out, week.ran_out, week.is_whole) for week in found.weeks] == [
        (0, True, False),
        (1, True, True),
        (2, False, True),
        (1, True, True),
    ]
    assert (found.n_whole_weeks, found.n_weeks_run_out) == (3, 2)
    assert (found.orders_per_week.n, found.orders_per_week.median) == (1, 2)
    assert (found.hours_per_week.n, found.hours_per_week.median) == (1, 40)


def test_time_inside_is_the_same_counted_by_days_or_by_orders(owner: Member) -> None:
    deliver(make.order(owner.workspace, at=noon(1)), at=4)
    make.order(owner.workspace, at=noon(3))

    little = asked(owner, 2, 6).little

    # 2.5 days of the first from the begin of day 2 on, and 3.5 days of the second.
    assert little.stays == pytest.approx(6)
    assert little.area == pytest.approx(little.stays)


steps = some.lists(
    some.tuples(
        some.sampled_from(["place", "part", "rest", "cancel", "back"]), some.integers(0, 3)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_diagram_agrees_with_the_backlog_of_each_day(
    owner: Member, told: list[tuple[str, int]]
) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    placed: list[Order] = []
    for number, (act, which) in enumerate(told, start=2):
        if act == "place" or not placed:
            placed.append(make.order(workspace, at=noon(number)))
            continue
        _do(placed[which % len(placed)], act, at=number)

    last = len(told) + 3
    flow = asked(me, 2, last).flow

    daily = backlog.daily(me, window(2, last, workspace=workspace))
    assert flow.inside.tolist() == [one.n_orders for one in daily.days]
    assert sum(band.counts for band in flow.bands).tolist() == flow.inside.tolist()  # type: ignore[attr-defined,union-attr]  # -- arrays


def _do(order: Order, act: str, *, at: int) -> None:
    line = order.lines.get()
    said = ledger.Act(by=None, at=noon(at))
    left = line.remaining_quantity
    if act == "back":
        gone = line.ordered_quantity - left
        if gone and ledger.standing.has_delivered(order.item):
            ledger.return_goods(line, quantity=Decimal(1), act=said)
    elif left:
        if act == "cancel":
            ledger.cancel(line, quantity=left, act=said)
        else:
            ledger.fulfil(line, quantity=left if act == "rest" else min(left, Decimal(3)), act=said)


def test_slices_hold_only_their_lines(owner: Member) -> None:
    workspace = owner.workspace
    wheel, shaft = make.product(workspace), make.product(workspace, "Shaft")
    both = orders.place(
        workspace,
        title="Both",
        by=None,
        at=noon(1),
        lines=[_line(wheel), _line(shaft)],
    )
    team = make.team(workspace)
    first, second = both.lines.order_by("position")
    dependencies.give(WorkItem.objects.get(line=first), team=team, by=None)
    ledger.fulfil(first, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(3)))

    assert counts(owner, 1, 4) == [1, 1, 1, 1]
    assert counts(owner, 1, 4, only=OrderFilter(product=wheel)) == [1, 1, 0, 0]
    assert counts(owner, 1, 4, only=OrderFilter(product=shaft)) == [1, 1, 1, 1]
    assert counts(owner, 1, 4, only=OrderFilter(team=team)) == [1, 1, 0, 0]
    assert counts(owner, 1, 4, only=OrderFilter(pipeline=both.item.pipeline)) == [1, 1, 1, 1]
    assert counts(owner, 1, 4, only=OrderFilter(pipeline=make.pipeline(workspace))) == [0] * 4
    for only in (OrderFilter(product=wheel), OrderFilter(team=team)):
        assert backlog.on_day(owner, on=day(2), only=only).owed.n_lines == 1
        assert backlog.on_day(owner, only=only).owed.n_lines == 0
    assert second.remaining_quantity == 10


def _line(product: object) -> orders.NewLine:
    return orders.NewLine(
        title="Part",
        quantity=Decimal(10),
        unit_price=Decimal(5),
        hours=Decimal(20),
        product=product,  # type: ignore[arg-type]  # -- a product
    )


def test_orders_behind_the_figures(owner: Member) -> None:
    done, gone, stays = (make.order(owner.workspace, at=noon(at)) for at in (1, 3, 5))
    deliver(done, at=4)
    cancel(gone, at=6)
    span = window(2, 7, workspace=owner.workspace)

    found = {
        part: [pk for pk, _days in backlog_flow.orders(owner, span, part=part)]
        for part in backlog_flow.PARTS
    }

    assert found == {
        "came": [gone.pk, stays.pk],
        "delivered": [done.pk],
        "cancelled": [gone.pk],
        "opening": [done.pk],
        "inside": [stays.pk],
        "running": [stays.pk],
    }
    ready = make.stage(owner.workspace, "ready", Kind.ORDER)
    assert backlog_flow.orders(owner, span, part="inside", stage_id=ready.pk) == [(stays.pk, 2.5)]
    accepted = make.stage(owner.workspace, "accepted", Kind.ORDER)
    assert backlog_flow.orders(owner, span, part="inside", stage_id=accepted.pk) == []


def begin(workspace: Workspace, order: Order, *, at: int) -> WorkItem:
    item = WorkItem.objects.get(line__order=order)
    work.move(item, to=make.stage(workspace, "in_work", Kind.WORK), by=None, at=noon(at))
    return item


def test_cycle_time_runs_from_the_begin_of_the_work(owner: Member) -> None:
    workspace = owner.workspace
    crew = make.team(workspace)
    done, runs, straight = (make.order(workspace, at=noon(1)) for _number in range(3))
    dependencies.give(begin(workspace, done, at=3), team=crew, by=None)
    begin(workspace, runs, at=4)
    deliver(done, at=7)
    deliver(straight, at=5)
    make.order(workspace, at=noon(6))
    span = window(2, 9, workspace=workspace)

    found = work_times.in_window(owner, span, only=ALL)

    assert (found.whole.cycle.n, found.whole.cycle.n_ended) == (2, 1)
    assert found.whole.cycle.median.days == 4
    assert (found.whole.n_finished, found.n_unbegun) == (2, 1)
    assert (found.whole.n_running, found.whole.n_waiting, found.whole.hours) == (1, 1, 40)
    assert [(one.name, one.n_finished) for one in found.groups] == [(crew.name, 1), ("", 1)]


def test_work_behind_the_figures_and_as_it_was_known(owner: Member) -> None:
    workspace = owner.workspace
    with dating.lived(noon(1)):
        done = make.order(workspace)
    with dating.lived(noon(3)):
        item = begin(workspace, done, at=3)
    deliver(done, at=5, known=8)
    span = window(2, 6, workspace=workspace)

    assert work_times.items(owner, span, only=ALL, part="finished") == [(item.pk, 2.0)]
    assert work_times.items(owner, span, only=ALL, part="running") == []
    then = work_times.items(owner, span, only=ALL, part="running", known=day(6))
    assert then == [(item.pk, 3.5)]
    assert work_times.items(owner, span, only=ALL, part="waiting") == []


def test_withdrawn_orders_are_in_no_figure(owner: Member) -> None:
    order = make.order(owner.workspace, at=noon(1))
    order.item.withdrawn_at = noon(3) + timedelta(days=1)
    order.item.save(update_fields=["withdrawn_at"])

    assert counts(owner, 1, 3) == [0, 0, 0]


def test_other_workspaces_are_not_seen(owner: Member) -> None:
    make.order(make.workspace(), at=noon(1))

    found = asked(owner, 1, 3)

    assert (found.flow.inside.tolist(), found.n_in) == ([0, 0, 0], 0)
    assert found.lead.accepted.median.days is None
