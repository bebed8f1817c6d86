"""Hours that can be worked: calendars, holidays, growing into it, absence, disruptions, knowledge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.backlog import capacities
from penstock.base.calendar import Window
from penstock.catalog import calendars
from penstock.catalog.models import CalendarWeek
from penstock.flow import dating
from penstock.flow.models import Kind
from penstock.reports import capacity
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def asked(workspace: Workspace, *, weeks: int = 1, **only: object) -> capacity.TeamHours:
    window = Window(MONDAY, MONDAY + timedelta(days=7 * weeks - 1), workspace.zone)
    found = capacity.by_team(make.owner_of(workspace), window, **only)  # type: ignore[arg-type]  # -- as told
    (team,) = found.teams
    return team


def test_week_has_the_hours_of_its_working_days_less_holidays() -> None:
    workspace = make.workspace()
    make.place(workspace)

    assert asked(workspace).total.available == 40

    calendar = calendars.ensure_default(workspace, by=None)
    calendars.add_days(calendar, [(MONDAY, "Holiday")], by=None)

    assert asked(workspace).total.available == 32


def test_absence_takes_the_share_of_its_days() -> None:
    workspace = make.workspace()
    place = make.place(workspace)
    capacities.add_absence(place, MONDAY, MONDAY, lost_share=Decimal("0.5"), by=None)
    capacities.add_absence(place, MONDAY + timedelta(days=1), MONDAY + timedelta(days=6), by=None)

    total = asked(workspace).total

    assert (total.planned, total.absent, total.available) == (40, 36, 4)


def test_newcomer_grows_into_the_work_in_a_straight_line() -> None:
    workspace = make.workspace()
    make.place(workspace, from_on=MONDAY, ramp_weeks=2, ramp_share=Decimal("0.3"))

    weeks = asked(workspace, weeks=3).weeks

    # 0.3, 0.35, 0.4, 0.45, 0.5 of eight hours; then 0.65 … 0.85; then all of them.
    assert [round(week.hours.available, 6) for week in weeks] == [16, 30, 40]


def test_place_works_from_its_first_day_to_its_last() -> None:
    workspace = make.workspace()
    make.place(workspace, from_on=MONDAY + timedelta(days=1), until_on=MONDAY + timedelta(days=2))

    assert asked(workspace).total.available == 16


def test_disruption_takes_its_share_of_the_working_hours_between() -> None:
    """Three of the nine hours that the calendar has on Monday, half of them: a sixth of eight hours."""
    workspace = make.workspace()
    team = make.team(workspace)
    make.place(workspace, at=team)
    start = datetime(2026, 3, 2, 15, tzinfo=workspace.zone)
    make.disruption(workspace, at=team, started_at=start, ended_at=start + timedelta(hours=9))

    total = asked(workspace).total

    assert total.lost == {"production": pytest.approx(8 / 6)}
    assert total.available == pytest.approx(40 - 8 / 6)


def test_disruption_that_lasts_counts_up_to_now_and_never_ahead() -> None:
    workspace = make.workspace()
    team = make.team(workspace)
    make.place(workspace, at=team)
    start = datetime(2026, 3, 2, tzinfo=workspace.zone)
    with dating.lived(start + timedelta(days=1)):
        make.disruption(workspace, at=team, started_at=start, ended_at=None, lost_share=Decimal(1))

        assert asked(workspace).total.available == 32


def test_disruption_of_one_stage_takes_nothing_from_places_for_another() -> None:
    workspace = make.workspace()
    team, stage = make.team(workspace), make.stage(workspace, "in_work", Kind.WORK)
    other = make.stage(workspace, "to_do", Kind.WORK)
    make.place(workspace, at=team, stage=other)
    make.disruption(workspace, at=team, stage=stage, lost_share=Decimal(1))

    assert asked(workspace).total.available == 40
    assert asked(workspace, stage_id=stage.pk).problem == "no_places"


def test_what_was_withdrawn_still_counts_as_it_was_known() -> None:
    workspace = make.workspace()
    with dating.lived(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        place = make.place(workspace)
    with dating.lived(datetime(2026, 3, 10, 12, tzinfo=UTC)):
        capacities.withdraw(place, by=None)

    def hours(known: date | None) -> float:
        return asked(workspace, known=known).total.available

    assert [hours(date(2026, 2, 20)), hours(date(2026, 3, 5)), hours(None)] == [0, 40, 0]


def test_team_without_hours_says_why() -> None:
    workspace = make.workspace()
    team = make.team(workspace)
    assert asked(workspace).problem == "no_places"

    place = make.place(workspace, at=team)
    capacities.add_absence(place, MONDAY, MONDAY + timedelta(days=6), by=None)
    assert asked(workspace).problem == "no_hours"

    calendar = calendars.ensure_default(workspace, by=None)
    CalendarWeek.objects.create(
        workspace=workspace, calendar=calendar, valid_from=date(2026, 1, 1), hours=[[]] * 7
    )
    assert asked(workspace).problem == "no_working_days"
