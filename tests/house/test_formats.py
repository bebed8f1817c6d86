"""Dates and numbers as the readers of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import formats, translation
from django.utils.dates import MONTHS_3


@pytest.mark.parametrize(
    ("language", "written"), [("en", "1 Oct 2026"), ("ru", "1\u00a0октября 2026")]
)
def test_date_reads_well_when_the_language_is_chosen(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 10, 1)) == written


@pytest.mark.parametrize(
    ("language", "written"), [("en", "1 Oct 2026, 14:30"), ("ru", "1\u00a0октября 2026, 14:30")]
)
def test_moment_has_a_clock_of_24_hours_when_shown(language: str, written: str) -> None:
    moment = datetime(2026, 10, 1, 14, 30)  # noqa: DTZ001 -- a wall clock is written down

    with translation.override(language):
        assert formats.date_format(moment, "DATETIME_FORMAT") == written


@pytest.mark.parametrize(("language", "written"), [("en", "1,234.50"), ("ru", "1\u202f234,50")])
def test_number_is_grouped_when_the_language_is_chosen(language: str, written: str) -> None:
    with translation.override(language):
        number = formats.number_format(Decimal("1234.5"), 2, use_l10n=True, force_grouping=True)

    assert number == written


@pytest.mark.parametrize("language", ["en", "ru"])
def test_week_begins_on_monday_when_a_calendar_is_shown(language: str) -> None:
    with translation.override(language):
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_short_month_is_russian_when_the_reader_is() -> None:
    with translation.override("ru"):
        assert [str(MONTHS_3[month]) for month in (1, 5, 10)] == ["янв", "мая", "окт"]
