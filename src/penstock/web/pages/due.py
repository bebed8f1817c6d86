"""Days in words: when something is due, and the days that are offered with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.base.working_time import WorkingTime
from penstock.web import figures

#: Working days and weeks that are offered beside tomorrow and the next week.
AHEAD, FAR = 2, timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is due in words; ``tone`` is "late", "warn" for today, or nothing."""

    text: str
    tone: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A button that answers a form: its field and value, and what it says."""

    name: str
    value: str
    label: str
    detail: str = ""


def told(on: date, *, today: date, at: datetime | None = None, zone: ZoneInfo | None = None) -> Due:
    """When something is due, as seen on a day."""
    late = (today - on).days
    time = date_format(at.astimezone(zone), "TIME_FORMAT") if at is not None else ""
    if late > 0:
        text = ngettext("Overdue by %(n)s day", "Overdue by %(n)s days", late)
        return Due(text=text % {"n": figures.number(late)}, tone="late", on=on)
    words = {0: pgettext("due", "Today"), -1: pgettext("due", "Tomorrow")}
    day = words.get(late) or short(on, today=today)
    text = _("%(day)s, %(time)s") % {"day": day, "time": time} if time else str(day)
    return Due(text=text, tone="warn" if late == 0 else "", on=on)


def short(day: date, *, today: date) -> str:
    """A day with its weekday, and its year if that is another."""
    if day.year == today.year:
        return date_format(day, pgettext("weekday and short date", "D j M"))
    return date_format(day, "DATE_FORMAT")


def chips(calendar: WorkingTime, *, today: date, name: str = "chip") -> Sequence[Chip]:
    """Days that are offered with one click: working days, the nearest first, none of them twice."""
    monday = today + timedelta(days=7 - today.weekday())
    offered = {
        calendar.add_days(today, 1): pgettext("due", "Next working day"),
        calendar.add_days(today, AHEAD): _("In 2 working days"),
        calendar.add_days(today + FAR, 0): _("In 2 weeks"),
        calendar.add_days(monday, 0): pgettext("due", "Next week"),
    }
    if today + timedelta(days=1) in offered:
        offered[today + timedelta(days=1)] = pgettext("due", "Tomorrow")
    return [
        Chip(
            name=name,
            value=day.isoformat(),
            label=str(label),
            detail=date_format(day, pgettext("weekday and short date", "D j M")),
        )
        for day, label in sorted(offered.items())
    ]
