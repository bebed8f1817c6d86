"""The pace of a goal: planted rhythms are found, and ranges hold what comes as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import pace
from penstock.analytics.pace import Past


def _month(rng: np.random.Generator, *, n: float = 12.0, late: float = 3.0) -> Past:
    """A month whose deals come late: shares of its days as a power law, amounts log-normal."""
    deals = int(rng.poisson(n))
    return Past(rng.random(deals) ** (1 / late), rng.lognormal(0, 0.5, deals))


def test_expected_finds_the_planted_rhythm_where_a_straight_line_does_not() -> None:
    rng = np.random.default_rng(1)
    past = [_month(rng) for _number in range(36)]

    found = pace.expected(past, elapsed=0.5)

    truth = 0.5**3.0
    assert found.observed == pytest.approx(truth, abs=0.06)
    assert abs(found.share - truth) < abs(0.5 - truth) / 3
    assert found.n == 36


def test_expected_trusts_the_working_days_while_the_past_is_short() -> None:
    rng = np.random.default_rng(2)
    one = [_month(rng)]

    found = pace.expected(one, elapsed=0.5)

    assert found.observed is not None
    assert abs(found.share - 0.5) < abs(found.share - found.observed)
    assert pace.expected([], elapsed=0.3).share == 0.3


def test_expected_leaves_out_empty_periods() -> None:
    empty = Past(np.array([]), np.array([]))

    assert pace.expected([empty] * 9, elapsed=0.4) == pace.expected([], elapsed=0.4)


@given(
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    elapsed=st.lists(st.floats(0, 1), min_size=2, max_size=2),
)
def test_expected_never_falls_as_days_go_by(shares: list[float], elapsed: list[float]) -> None:
    past = [Past(np.array(shares), np.ones(len(shares)))]
    first, last = sorted(elapsed)

    early, late = (pace.expected(past, elapsed=at).share for at in (first, last))

    assert 0 <= early <= late + 1e-9
    assert late <= 1


def test_projection_holds_what_comes_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        months, now = [_month(rng) for _number in range(18)], _month(rng)
        found = pace.projection(months, result=now.by(0.4), goal=1, parts=[0.4], rng=rng)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= now.total <= found.high

    assert 0.72 <= held / 300 <= 0.88


def test_projection_of_a_late_rhythm_holds_where_a_straight_line_does_not() -> None:
    rng = np.random.default_rng(4)
    months = [_month(rng, n=200) for _number in range(24)]
    now = _month(rng, n=200)

    found = pace.projection(months, result=now.by(0.5), goal=1, parts=[0.5], rng=rng)

    assert found.low is not None
    assert found.high is not None
    assert found.low <= now.total <= found.high
    assert now.by(0.5) / 0.5 < found.low


def test_projection_of_a_quarter_adds_its_months() -> None:
    flat = [Past(np.array([0.5]), np.array([10.0]))] * 8

    found = pace.projection(
        flat, result=3, goal=30, parts=[0.6, 0.0, 0.0], rng=np.random.default_rng(0)
    )

    assert (found.low, found.middle, found.high, found.reaches) == (23, 23, 23, 0)


def test_projection_says_nothing_from_few_months_and_the_result_at_the_end() -> None:
    rng = np.random.default_rng(0)
    few = [_month(rng) for _number in range(5)]

    assert pace.projection(few, result=3, goal=5, parts=[0.5], rng=rng).middle is None
    assert pace.projection(few, result=7, goal=5, parts=[], rng=rng).reaches == 1
