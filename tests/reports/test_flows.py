"""Throughput, coverage and close dates through the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import coverage, slips, throughput
from penstock.reports.moment import Moment
from penstock.reports.slices import Slice
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make

START = datetime(2025, 1, 1, 9, tzinfo=UTC)


def _open(
    workspace: Workspace,
    day: int,
    amount: str,
    *,
    due: int | None = None,
    owner: Member | None = None,
) -> Deal:
    with dating.lived(START + timedelta(days=day)):
        close_on = None if due is None else (START + timedelta(days=due)).date()
        return make.deal(workspace, amount=amount, close_on=close_on, owner=owner)


def _win(deal: Deal, day: int) -> None:
    with dating.lived(START + timedelta(days=day)):
        deals.win(deal, by=None)


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace(time_zone="UTC")


def _window(workspace: Workspace, first: date, last: date) -> Window:
    return Window(first, last, workspace.zone)


def test_throughput_compares_with_as_many_days_before(workspace: Workspace) -> None:
    bob, dan = make.member(workspace, name="Bob"), make.member(workspace, name="Dan")
    for day, amount, owner in ((2, "100", bob), (3, "100", bob), (35, "300", bob), (36, "50", dan)):
        _win(_open(workspace, day - 1, amount, owner=owner), day)
    member = make.owner_of(workspace)
    window = _window(workspace, date(2025, 2, 1), date(2025, 2, 28))

    found = throughput.in_window(member, window, by="owner")

    assert (found.before.first, found.before.last) == (date(2025, 1, 4), date(2025, 1, 31))
    assert (found.then.value, found.now.value, found.change) == (100, 350, 250)
    assert found.number + found.mix + found.size == found.change
    assert [(one.name, one.n_before, one.n, one.value) for one in found.groups] == [
        ("Bob", 1, 1, 300),
        ("Dan", 0, 1, 50),
    ]
    assert sum(one.value for one in found.spans) == found.now.value
    for one in found.groups:
        keys = {"by": "owner", "key": one.key}
        assert len(throughput.deals(member, window, **keys)) == one.n
        assert len(throughput.deals(member, window, **keys, is_before=True)) == one.n_before


@pytest.mark.parametrize("by", throughput.GROUPS)
def test_throughput_is_taken_apart_by_anything(workspace: Workspace, by: str) -> None:
    _win(_open(workspace, 33, "10"), 35)
    window = _window(workspace, date(2025, 2, 1), date(2025, 2, 28))

    found = throughput.in_window(make.owner_of(workspace), window, by=by)

    assert [(one.key, one.name, one.value) for one in found.groups] == [(0, "", 10)]


def _moment(workspace: Workspace, on: date) -> Moment:
    return Moment(on=on, known=None, is_now=False, zone=workspace.zone)


@pytest.fixture
def months(workspace: Workspace) -> Workspace:
    """Five months: of two deals due at the end of each one is won, and one that was not due."""
    for number in range(6):
        first = number * 31
        due, _other = (_open(workspace, first, amount, due=first + 24) for amount in ("100", "300"))
        besides = _open(workspace, first + 1, "7")
        if number < 5:
            for deal in (due, besides):
                _win(deal, first + 22)
    return workspace


def test_coverage_learns_from_periods_seen_as_long_before_their_end(months: Workspace) -> None:
    member = make.owner_of(months)
    make.goal(months, value="250", first_on=date(2025, 6, 1), valid_from=date(2025, 6, 1))

    found = coverage.on_day(member, moment=_moment(months, date(2025, 6, 12)), period="month")

    assert (found.now.n_due, found.now.due, found.now.won_before) == (2, 400, 0)
    assert [(one.due, one.won_of_due, one.won_besides) for one in found.past] == [
        (400, 100, 7)
    ] * 4 + [(400, 100, 7)]
    assert (found.target, found.missing) == (250, 250)
    assert found.times == pytest.approx(1.6)
    assert found.coverage.yielded is not None
    assert found.coverage.yielded.middle == pytest.approx(0.25)
    assert found.coverage.needed == pytest.approx((250 - 7) / 0.25)


def test_coverage_leads_to_the_deals_that_were_due(months: Workspace) -> None:
    member, moment = make.owner_of(months), _moment(months, date(2025, 6, 12))

    now = coverage.deals(member, moment=moment, period="month", first=date(2025, 6, 1))
    then = coverage.deals(member, moment=moment, period="month", first=date(2025, 4, 1))
    won = coverage.deals(member, moment=moment, period="month", first=date(2025, 4, 1), is_won=True)

    assert (len(now), len(then), len(won)) == (2, 2, 1)
    assert coverage.deals(member, moment=moment, period="month", first=date(1999, 1, 1)) == []


def test_coverage_of_a_slice_has_the_goal_of_that_slice_only(months: Workspace) -> None:
    member, bob = make.owner_of(months), make.member(months)
    june = {"first_on": date(2025, 6, 1), "valid_from": date(2025, 6, 1)}
    make.goal(months, value="250", **june)
    make.goal(months, value="90", owner=bob, **june)
    moment = _moment(months, date(2025, 6, 12))

    targets = [
        coverage.on_day(member, moment=moment, period="month", only=only).target
        for only in (
            Slice(),
            Slice(owner=bob),
            Slice(channel="fair"),
            Slice(owner=bob, channel="x"),
        )
    ]

    assert targets == [Decimal(250), Decimal(90), None, None]


def test_close_dates_are_told_by_owner(workspace: Workspace) -> None:
    bob = make.member(workspace, name="Bob")
    pushed, kept = (_open(workspace, day, "10", due=20, owner=bob) for day in (1, 2))
    _open(workspace, 3, "10", due=200)
    with dating.lived(START + timedelta(days=10)):
        deals.change(pushed, by=None, close_on=date(2025, 2, 10))
    _win(kept, 25)
    member = make.owner_of(workspace)
    window = _window(workspace, date(2025, 1, 1), date(2025, 3, 1))

    found = slips.in_window(member, window)

    assert [(one.name, one.slips.pushed.n, one.slips.pushed.of) for one in found.owners] == [
        ("Bob", 1, 2),
        ("", 0, 1),
    ]
    one = found.owners[0].slips
    assert (one.push.days, one.late.days, one.n_overdue) == (20, 5, 1)
    assert slips.deals(member, window, owner=bob.pk, kind="pushed") == [pushed.pk]
    assert slips.deals(member, window, owner=bob.pk, kind="won") == [kept.pk]
    assert slips.deals(member, window, kind="overdue") == [pushed.pk]
    assert len(slips.deals(member, window)) == 3
    assert slips.deals(member, window, owner=0, kind="pushed") == []


def test_nothing_is_said_of_nothing(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    window = _window(workspace, date(2025, 2, 1), date(2025, 2, 28))

    assert throughput.in_window(member, window).change == 0
    assert slips.in_window(member, window).whole is None
    assert coverage.on_day(member, moment=_moment(workspace, date(2025, 2, 3))).coverage.n == 0
