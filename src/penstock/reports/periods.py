"""Cutting a window into weeks, months or quarters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import Window, month_of, quarter_of
from penstock.base.errors import RuleBroken

PERIODS = ("week", "month", "quarter")


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a window, with a name that sorts: ``2026-W05``, ``2026-02`` or ``2026-Q1``."""

    name: str
    window: Window


def split(window: Window, *, per: str) -> tuple[Period, ...]:
    """The calendar weeks, months or quarters of a window; the first and last are cut at its ends.

    Raises:
        RuleBroken: ``reports.period`` for any other period.
    """
    if per not in PERIODS:
        raise RuleBroken("reports.period", _("Choose weeks, months or quarters."), needs=["by"])
    found = []
    first = window.first
    while first <= window.last:
        whole = _around(first, per=per, window=window)
        last = min(whole.last, window.last)
        name = _name(whole.first, per=per)
        found.append(Period(name=name, window=Window(first=first, last=last, zone=window.zone)))
        first = whole.last + timedelta(days=1)
    return tuple(found)


def weeks_until(last: Window, *, n: int) -> tuple[Period, ...]:
    """The ``n`` stretches of seven days that end with the last day of a window, oldest first."""
    spans = [
        Window(
            first=last.last - timedelta(days=7 * back - 1),
            last=last.last - timedelta(days=7 * (back - 1)),
            zone=last.zone,
        )
        for back in range(n, 0, -1)
    ]
    return tuple(Period(name=span.first.isoformat(), window=span) for span in spans)


def _around(day: date, *, per: str, window: Window) -> Window:
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return Window(first=monday, last=monday + timedelta(days=6), zone=window.zone)
    around = month_of if per == "month" else quarter_of
    return around(day, zone=window.zone)


def _name(first: date, *, per: str) -> str:
    if per == "week":
        year, week, _weekday = first.isocalendar()
        return f"{year}-W{week:02}"
    if per == "month":
        return f"{first:%Y-%m}"
    return f"{first.year}-Q{(first.month + 2) // 3}"
