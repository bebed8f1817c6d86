"""Shares of how cases end, where cases count in parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import survival


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=60),
    st.sampled_from([1, 2, 4]),
)
def test_incidence_of_parts_is_that_of_the_wholes(
    cases: list[tuple[int, int]], n_parts: int
) -> None:
    """Each case cut into equal parts that count as much together: shares and interval stay."""
    days, kinds = (np.array(column) for column in zip(*cases, strict=True))
    whole = survival.incidence(days.astype(float), kinds, n_kinds=2)

    parts = survival.incidence(
        np.repeat(days, n_parts).astype(float),
        np.repeat(kinds, n_parts),
        n_kinds=2,
        weights=np.full(len(days) * n_parts, 1 / n_parts),
    )

    assert parts.n == pytest.approx(whole.n)
    for one, other in zip(parts.ended, whole.ended, strict=True):
        assert one.share == pytest.approx(other.share, abs=1e-9)
        assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-6)
