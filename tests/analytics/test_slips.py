"""Slips of expected closes: planted ones are found, with whom and by how much."""

from __future__ import annotations

import numpy as np
import pytest

from penstock.analytics import slips
from penstock.analytics.bridge import LOST, WON
from penstock.analytics.eventlog import UNKNOWN, Facts, facts
from penstock.analytics.slips import Told

BOB, DAN = 7, 8
Row = tuple[int, int, int]


def _facts(rows: list[Row]) -> Facts:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return facts(*columns)


def _found(
    closes: list[Row],
    *,
    owners: list[Row] | None = None,
    ends: list[Row] | None = None,
    start: int = 0,
    stop: int = 100,
) -> dict[int, slips.Slips]:
    cases = sorted({case for case, _at, _value in closes})
    told = Told(
        close_on=_facts(closes),
        owner=_facts(owners or [(case, 0, BOB) for case in cases]),
        outcome=_facts(ends or []),
        won=_facts([(case, at, at) for case, at, verdict in ends or [] if verdict == WON]),
    )
    found = slips.slips(told, start=start, stop=stop, last=stop)
    return {one.owner: one for one in found}


def test_pushes_and_pulls_are_counted_with_their_days() -> None:
    [one] = _found([(1, 0, 10), (1, 5, 40), (1, 6, 35), (2, 0, 90)]).values()

    assert (one.n_pushes, one.n_pulls) == (1, 1)
    assert (one.push.days, one.pull.days) == (30, 5)
    assert (one.pushed.n, one.pushed.of) == (1, 2)
    assert one.pushed_cases.tolist() == [1]


def test_first_word_and_silence_are_no_slips() -> None:
    [one] = _found([(1, 0, 10), (1, 5, UNKNOWN), (1, 6, 80)]).values()

    assert (one.n_pushes, one.n_pulls) == (0, 0)


def test_slip_is_of_whom_the_deal_was_then() -> None:
    found = _found([(1, 0, 10), (1, 50, 40)], owners=[(1, 0, BOB), (1, 20, DAN)])

    assert {owner: (one.n_pushes, one.pushed.of) for owner, one in found.items()} == {
        BOB: (0, 1),
        DAN: (1, 1),
    }


def test_ended_deals_and_other_windows_do_not_count() -> None:
    closes = [(1, 0, 10), (1, 50, 40), (2, 0, 10), (2, 5, 20), (2, 150, 30)]

    [one] = _found(closes, ends=[(1, 20, LOST)], start=10).values()

    assert (one.n_pushes, one.pushed.of) == (0, 2)
    assert one.overdue_cases.tolist() == [2]


def test_won_deals_are_held_against_what_was_said_first() -> None:
    closes = [(1, 0, 10), (1, 5, 40), (2, 0, 30), (3, 60, 70)]

    [one] = _found(closes, ends=[(1, 45, WON), (2, 25, WON), (3, 55, WON)]).values()

    # The third had no day before it was won.
    assert one.won_cases.tolist() == [1, 2]
    assert one.late.days == (35 + -5) / 2


def test_together_is_every_deal_once() -> None:
    told = Told(
        close_on=_facts([(1, 0, 10), (1, 50, 40)]),
        owner=_facts([(1, 0, BOB), (1, 20, DAN)]),
        outcome=_facts([]),
        won=_facts([]),
    )

    whole = slips.together(told, start=0, stop=100, last=100)

    assert whole is not None
    assert (whole.pushed.n, whole.pushed.of, whole.n_overdue) == (1, 1, 1)


def test_interval_of_the_median_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(400):
        days = (np.random.default_rng(seed).exponential(30, 25) * 1000).astype(np.int64)
        found = slips.middle(days)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 30_000 * np.log(2) <= found.high

    assert 0.93 <= held / 400 <= 0.99


@pytest.mark.parametrize("n", [201, 1000])
def test_ranks_of_many_are_near_those_that_are_counted_out(n: int) -> None:
    found = slips.middle(np.arange(1, n + 1))

    assert found.low is not None
    assert found.low == pytest.approx((n - 1.96 * n**0.5) / 2, abs=2)


def test_middle_of_few_has_no_bounds() -> None:
    assert slips.middle(np.array([3, 4])) == slips.Middle(2, 3.5, None, None)
    assert slips.middle(np.array([], dtype=np.int64)).days is None
