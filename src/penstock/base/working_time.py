"""Working time: which hours of which days people work, and arithmetic in those hours.

Hours are hours that pass, so a shift over the night on which clocks change is as long as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from penstock.base.calendar import start_of

#: Minutes after midnight, from and to; 1440 is the end of the day.
Span = tuple[int, int]
Day = tuple[Span, ...]
#: Monday to Sunday.
Week = tuple[Day, Day, Day, Day, Day, Day, Day]

NINE_TO_SIX: Day = ((9 * 60, 18 * 60),)
USUAL_WEEK: Week = (*([NINE_TO_SIX] * 5), (), ())  # type: ignore[assignment]  # -- five and two are seven
MIDNIGHT = 24 * 60
#: Whoever looks further ahead than this for an hour of work has a calendar that has none.
HORIZON_DAYS = 3660


class NoWorkingTime(ValueError):  # noqa: N818 -- says what is the matter, without a suffix
    """A calendar on which nobody ever works."""


@dataclass(frozen=True)
class WorkingTime:
    """A calendar: a week of hours, or several that follow each other, and days that differ.

    Args:
        zone: Where the hours are told.
        weeks: Weeks with the day from which each is in force, oldest first; the oldest one has been in force
            all along.
        exceptions: Days with hours of their own; none for a holiday.

    Raises:
        NoWorkingTime: The week now in force has no hours at all.
    """

    zone: ZoneInfo
    weeks: tuple[tuple[date, Week], ...] = ((date.min, USUAL_WEEK),)
    exceptions: Mapping[date, Day] = field(default_factory=dict)
    _years: dict[int, list[float]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.weeks or not any(self.weeks[-1][1]):
            raise NoWorkingTime("a week needs at least one working hour")

    def hours_of(self, day: date) -> Day:
        """The hours of a day, in minutes after midnight."""
        if day in self.exceptions:
            return self.exceptions[day]
        in_force = [week for since, week in self.weeks if since <= day]
        return (in_force[-1] if in_force else self.weeks[0][1])[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on it.

        >>> WorkingTime(ZoneInfo("UTC")).is_working_day(date(2026, 3, 7))
        False
        """
        return bool(self.hours_of(day))

    def hours_between(self, start: datetime, stop: datetime) -> float:
        """Working hours from one instant to another; negative when the second comes first.

        >>> friday, monday = datetime(2026, 3, 6, 17, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)
        >>> WorkingTime(ZoneInfo("UTC")).hours_between(friday, monday)
        2.0
        """
        if stop < start:
            return -self.hours_between(stop, start)
        first, last = self._day_of(start).year, self._day_of(stop).year
        between = sum(self._year(year)[-1] for year in range(first, last))
        return (between + self._done(stop) - self._done(start)) / 3600

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """The first instant at which so many working hours have passed, as UTC.

        Raises:
            NoWorkingTime: No such hour within ten years.

        >>> friday = datetime(2026, 3, 6, 17, tzinfo=UTC)
        >>> WorkingTime(ZoneInfo("UTC")).add_hours(friday, 2).isoformat()
        '2026-03-09T10:00:00+00:00'
        """
        if hours < 0:
            raise ValueError("working hours are added, not taken away")
        left = timedelta(hours=hours)
        day = self._day_of(start)
        for ahead in range(HORIZON_DAYS):
            for opens, ends in self._spans(day + timedelta(days=ahead)):
                begins = max(opens, start)
                if ends - begins >= left and ends > start:
                    return begins + left
                left -= max(ends - begins, timedelta(0))
        raise NoWorkingTime("there is no such working hour within ten years")

    def add_days(self, day: date, n: int) -> date:
        """The n-th working day after a day, or before it when n is negative.

        With 0 the day itself, or the next working day when it is none.

        Raises:
            NoWorkingTime: No such day within ten years.

        >>> WorkingTime(ZoneInfo("UTC")).add_days(date(2026, 3, 6), 1)
        datetime.date(2026, 3, 9)
        """
        if n == 0:
            return day if self.is_working_day(day) else self.add_days(day, 1)
        step, left = timedelta(days=1 if n > 0 else -1), abs(n)
        for _tried in range(HORIZON_DAYS + 8 * abs(n)):
            day += step
            left -= self.is_working_day(day)
            if left == 0:
                return day
        raise NoWorkingTime("there is no such working day within ten years")

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from a day to another, both included."""
        n_days = (last - first).days + 1
        return sum(self.is_working_day(first + timedelta(days=k)) for k in range(n_days))

    def _day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _spans(self, day: date) -> Sequence[tuple[datetime, datetime]]:
        return [
            (self._instant(day, begins), self._instant(day, ends))
            for begins, ends in self.hours_of(day)
        ]

    def _instant(self, day: date, minutes: int) -> datetime:
        if minutes == MIDNIGHT:
            return start_of(day + timedelta(days=1), zone=self.zone)
        local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=self.zone)
        return local.astimezone(UTC)

    def _year(self, year: int) -> list[float]:
        """Working seconds before each day of a year, and of the year as a whole; kept once made."""
        if year not in self._years:
            before = [0.0]
            day = date(year, 1, 1)
            while day.year == year:
                worked = sum((ends - begins).total_seconds() for begins, ends in self._spans(day))
                before.append(before[-1] + max(worked, 0.0))
                day += timedelta(days=1)
            self._years[year] = before
        return self._years[year]

    def _done(self, instant: datetime) -> float:
        """Working seconds from the beginning of the year to an instant."""
        day = self._day_of(instant)
        before = self._year(day.year)[day.timetuple().tm_yday - 1]
        return before + sum(
            max((min(instant, ends) - begins).total_seconds(), 0.0)
            for begins, ends in self._spans(day)
        )


def parse_day(text: str) -> Day:
    """Read the hours of a day as people write them; nothing, or a dash, for a free day.

    Raises:
        ValueError: It cannot be read, spans overlap, or one ends before it begins.

    >>> parse_day("9-13, 14:00–18:30")
    ((540, 780), (840, 1110))
    """
    plain = text.replace("–", "-").replace("—", "-").replace(" ", "").strip("-")
    if not plain:
        return ()
    spans = tuple(_span(part) for part in plain.split(","))
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError(f"{text!r}: hours follow each other")
    return spans


def format_day(day: Day) -> str:
    """Write the hours of a day.

    >>> format_day(((540, 780), (840, 1110)))
    '9:00–13:00, 14:00–18:30'
    """
    return ", ".join(f"{_clock(begins)}–{_clock(ends)}" for begins, ends in day)


def _span(part: str) -> Span:
    begins, _dash, ends = part.partition("-")
    span = _minutes(begins), _minutes(ends)
    if span[1] <= span[0]:
        raise ValueError(f"{part!r} ends before it begins")
    return span


def _minutes(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    if not (hour.isascii() and hour.isdigit() and (minute or "0").isdigit()):
        raise ValueError(f"{text!r} is no time of day")
    minutes = int(hour) * 60 + int(minute or 0)
    if minutes > MIDNIGHT or int(minute or 0) > 59:
        raise ValueError(f"{text!r} is no time of day")
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
