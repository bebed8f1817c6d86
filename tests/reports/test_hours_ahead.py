"""Weeks of capacity in the backlog: by team, for the whole, and on a past day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.backlog import capacities, dependencies, ledger
from penstock.backlog.models import WorkItem
from penstock.flow import dating
from penstock.reports import hours_ahead
from penstock.reports.moment import moment
from penstock.users.models import Member, Team
from tests import make
from tests.reports.days import day, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


def give(owner: Member, team: Team, *, hours: str | None, at: int = 1) -> WorkItem:
    with dating.lived(noon(at)):
        order = make.order(owner.workspace, lines=[make.line(hours=hours)])
    return dependencies.give(WorkItem.objects.get(line__order=order), team=team, by=None)


def on(owner: Member, number: int) -> hours_ahead.HoursAhead:
    return hours_ahead.on_day(owner, moment=moment(owner.workspace, on=day(number)))


def test_hours_are_worked_off_by_the_end_of_a_week_per_team(owner: Member) -> None:
    # Day 8 is a Sunday: the weeks from then on are whole, of forty hours each.
    press, paint = make.team(owner.workspace, "Press"), make.team(owner.workspace, "Paint")
    for team in (press, paint):
        make.place(owner.workspace, at=team, from_on=date(2026, 1, 1))
    give(owner, press, hours="81")
    give(owner, paint, hours="40")

    found = on(owner, 8)

    assert {one.name: one.weeks for one in found.teams} == {"Press": 3, "Paint": 1}
    assert (found.whole.hours, found.whole.weeks, found.whole.per_week) == (121, 2, 80)
    assert found.longest is not None
    assert found.longest.name == "Press"


def test_past_day_counts_what_was_left_then(owner: Member) -> None:
    press = make.team(owner.workspace, "Press")
    make.place(owner.workspace, at=press)
    item = give(owner, press, hours="80")
    assert item.line is not None
    ledger.fulfil(item.line, quantity=Decimal(5), act=ledger.Act(by=None, at=noon(5)))

    assert [on(owner, number).whole.hours for number in (4, 6)] == [80, 40]


def test_unknown_hours_no_team_and_no_capacity_are_told_apart(owner: Member) -> None:
    press = make.team(owner.workspace, "Press")
    give(owner, press, hours=None)
    make.order(owner.workspace, at=noon(1))

    found = on(owner, 2)

    (team,) = found.teams
    assert (team.hours, team.n_lines_unknown, team.has_capacity) == (0, 1, False)
    assert (found.hours_of_no_team, found.whole.hours, found.whole.weeks) == (20, 20, None)
    assert found.longest is None


def test_capacity_that_was_not_known_yet_does_not_count(owner: Member) -> None:
    press = make.team(owner.workspace, "Press")
    give(owner, press, hours="20")
    capacities.add_place(
        press,
        capacities.NewPlace(hours_per_day=Decimal(8), from_on=date(2026, 1, 1)),
        by=owner,
    )
    when = moment(owner.workspace, on=day(8), known=day(8))

    found = hours_ahead.on_day(owner, moment=when)

    assert (found.whole.weeks, found.whole.has_capacity) == (None, False)
