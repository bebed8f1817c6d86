"""The estimate finds the planted truth where counting won deals alone does not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics.ageing_in_stage import LOST, MIN_WON, NOTHING, OPEN, WON, Ageing, ageing


class World(NamedTuple):
    """Deals as they are seen, and the stretches of all that are won in the end."""

    stretch: np.ndarray
    follow: np.ndarray
    kind: np.ndarray
    truth: np.ndarray


def world(seed: int, *, n: int = 4000, days: float = 240.0) -> World:
    """A pipeline that doubles every 60 days; slow deals need long in the stage and long after it."""
    rng = np.random.default_rng(seed)
    entered = days + 60 / np.log(2) * np.log(rng.uniform(2 ** (-days / 60), 1, n))
    stretch = rng.lognormal(np.log(20), 0.7, n)
    until_decided = stretch * rng.uniform(1.5, 2.5, n) + rng.exponential(10, n)
    is_won = rng.random(n) < 0.4
    seen = days - entered
    is_decided = until_decided <= seen
    kind = np.where(is_decided, np.where(is_won, WON, LOST), OPEN).astype(np.int64)
    return World(
        stretch=np.minimum(stretch, seen),
        follow=np.minimum(until_decided, seen),
        kind=kind,
        truth=stretch[is_won],
    )


@pytest.mark.parametrize("seed", range(5))
def test_planted_truth_is_found_where_won_deals_alone_mislead(seed: int) -> None:
    seen = world(seed)
    true_limit = float(np.quantile(seen.truth, 0.85))

    found = ageing(seen.stretch, seen.follow, seen.kind)
    naive = float(np.quantile(seen.stretch[seen.kind == WON], 0.85))

    limit = found.limit(0.85)
    assert limit is not None
    assert naive < 0.8 * true_limit
    assert abs(limit - true_limit) < abs(naive - true_limit) * 0.7


def test_over_many_worlds_it_misses_on_neither_side() -> None:
    worlds = [world(seed) for seed in range(20)]
    errors = []
    for seen in worlds:
        limit = ageing(seen.stretch, seen.follow, seen.kind).limit(0.85)
        assert limit is not None
        errors.append(limit / float(np.quantile(seen.truth, 0.85)) - 1)

    assert abs(float(np.mean(errors))) < 0.05


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(60):
        seen = world(seed + 100, n=1500)
        left = ageing(seen.stretch, seen.follow, seen.kind).left_by(25.0)
        assert left is not None
        truth = float((seen.truth <= 25.0).mean())
        held.append(left.low <= truth <= left.high)

    assert np.mean(held) > 0.85


def test_without_open_deals_it_is_the_plain_share() -> None:
    stretch = np.arange(1.0, 31.0)
    found = ageing(stretch, stretch * 2, np.full(30, WON, dtype=np.int64))

    left = found.left_by(12.0)
    assert left is not None
    assert (left.share, left.n) == (pytest.approx(0.4), 30)
    assert (found.limit(0.5), found.n_effective) == (15.0, pytest.approx(30))


def test_too_few_won_deals_say_nothing() -> None:
    n = MIN_WON - 1
    found = ageing(np.ones(n), np.ones(n), np.full(n, WON, dtype=np.int64))

    assert (found.is_known, found.left_by(5.0), found.limit(0.85)) == (False, None, None)


def test_nothing_comes_out_of_nothing() -> None:
    empty = ageing(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
    lost = ageing(np.ones(3), np.ones(3), np.array([LOST, LOST, OPEN]))

    assert (empty.n_entered, empty.left_by(1.0)) == (0, None)
    assert (lost.n_entered, lost.n_open, lost.limit(0.5)) == (3, 1, None)
    assert NOTHING.left_by(1.0) is None


@st.composite
def deals(draw: st.DrawFn) -> Ageing:
    n = draw(st.integers(MIN_WON, 60))
    days = st.floats(0.1, 300)
    stretch = np.array(draw(st.lists(days, min_size=n, max_size=n)))
    more = np.array(draw(st.lists(days, min_size=n, max_size=n)))
    kinds = [WON] * MIN_WON + draw(
        st.lists(st.sampled_from([OPEN, WON, LOST]), min_size=n - MIN_WON, max_size=n - MIN_WON)
    )
    return ageing(stretch, stretch + more, np.array(kinds, dtype=np.int64))


@given(deals(), st.floats(0, 400), st.floats(0, 400))
def test_share_rises_with_age_and_stays_a_share(found: Ageing, one: float, other: float) -> None:
    sooner, later = found.left_by(min(one, other)), found.left_by(max(one, other))

    assert sooner is not None
    assert later is not None
    assert 0 <= sooner.share <= later.share <= 1 + 1e-9
    assert later.low <= later.share + 1e-9
    assert later.share <= later.high + 1e-9


@given(deals(), st.floats(0.05, 0.95))
def test_limit_is_the_age_at_which_the_share_is_reached(found: Ageing, share: float) -> None:
    limit = found.limit(share)

    assert limit is not None
    left = found.left_by(limit)
    assert left is not None
    assert left.share >= share - 1e-9
