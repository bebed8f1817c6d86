"""Figures of surveys against numbers computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import satisfaction


def test_net_promoter_by_hand() -> None:
    # 60 promoters, 25 passives, 15 detractors of 100: 60 - 15 = 45.
    found = satisfaction.net_promoter([10] * 60 + [8] * 25 + [0] * 15)

    assert (found.n, found.score) == (100, 45.0)
    # Adjusted: p = 61/103, d = 16/103, variance (p + d - (p - d)^2) / 103.
    assert (round(found.low or 0, 1), round(found.high or 0, 1)) == (29.3, 58.1)


def test_nothing_answered_says_nothing() -> None:
    found = satisfaction.net_promoter([])

    assert (found.score, found.low, found.high, found.is_few) == (None, None, None, True)
    assert satisfaction.satisfied([]).share is None


@given(st.lists(st.integers(0, 10), min_size=1, max_size=200))
def test_score_lies_within_its_bounds_and_the_scale(scores: list[int]) -> None:
    found = satisfaction.net_promoter(scores)

    assert found.low is not None
    assert found.high is not None
    assert found.score is not None
    assert -100 <= found.low <= found.high <= 100
    assert -100 <= found.score <= 100


@pytest.mark.parametrize("score", [-1, 11])
def test_answer_outside_of_the_scale_is_a_mistake(score: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 10"):
        satisfaction.net_promoter([score])
