"""Days, periods and instants: periods are half-open in the organisation's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def start_of(day: date, *, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, as UTC.

    >>> start_of(date(2026, 3, 29), zone=ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-28T23:00:00+00:00'
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def end_of(day: date, *, zone: ZoneInfo) -> datetime:
    """The first instant after a day: "on a day" means everything strictly before it."""
    return start_of(day + timedelta(days=1), zone=zone)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days from ``first`` to ``last``, both included, in one zone."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a window ends ({self.last}) on or after its start ({self.first})")

    @property
    def start(self) -> datetime:
        """First instant inside."""
        return start_of(self.first, zone=self.zone)

    @property
    def stop(self) -> datetime:
        """First instant after."""
        return end_of(self.last, zone=self.zone)

    @property
    def n_days(self) -> int:
        """Number of days in the window."""
        return (self.last - self.first).days + 1


def trailing(*, until: date, days: int, zone: ZoneInfo) -> Window:
    """The window of ``days`` days that ends with ``until``.

    >>> trailing(until=date(2026, 3, 31), days=90, zone=ZoneInfo("UTC")).first
    datetime.date(2026, 1, 1)
    """
    return Window(first=until - timedelta(days=days - 1), last=until, zone=zone)


def month_of(day: date, *, zone: ZoneInfo) -> Window:
    """The calendar month around a day."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Window(first=first, last=after - timedelta(days=1), zone=zone)


def quarter_of(day: date, *, zone: ZoneInfo) -> Window:
    """The calendar quarter around a day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    after = (first + timedelta(days=95)).replace(day=1)
    return Window(first=first, last=after - timedelta(days=1), zone=zone)
