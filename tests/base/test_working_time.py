"""Working hours: weeks, holidays, nights on which clocks change, and laws that always hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.working_time import (
    USUAL_WEEK,
    NoWorkingTime,
    WorkingTime,
    format_day,
    parse_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
ROUND_THE_CLOCK = (((0, 1440),),) * 7
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    timezones=st.just(UTC),
)


def usual(*holidays: date) -> WorkingTime:
    return WorkingTime(BERLIN, exceptions=dict.fromkeys(holidays, ()))


def test_nights_weekends_and_holidays_do_not_count() -> None:
    thursday = datetime(2026, 4, 2, 16, tzinfo=BERLIN)
    tuesday = datetime(2026, 4, 7, 10, tzinfo=BERLIN)

    worked = usual(date(2026, 4, 3), date(2026, 4, 6)).hours_between(thursday, tuesday)

    assert worked == 3.0


def test_the_night_on_which_clocks_change_is_as_long_as_it_was() -> None:
    clock = WorkingTime(BERLIN, weeks=((date.min, ROUND_THE_CLOCK),))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    def length(day: date) -> float:
        start = datetime.combine(day, datetime.min.time(), tzinfo=BERLIN)
        stop = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=BERLIN)
        return clock.hours_between(start, stop)

    assert (length(spring), length(autumn), length(date(2026, 6, 1))) == (23.0, 25.0, 24.0)


def test_an_exception_may_add_a_working_day() -> None:
    saturday = date(2026, 3, 7)
    clock = WorkingTime(BERLIN, exceptions={saturday: ((600, 720),)})

    assert clock.is_working_day(saturday)
    assert clock.add_days(date(2026, 3, 6), 1) == saturday


def test_a_new_week_does_not_rewrite_the_past() -> None:
    short = (*(((540, 600),) for _day in range(5)), (), ())
    clock = WorkingTime(BERLIN, weeks=((date.min, USUAL_WEEK), (date(2026, 6, 1), short)))

    before = clock.hours_between(
        datetime(2026, 5, 25, tzinfo=BERLIN), datetime(2026, 5, 26, tzinfo=BERLIN)
    )
    after = clock.hours_between(
        datetime(2026, 6, 1, tzinfo=BERLIN), datetime(2026, 6, 2, tzinfo=BERLIN)
    )

    assert (before, after) == (9.0, 1.0)


def test_working_days_are_counted_both_ways() -> None:
    clock = usual(date(2026, 5, 1))

    assert clock.add_days(date(2026, 4, 30), 1) == date(2026, 5, 4)
    assert clock.add_days(date(2026, 5, 4), -1) == date(2026, 4, 30)
    assert clock.add_days(date(2026, 5, 2), 0) == date(2026, 5, 4)
    assert clock.working_days(date(2026, 4, 27), date(2026, 5, 4)) == 5


def test_a_calendar_on_which_nobody_works_says_so() -> None:
    free = ((),) * 7

    with pytest.raises(NoWorkingTime, match="at least one working hour"):
        WorkingTime(BERLIN, weeks=((date.min, free),))


def test_hours_that_never_come_are_refused() -> None:
    start = date(2026, 1, 1)
    closed = {start + timedelta(days=k): () for k in range(3700)}
    clock = WorkingTime(BERLIN, exceptions=closed)

    with pytest.raises(NoWorkingTime, match="working hour within"):
        clock.add_hours(datetime(2026, 1, 2, tzinfo=UTC), 1)
    with pytest.raises(NoWorkingTime, match="working day within"):
        clock.add_days(start, 1)
    with pytest.raises(ValueError, match="added"):
        clock.add_hours(datetime(2026, 1, 2, tzinfo=UTC), -1)


@given(instants, instants, instants)
def test_hours_add_up(a: datetime, b: datetime, c: datetime) -> None:
    clock = usual(date(2026, 1, 1))

    whole = clock.hours_between(a, b) + clock.hours_between(b, c)

    assert whole == pytest.approx(clock.hours_between(a, c), abs=1e-6)


@given(instants, st.floats(min_value=0, max_value=2000))
def test_what_is_added_is_between(start: datetime, hours: float) -> None:
    clock = usual(date(2026, 1, 1))

    stop = clock.add_hours(start, hours)

    assert stop >= start
    assert clock.hours_between(start, stop) == pytest.approx(hours, abs=1e-5)


@given(instants, st.integers(min_value=0, max_value=400))
def test_no_more_hours_than_pass(start: datetime, days: int) -> None:
    stop = start + timedelta(days=days)

    assert 0 <= usual().hours_between(start, stop) <= days * 24


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(min_value=1, max_value=60))
def test_working_days_there_and_back(day: date, n: int) -> None:
    clock = usual(date(2026, 1, 1))

    there = clock.add_days(day, n)

    assert clock.is_working_day(there)
    assert clock.add_days(there, -n) <= day


@pytest.mark.parametrize("text", ["9", "18-9", "9-25", "9:75-10", "9-12,11-13", "nine-ten", "²-9"])
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time of day|ends before|follow"):
        parse_day(text)


@pytest.mark.parametrize(
    "text", ["", "-", "—", "9:00–18:00", "0:00–24:00", "9:00–13:00, 14:00–18:30"]
)
def test_hours_are_read_as_they_are_written(text: str) -> None:
    assert format_day(parse_day(text)) == text.strip("-—")
