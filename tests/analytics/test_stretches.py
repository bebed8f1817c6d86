"""From rows to stretches: visits end by a move, a decision or the end of the watch, and parking is cut out."""

from __future__ import annotations

import numpy as np
import pytest

from penstock.analytics import bridge
from penstock.analytics.ageing_in_stage import MIN_WON
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, UNKNOWN, Facts, facts
from penstock.analytics.stretches import ageing_by_place
from penstock.reports import ageing

Row = tuple[int, float, int]


def rows(*given: Row) -> Facts:
    """Facts from rows of case, day and value."""
    case, at, value = (
        (np.array(part, dtype=np.float64) for part in zip(*given, strict=True))
        if given
        else (np.empty(0), np.empty(0), np.empty(0))
    )
    moments = (at * MICROSECONDS_A_DAY).astype(np.int64)
    return facts(case.astype(np.int64), moments, value.astype(np.int64))


def day(number: float) -> int:
    return int(number * MICROSECONDS_A_DAY)


def found(
    visits: list[Row],
    outcomes: list[Row],
    parkings: list[tuple[int, float, int]],
    stop: float = 100,
):
    waits = facts(
        np.array([row[0] for row in parkings], dtype=np.int64),
        np.array([day(row[1]) for row in parkings], dtype=np.int64),
        np.array([row[2] for row in parkings], dtype=np.int64),
    )
    return ageing_by_place(
        visits=rows(*visits), outcomes=rows(*outcomes), parkings=waits, stop=day(stop), n_places=2
    )


def test_visits_end_by_a_move_and_by_the_decision() -> None:
    first, second = found([(1, 0, 0), (1, 4, 1)], [(1, 9, bridge.WON)], [])

    assert (first.days.tolist(), second.days.tolist()) == ([4.0], [5.0])
    assert (first.n_won, first.n_open) == (1, 0)


def test_longest_of_several_visits_counts() -> None:
    visits = [(1, 0, 0), (1, 2, 1), (1, 3, 0), (1, 10, 1)]

    first, second = found(visits, [(1, 12, bridge.WON)], [])

    assert (first.days.tolist(), second.days.tolist()) == ([7.0], [2.0])


@pytest.mark.parametrize(
    ("parkings", "longest"),
    [
        ([(1, 2, day(12))], 8.0),
        ([(1, 2, day(50)), (1, 12, UNKNOWN)], 8.0),
        ([(1, 2, day(4)), (1, 5, day(19))], 2.0),
        ([(1, 30, day(40))], 20.0),
        ([], 20.0),
    ],
)
def test_parked_time_is_cut_out(parkings: list[tuple[int, float, int]], longest: float) -> None:
    first, _second = found([(1, 0, 0), (1, 20, 1)], [(1, 21, bridge.WON)], parkings)

    assert first.days.tolist() == [longest]


def test_lost_open_reopened_and_merged_deals_are_what_they_are() -> None:
    visits = [(number, 0, 0) for number in (1, 2, 3, 4)]
    outcomes = [
        (1, 5, bridge.LOST),
        (2, 5, bridge.WON),
        (2, 6, bridge.OPEN),
        (3, 5, bridge.MERGED),
    ]

    first, second = found(visits, outcomes, [])

    assert (first.n_entered, first.n_won, first.n_open) == (4, 0, 3)
    assert second.n_entered == 0


def test_what_comes_after_the_decision_is_no_visit() -> None:
    _first, second = found([(1, 0, 0), (1, 5, 1)], [(1, 5, bridge.WON)], [])

    assert second.n_entered == 0


def test_least_number_is_the_same_where_it_is_said() -> None:
    assert ageing.MIN_WON == MIN_WON
