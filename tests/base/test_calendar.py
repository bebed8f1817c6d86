"""Days begin and end in a zone, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.calendar import Window, end_of, month_of, quarter_of, start_of, trailing

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Berlin",
            "America/Sao_Paulo",
            "America/Havana",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Chatham",
        )
    ]
)
# Hypothesis adds the zone itself, and wants bounds without one.
NOON = datetime(1990, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None)
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 7, 1), 24),
        # The clocks jump at midnight: the day begins at one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        # At one o'clock it is midnight again: the day has two midnights and begins with the first.
        ("America/Havana", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_length_of_a_day(zone: str, day: date, hours: float) -> None:
    length = end_of(day, zone=ZoneInfo(zone)) - start_of(day, zone=ZoneInfo(zone))

    assert length == timedelta(hours=hours)


@given(day=DAYS, zone=ZONES)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: ZoneInfo) -> None:
    assert end_of(day, zone=zone) == start_of(day + timedelta(days=1), zone=zone)
    assert start_of(day, zone=zone) < end_of(day, zone=zone)


@given(day=DAYS, zone=ZONES)
def test_first_and_last_instant_are_of_the_day(day: date, zone: ZoneInfo) -> None:
    first, after = start_of(day, zone=zone), end_of(day, zone=zone)
    moment = timedelta(microseconds=1)

    assert first.astimezone(zone).date() == (after - moment).astimezone(zone).date() == day
    assert (first - moment).astimezone(zone).date() < day < after.astimezone(zone).date()


@given(
    moment=st.datetimes(NOON, NOON + timedelta(days=9999), timezones=st.just(UTC)),
    zone=ZONES,
)
def test_every_instant_is_in_one_day(moment: datetime, zone: ZoneInfo) -> None:
    day = moment.astimezone(zone).date()

    assert start_of(day, zone=zone) <= moment < end_of(day, zone=zone)


@given(day=DAYS, days=st.integers(1, 800), zone=ZONES)
def test_trailing_window_has_its_days_and_ends_with_the_day(
    day: date, days: int, zone: ZoneInfo
) -> None:
    window = trailing(until=day, days=days, zone=zone)

    assert (window.n_days, window.last) == (days, day)
    assert (window.start, window.stop) == (
        start_of(window.first, zone=zone),
        end_of(day, zone=zone),
    )


@pytest.mark.parametrize(
    ("around", "first", "last"),
    [
        (date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_month_around_a_day(around: date, first: date, last: date) -> None:
    window = month_of(around, zone=ZoneInfo("UTC"))

    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize(
    ("around", "first", "last"),
    [
        (date(2026, 2, 10), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_quarter_around_a_day(around: date, first: date, last: date) -> None:
    window = quarter_of(around, zone=ZoneInfo("UTC"))

    assert (window.first, window.last) == (first, last)


def test_window_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="on or after its start"):
        Window(first=date(2026, 2, 2), last=date(2026, 2, 1), zone=ZoneInfo("UTC"))
