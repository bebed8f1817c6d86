"""Settings: working time, its weeks and its holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from penstock.catalog import calendars
from penstock.catalog.models import Calendar, CalendarDay
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db
WEEK = {f"day_{number}": "9-13, 14-18" for number in range(5)}


def test_a_new_workspace_works_the_usual_week(workspace: Workspace) -> None:
    clock = calendars.of(workspace)

    assert clock.is_working_day(date(2026, 3, 6))
    assert not clock.is_working_day(date(2026, 3, 7))
    assert clock.hours_of(date(2026, 3, 6)) == ((540, 1080),)


def test_hours_of_the_week_are_saved_and_the_past_keeps_its_own(
    owner: Browser, workspace: Workspace
) -> None:
    answer = owner.post("settings/working-time", since="2026-06-01", **WEEK)

    clock = calendars.of(workspace)
    assert answer.status_code == 302
    assert clock.hours_of(date(2026, 6, 1)) == ((540, 780), (840, 1080))
    assert clock.hours_of(date(2026, 5, 29)) == ((540, 1080),)


def test_holidays_are_pasted_named_and_removed(owner: Browser, workspace: Workspace) -> None:
    owner.post("settings/working-time/days", days="2026-12-25 Christmas\n1.1.2027, New Year\n")
    owner.post("settings/working-time/days", days="2026-12-25 Christmas Day")
    clock = calendars.of(workspace)
    rows = list(CalendarDay.objects.order_by("day").values_list("day", "name"))
    page = owner.get("settings/working-time")
    owner.post(f"settings/working-time/days/{CalendarDay.objects.first().pk}/remove")

    assert rows == [(date(2026, 12, 25), "Christmas Day"), (date(2027, 1, 1), "New Year")]
    assert not clock.is_working_day(date(2026, 12, 25))
    assert "Christmas Day" in page.content.decode()
    assert calendars.of(workspace).is_working_day(date(2026, 12, 25))


def test_a_removed_day_comes_back(workspace: Workspace) -> None:
    row = make.calendar_day(workspace)
    calendars.remove_day(row, by=None)

    calendars.restore_day(row, by=None)

    assert not calendars.of(workspace).is_working_day(row.day)


def test_a_further_calendar_has_hours_of_its_own(owner: Browser, workspace: Workspace) -> None:
    owner.post("settings/working-time/new", name="Workshop")
    workshop = Calendar.objects.get(name="Workshop")
    owner.post(f"settings/working-time?calendar={workshop.pk}", since="2020-01-01", day_5="8-12")

    assert calendars.of(workspace, workshop).is_working_day(date(2026, 3, 7))
    assert not calendars.of(workspace).is_working_day(date(2026, 3, 7))
    assert "Workshop" in owner.get("settings/working-time").content.decode()


@pytest.mark.parametrize(
    "answers", [{}, {"day_0": "9-25"}, {"day_0": "18-9"}, {"day_0": "<script>"}, {"since": "x"}]
)
def test_wrong_hours_are_refused(owner: Browser, answers: dict[str, str]) -> None:
    answer = owner.post("settings/working-time", **{"since": "2026-06-01", **answers})

    assert answer.status_code == 422
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    "days", ["", "Christmas", "2026-13-01", "31.2.2026 x", "\n".join(["1.1.2027"] * 501)]
)
def test_lists_that_cannot_be_read_are_refused(owner: Browser, days: str) -> None:
    answer = owner.post("settings/working-time/days", htmx=True, days=days)

    assert answer.status_code == 422
    assert not CalendarDay.objects.exists()


def test_only_those_who_steer_change_it(workspace: Workspace, stranger: Browser) -> None:
    row = make.calendar_day(workspace)
    rep = sign_in(make.member(workspace, role=Role.REP))
    paths = [
        "settings/working-time",
        "settings/working-time/new",
        "settings/working-time/days",
        f"settings/working-time/days/{row.pk}/remove",
    ]

    assert {rep.post(path).status_code for path in paths} == {403}
    assert {stranger.post(path).status_code for path in paths} == {404}


@pytest.mark.parametrize("n_days", [1, 3])
def test_queries_of_the_page_do_not_grow(
    owner: Browser, workspace: Workspace, n_days: int, django_assert_max_num_queries: Any
) -> None:
    made = calendars.ensure_default(workspace, by=None)
    days = [(date(2026, 12, 1) + timedelta(days=k), "") for k in range(n_days)]
    calendars.add_days(made, days, by=None)
    owner.get("settings/working-time")

    with django_assert_max_num_queries(14):
        owner.get("settings/working-time")
