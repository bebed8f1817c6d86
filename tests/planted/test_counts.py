"""What a report counts in a planted company is what was planted, deal by deal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import exp

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from penstock.base.calendar import end_of
from penstock.reports import ageing, coverage, slips
from penstock.reports.moment import Moment
from penstock.users import walls
from tests.planted import lives as planting
from tests.planted.company import Planted, plant
from tests.planted.lives import LAST, NOW, Life

ON = date(2025, 12, 1)


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Planted]:
    """One company for all of these tests, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant(7)
        walls.leave()
        transaction.set_rollback(True)


def test_age_from_which_a_deal_is_late_is_that_of_the_planted_times(planted: Planted) -> None:
    found = ageing.of_pipeline(planted.boss, planted.stages[0].pipeline, when=planted.moment)

    for stage in planted.stages[: planting.N_STEPS - 1]:
        for days in (10, 20, 40):
            left = found.left(stage.pk, since=NOW - timedelta(days=days))
            assert left is not None
            assert left.share == pytest.approx(1 - exp(-days / planting.DAYS_ON), abs=0.08)


def test_coverage_counts_what_was_due(planted: Planted) -> None:
    zone = planted.workspace.zone
    moment = Moment(on=ON, known=ON, is_now=False, zone=zone)

    found = coverage.on_day(planted.boss, moment=moment)

    assert found.past
    for one in (found.now, *found.past):
        at = end_of(one.on, zone=zone)
        due = [
            life
            for life in planted.lives
            if _is_due(life, at=at, known=moment.at, after=one.on, last=one.window.last)
        ]
        assert one.n_due == len(due)
        assert one.due == sum(life.worth(at) for life in due)


def _is_due(life: Life, *, at: datetime, known: datetime, after: date, last: date) -> bool:
    return life.is_open(at, known=known) and after < life.close_on(at) <= last


def test_close_dates_count_every_planted_push(planted: Planted) -> None:
    window = planted.window(365)

    found = slips.in_window(planted.boss, window, known=LAST)

    by_name = {one.name: one.slips for one in found.owners}
    for name in planting.PUSHES:
        pushes = [
            (at, life)
            for life in planted.lives
            if life.owner == name
            for at, _day in life.closes[1:]
            if window.start <= at < NOW
        ]
        assert by_name[name].n_pushes == len(pushes)
