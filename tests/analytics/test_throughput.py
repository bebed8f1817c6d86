"""Why a sum changed: exact, whatever it is of, and what was planted is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import throughput
from penstock.analytics.throughput import Part

sides = st.dictionaries(
    st.integers(0, 4),
    st.builds(Part, n=st.integers(1, 50), total=st.integers(0, 10**12)),
    max_size=5,
)


@given(before=sides, after=sides)
def test_parts_add_up_exactly(before: dict[int, Part], after: dict[int, Part]) -> None:
    found = throughput.decompose(before, after)

    assert found.number + found.mix + found.size == found.change
    assert found.before == sum(part.total for part in before.values())
    assert found.after == sum(part.total for part in after.values())


@given(before=sides, after=sides)
def test_parts_turn_round_with_the_spans(before: dict[int, Part], after: dict[int, Part]) -> None:
    there, back = throughput.decompose(before, after), throughput.decompose(after, before)

    assert abs(there.number + back.number) <= 1
    assert abs(there.mix + back.mix) <= 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Twice as many, nothing else.
        ({1: Part(10, 1000)}, {1: Part(20, 2000)}, (1000, 0, 0)),
        # As many, each half as large again.
        ({1: Part(10, 1000)}, {1: Part(10, 1500)}, (0, 0, 500)),
        # As many and as large in each group, but more of the large ones.
        ({1: Part(5, 500), 2: Part(5, 5000)}, {1: Part(2, 200), 2: Part(8, 8000)}, (0, 2700, 0)),
        # From nothing, and to nothing.
        ({}, {1: Part(4, 400)}, (400, 0, 0)),
        ({1: Part(4, 400)}, {}, (-400, 0, 0)),
        # A new group comes by the mix.
        ({1: Part(10, 1000)}, {1: Part(5, 500), 2: Part(5, 1000)}, (0, 500, 0)),
        ({}, {}, (0, 0, 0)),
    ],
)
def test_planted_causes_are_named(
    before: dict[int, Part], after: dict[int, Part], expected: tuple[int, int, int]
) -> None:
    found = throughput.decompose(before, after)

    assert (found.number, found.mix, found.size) == expected


def _span(rng: np.random.Generator, *, rate: float) -> np.ndarray:
    return (rng.lognormal(9, 0.8, rng.poisson(rate)) * 10_000).astype(np.int64)


def test_change_is_called_clear_as_rarely_as_it_should_without_one() -> None:
    clear = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        clear += throughput.steadiness(_span(rng, rate=60), _span(rng, rate=60), days=90).is_clear

    assert clear / 400 <= 0.085


def test_change_is_called_clear_where_it_is_planted() -> None:
    rng = np.random.default_rng(1)

    found = throughput.steadiness(_span(rng, rate=60), _span(rng, rate=140), days=90)

    assert found.is_clear
    assert found.number.has_risen


def test_dead_deals_change_nothing_where_the_velocity_formula_rises() -> None:
    # Sixty live deals, half of which are won in 60 days; then forty dead ones lie beside them.
    won, mean, days = 30, 1000, 60
    before = {1: Part(won, won * mean)}

    velocity = [n_open * mean * 0.5 / days for n_open in (60, 100)]
    found = throughput.decompose(before, before)

    assert velocity[1] > velocity[0] * 1.6
    assert found.change == 0
