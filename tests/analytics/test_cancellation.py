"""Cancellation with lateness: what was planted is found again, few cases are said, and risk adds up by weeks."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.analytics import cancellation
from penstock.analytics.cancellation import CUSTOMER, DELIVERED, GOES_ON, OURS, Owed, Spells
from penstock.analytics.survival import incidence
from tests.analytics import closed_forms as forms


def _spells(rows: list[tuple[float, float, float, float, int]], *, changes: int = 0) -> Spells:
    accepted, start, stop, promised, kind = np.array(rows, dtype=float).reshape(-1, 5).T
    n = len(rows)
    return Spells(
        accepted,
        start,
        stop,
        promised,
        kind.astype(np.int64),
        np.full(n, changes),
        np.zeros(n, dtype=bool),
    )


def _world(n: int, *, seed: int, late_weight: float, base: float = -5.0) -> Spells:
    """Orders that wait up to forty weeks, promised for the eighth; cancelled the likelier the later."""
    rng = np.random.default_rng(seed)
    rows = []
    for _case in range(n):
        done = float(rng.uniform(4, 40))
        for week in range(40):
            late = max(week - 8 + 1, 0)
            chance = 1 / (1 + np.exp(-(base + late_weight * np.log1p(late))))
            if week >= done:
                rows.append((0.0, 0.0, done, 8.0, DELIVERED))
                break
            if rng.random() < chance:
                rows.append((0.0, 0.0, week + 0.99, 8.0, CUSTOMER))
                break
        else:
            rows.append((0.0, 0.0, 40.0, 8.0, GOES_ON))
    return _spells(rows)


def _owed(*, late: float, left: float, age: float = 10.0) -> Owed:
    return Owed(
        np.array([age]), np.array([late]), np.array([left]), np.array([0]), np.array([False])
    )


def test_examples_of_docstrings_run() -> None:
    assert doctest.testmod(cancellation).failed == 0


def test_three_weeks_of_rising_chances() -> None:
    assert cancellation.together([0.02, 0.03, 0.05]) == pytest.approx(0.09693, abs=5e-6)


def test_too_few_cancellations_claim_nothing() -> None:
    rows = [(0.0, 0.0, 5.0, 3.0, CUSTOMER)] * 4 + [(0.0, 0.0, 6.0, 8.0, DELIVERED)] * 50

    found = cancellation.hazard(_spells(rows))

    assert (found.method, found.n) == (cancellation.OFF, 4)
    assert [one.hazard for one in found.classes] == [None] * 4
    assert np.isnan(cancellation.chances(found, _owed(late=1, left=3))).all()


def test_no_case_at_all_is_off() -> None:
    found = cancellation.hazard(_spells([]))

    assert (found.method, found.n, found.weeks) == (cancellation.OFF, 0, 0)


def test_weeks_are_parted_by_lateness_and_add_up() -> None:
    spells = _spells([(0, 2, 15, 6, CUSTOMER), (0, 0, 4, np.nan, OURS)])

    found = cancellation.exposure(spells)

    assert found.tolist() == [[4, 1, 3, 5], [4, 0, 0, 0]]


@given(
    some.lists(
        some.tuples(some.floats(0, 30), some.floats(0, 30), some.floats(-10, 60)), min_size=1
    )
)
def test_no_week_is_lost_between_the_degrees(told: list[tuple[float, float, float]]) -> None:
    spells = _spells([(0, start, start + more, day, GOES_ON) for start, more, day in told])

    assert cancellation.exposure(spells).sum() == pytest.approx(
        float((spells.stop - spells.start).sum())
    )


def test_some_cancellations_lean_on_the_common_rate() -> None:
    rows = [(0.0, 0.0, 9.0, 8.5, CUSTOMER)] * 6 + [(0.0, 0.0, 6.0, 8.0, DELIVERED)] * 60

    found = cancellation.hazard(_spells(rows))
    early, late, *_rest = found.classes

    assert found.method == cancellation.SHRUNK
    assert early.hazard is not None
    assert late.hazard is not None
    # 6 of 3 weeks late alone would be no chance at all; it leans on 6 of 414.
    rate = 6 / 414
    assert late.hazard == pytest.approx((6 + 26 * rate) / (6 + 26))
    assert early.hazard == pytest.approx(26 * rate / (60 * 6 + 6 * 8.5 + 26))


def test_planted_weight_of_lateness_is_found_again() -> None:
    found = cancellation.hazard(_world(4000, seed=3, late_weight=0.8))
    weight = dict(zip(cancellation.FEATURES, found.weights, strict=True))["late"]
    error = dict(zip(cancellation.FEATURES, found.errors, strict=True))["late"]

    assert found.method == cancellation.MODEL
    assert abs(weight - 0.8) < 4 * error
    assert error < 0.2
    hazards = [one.hazard for one in found.classes]
    assert hazards == sorted(hazards, key=float)  # type: ignore[arg-type]  # -- none is unknown here


def test_world_in_which_lateness_does_not_matter_gives_it_no_weight() -> None:
    found = cancellation.hazard(_world(4000, seed=4, late_weight=0.0))
    place = cancellation.FEATURES.index("late")

    assert abs(found.weights[place]) < 3 * found.errors[place]


def test_the_later_and_the_longer_the_more_is_at_risk() -> None:
    found = cancellation.hazard(_world(3000, seed=5, late_weight=0.8))

    early, later, longer, unknown = (
        float(cancellation.chances(found, one)[0])
        for one in (
            _owed(late=-9, left=4),
            _owed(late=6, left=4),
            _owed(late=6, left=12),
            _owed(late=6, left=np.nan),
        )
    )

    assert 0 < early < later < longer < 1
    assert np.isnan(unknown)


def test_what_is_delivered_today_is_at_no_risk() -> None:
    found = cancellation.hazard(_world(2000, seed=6, late_weight=0.5))

    assert cancellation.chances(found, _owed(late=3, left=0)).tolist() == [0]


def test_competing_ends_are_no_event_but_end_the_watch() -> None:
    rows = [(0.0, 0.0, 2.0, 9.0, OURS)] * 30 + [(0.0, 0.0, 4.0, 9.0, CUSTOMER)] * 6

    found = cancellation.hazard(_spells(rows))

    assert found.classes[0].weeks == 84
    assert (found.classes[0].n_customer, found.classes[0].n_ours) == (6, 30)


def test_share_that_is_cancelled_competes_with_delivery() -> None:
    # Ten days: one of ten is cancelled on day 1, four delivered on day 2, one cancelled on day 3, four go on.
    days = np.array([1.0, 2, 2, 2, 2, 3, 5, 5, 5, 5])
    kinds = np.array([1, 2, 2, 2, 2, 1, 0, 0, 0, 0])

    found = incidence(days, kinds, n_kinds=2)

    assert [one.share for one in found.ended] == pytest.approx([0.2, 0.4])


def test_backlog_of_an_overload_settles_where_cancellations_make_up_for_it() -> None:
    held = cancellation.settles_at(demand=110, capacity=100, hazard=0.02)

    assert held == 500
    assert held * 0.02 / 110 == pytest.approx(0.0909, abs=5e-5)
    assert cancellation.settles_at(demand=90, capacity=100, hazard=0.02) == 0
    # The same overload of single customers: their queue is near the fluid limit, from above by its spread.
    crowd = forms.impatient(1.1, patience=0.1)
    assert (
        crowd.waiting
        > cancellation.settles_at(demand=1.1, capacity=1, hazard=0.1)
        == pytest.approx(1)
    )
