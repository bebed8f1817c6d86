"""How many are inside and for how long: the identity of both, and a diagram whose lines never cross."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.analytics import flow_times
from penstock.analytics.eventlog import Facts

stays = some.lists(
    some.tuples(some.floats(-50, 50), some.one_of(some.floats(0, 60), some.just(float("inf")))).map(
        lambda one: (one[0], one[0] + one[1])
    ),
    max_size=30,
)


def test_examples_of_docstrings_run() -> None:
    assert doctest.testmod(flow_times).failed == 0


@given(stays, some.floats(-40, 30), some.floats(0.1, 40))
def test_area_is_the_time_of_all_cases_in_any_window(
    told: list[tuple[float, float]], start: float, length: float
) -> None:
    came, left = np.array(told, dtype=float).reshape(-1, 2).T

    found = flow_times.little(came, left, start=start, stop=start + length)

    assert found.area == pytest.approx(found.stays, abs=1e-9)


def test_law_holds_of_a_steady_flow_and_its_gap_tells_of_a_growing_one() -> None:
    came = np.arange(400.0)
    steady = flow_times.little(came, came + 5, start=100, stop=300)
    # Those that came first were quick, all others are still there.
    left = np.where(came < 103, came + 1, np.inf)
    growing = flow_times.little(came, left, start=100, stop=300)

    assert (steady.inside, steady.per_time, steady.mean_stay) == (5, 1, 5)
    assert steady.gap == pytest.approx(0)
    assert growing.gap is not None
    assert growing.gap < -0.9


def test_case_that_leaves_before_it_came_is_refused() -> None:
    with pytest.raises(ValueError, match="after it came"):
        flow_times.little(np.array([3.0]), np.array([2.0]), start=0, stop=5)


def test_nobody_left_means_no_stay() -> None:
    found = flow_times.little(np.array([1.0]), np.array([np.inf]), start=0, stop=4)

    assert (found.mean_stay, found.gap, found.n_left) == (None, None, 0)


moves = some.lists(
    some.tuples(some.integers(1, 5), some.integers(0, 30), some.integers(0, 3)), max_size=40
)


@given(moves)
def test_diagram_counts_each_case_where_it_stands(told: list[tuple[int, int, int]]) -> None:
    # The last value is leaving otherwise.
    rows = sorted(told, key=lambda row: row[:2])
    visits = [row for row in rows if row[2] < 3]
    gone = [row for row in rows if row[2] == 3]
    ends = np.array([5, 10, 31])

    found = flow_times.cumulative_flow(_facts(visits), _facts(gone), ends=ends, n_stages=3)

    for step, end in enumerate(ends.tolist()):
        # Leaving comes after all visits of its moment; sorting keeps rows of one moment in order.
        replayed = sorted((*visits, *gone), key=lambda row: (row[1], row[2] == 3))
        stands = {case: place for case, at, place in replayed if at < end}
        expected = [sum(place == one for place in stands.values()) for one in range(3)]
        assert found.inside[step].tolist() == expected
        assert (np.diff(found.reached[step]) <= 0).all()


def _facts(rows: list[tuple[int, int, int]]) -> Facts:
    return Facts(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def test_lines_of_a_flow_without_steps_back_never_fall() -> None:
    rng = np.random.default_rng(4)
    rows = sorted(
        (case, int(at), place)
        for case in range(50)
        for place, at in enumerate(np.sort(rng.integers(0, 100, 3)))
    )

    found = flow_times.cumulative_flow(_facts(rows), _facts([]), ends=np.arange(1, 102), n_stages=3)

    assert (np.diff(found.reached, axis=0) >= 0).all()
    assert found.inside[-1].tolist() == [0, 0, 50]


def test_number_inside_is_replayed() -> None:
    came, left = np.array([0.0, 1.0, 2.0]), np.array([1.0, np.inf, 3.0])

    assert flow_times.inside_at(came, left, np.array([0.0, 0.5, 1.0, 2.5, 9.0])).tolist() == [
        0,
        1,
        1,
        2,
        1,
    ]
