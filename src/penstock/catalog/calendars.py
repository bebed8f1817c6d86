"""When people work: the calendar of a workspace, its weeks and its holidays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.base.working_time import USUAL_WEEK, Day, Week, WorkingTime
from penstock.catalog.models import Calendar, CalendarDay, CalendarWeek
from penstock.users import audit
from penstock.users.models import Member, Workspace

DAYS_AT_ONCE = 500
DAY_AND_NAME = re.compile(r"^(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})[\s,;\t–—-]*(.*)$")


def of(workspace: Workspace, calendar: Calendar | None = None) -> WorkingTime:
    """The working time of a workspace, or of one of its calendars; two queries.

    A workspace without a calendar works the usual week.
    """
    chosen = calendar or default_of(workspace)
    if chosen is None:
        return WorkingTime(workspace.zone)
    weeks = chosen.weeks.order_by("valid_from", "id").values_list("valid_from", "hours")
    days = chosen.days.filter(removed_at=None).values_list("day", "hours")
    return WorkingTime(
        workspace.zone,
        weeks=tuple((since, _week(hours)) for since, hours in weeks) or ((date.min, USUAL_WEEK),),
        exceptions={day: _day(hours) for day, hours in days},
    )


def default_of(workspace: Workspace) -> Calendar | None:
    """The calendar that counts where none is named, if the workspace has made one."""
    return Calendar.objects.filter(workspace=workspace, is_default=True).first()


def add(workspace: Workspace, *, name: str = "", by: Member | None) -> Calendar:
    """Add a calendar with the usual week; the first one of a workspace is its default.

    Raises:
        RuleBroken: ``catalog.calendar_name`` for a further one without a name.
    """
    with transaction.atomic():
        # One after the other, so that there is one default.
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        is_first = default_of(workspace) is None
        if not is_first and not name.strip():
            raise RuleBroken("catalog.calendar_name", _("Give it a name."), needs=["name"])
        calendar = Calendar.objects.create(
            workspace=workspace, name=name.strip()[:120], is_default=is_first
        )
        _write_week(calendar, USUAL_WEEK, since=date.min, by=by)
        audit.record(workspace_id=workspace.pk, by=by, action="calendar.added", target=calendar)
        return calendar


def ensure_default(workspace: Workspace, *, by: Member | None) -> Calendar:
    """The default calendar, made at the first wish to change it. Safe to call twice."""
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        return default_of(workspace) or add(workspace, by=by)


def set_week(calendar: Calendar, week: Week, *, since: date, by: Member | None) -> CalendarWeek:
    """Say which hours are worked from a day on; the days before keep theirs.

    Raises:
        RuleBroken: ``catalog.no_working_hours`` for a week in which nobody works.
    """
    if not any(week):
        raise RuleBroken(
            "catalog.no_working_hours",
            _("Nobody would ever work. Enter hours for at least one day of the week."),
        )
    with transaction.atomic():
        row = _write_week(calendar, week, since=since, by=by)
        audit.record(
            workspace_id=calendar.workspace_id, by=by, action="calendar.week", target=calendar
        )
        return row


def add_days(
    calendar: Calendar, days: Iterable[tuple[date, str]], *, by: Member | None, hours: Day = ()
) -> int:
    """Put days with hours of their own on a calendar, holidays by default; answers how many are new.

    A day that stands there already gets the new hours and name. Safe to call twice.
    """
    told = dict(days)
    with transaction.atomic():
        Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
        held = {row.day: row for row in calendar.days.filter(removed_at=None, day__in=told)}
        for day, row in held.items():
            row.hours, row.name = _json(hours), told[day][:120] or row.name
            row.save(update_fields=["hours", "name"])
        fresh = [
            CalendarDay(
                workspace_id=calendar.workspace_id,
                calendar=calendar,
                day=day,
                hours=_json(hours),
                name=name[:120],
            )
            for day, name in told.items()
            if day not in held
        ]
        CalendarDay.objects.bulk_create(fresh)
        audit.record(
            workspace_id=calendar.workspace_id, by=by, action="calendar.days", target=calendar
        )
        return len(fresh)


def remove_day(row: CalendarDay, *, by: Member | None) -> None:
    """Take a day off the calendar: it is an ordinary day of the week again."""
    with transaction.atomic():
        CalendarDay.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now())
        audit.record(
            workspace_id=row.workspace_id, by=by, action="calendar.day_removed", target=row
        )


def restore_day(row: CalendarDay, *, by: Member | None) -> None:
    """Put a day back that was taken off.

    Raises:
        Conflict: ``catalog.day_there`` when somebody has put it there again already.
    """
    with transaction.atomic():
        Calendar.objects.select_for_update(no_key=True).get(pk=row.calendar_id)
        if row.calendar.days.filter(day=row.day, removed_at=None).exists():
            raise Conflict("catalog.day_there", _("This day is on the calendar already."))
        CalendarDay.objects.filter(pk=row.pk).update(removed_at=None)
        audit.record(workspace_id=row.workspace_id, by=by, action="calendar.days", target=row)


def read_days(text: str) -> list[tuple[date, str]]:
    """Read a pasted list: a date in each line, and what the day is called after it.

    Raises:
        RuleBroken: ``catalog.day_unreadable`` names the first line that is none;
            ``catalog.days_many`` for more than five hundred.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > DAYS_AT_ONCE:
        raise RuleBroken("catalog.days_many", _("Paste at most 500 days at once."), needs=["days"])
    return [_read_day(line) for line in lines]


def _read_day(line: str) -> tuple[date, str]:
    found = DAY_AND_NAME.match(line)
    day = _date(found.group(1)) if found else None
    if found is None or day is None:
        raise RuleBroken(
            "catalog.day_unreadable",
            _("“%(line)s” does not begin with a date such as 2026-12-25 or 25.12.2026.")
            % {"line": line[:60]},
            needs=["days"],
        )
    return day, found.group(2).strip()[:120]


def _date(text: str) -> date | None:
    if "." in text or "/" in text:
        day, month, year = re.split(r"[./]", text)
        text = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return parse_date(text)
    except ValueError:
        return None


def _write_week(calendar: Calendar, week: Week, *, since: date, by: Member | None) -> CalendarWeek:
    return CalendarWeek.objects.create(
        workspace_id=calendar.workspace_id,
        calendar=calendar,
        valid_from=since,
        hours=[_json(day) for day in week],
        by=by,
    )


def _json(day: Day) -> list[list[int]]:
    return [list(span) for span in day]


def _day(hours: list[list[int]]) -> Day:
    return tuple((begins, ends) for begins, ends in hours)


def _week(hours: list[list[list[int]]]) -> Week:
    return tuple(_day(day) for day in hours)  # type: ignore[return-value]  # -- written with seven
