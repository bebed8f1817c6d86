"""The page of working time: one calendar, its week and its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.base.working_time import WorkingTime, format_day
from penstock.catalog import access
from penstock.catalog.models import Calendar
from penstock.flow.dating import today
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day with hours of its own."""

    id: int
    day: date
    name: str
    hours: str
    is_past: bool


def tabs(member: Member, shown: Calendar | None) -> list[dict[str, Any]]:
    """The calendars to choose from; none while there is only one."""
    found = list(access.calendars_for(member))
    if len(found) < 2:
        return []
    return [
        {
            "name": one.label,
            "url": f"{reverse('calendar', args=[member.workspace.slug])}?calendar={one.pk}",
            "is_current": shown is not None and one.pk == shown.pk,
        }
        for one in found
    ]


def day_rows(member: Member, shown: Calendar | None) -> list[DayRow]:
    """Days from a year ago on, in order."""
    if shown is None:
        return []
    now = today(member.workspace)
    since = date(now.year - 1, 1, 1)
    rows = shown.days.filter(removed_at=None, day__gte=since).order_by("day")
    return [
        DayRow(
            id=row.pk,
            day=row.day,
            name=row.name,
            hours=format_day(tuple((a, b) for a, b in row.hours)) or _("free"),
            is_past=row.day < now,
        )
        for row in rows
    ]


def answer(member: Member, clock: WorkingTime) -> str:
    """How many working days are left this month, in a sentence."""
    now = today(member.workspace)
    last = date(now.year + now.month // 12, now.month % 12 + 1, 1)
    n = clock.working_days(now, last) - clock.is_working_day(last)
    return _("Working days left in this month, today included: %(n)d.") % {"n": n}
