"""The funnel recovers what was planted, where the usual formulas do not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from penstock.analytics import funnel, survival
from penstock.analytics.eventlog import MICROSECONDS_A_DAY
from penstock.analytics.funnel import Log, Step
from tests.planted.generator import Truth, seen

DAYS = 365.0


def _steps(log: Log, n: int = 5, *, since: float = 0.0) -> list[Step]:
    start = int(since * MICROSECONDS_A_DAY)
    return funnel.steps(log, n_stages=n, start=start, until=log.stop)


def _survivors(log: Log) -> list[float]:
    """The usual formula: entries into the next stage ÷ entries, of the deals that are not lost now."""
    living = ~np.isin(log.visits.case, log.lost.case)
    counts = [int((living & (log.visits.value == place)).sum()) for place in range(5)]
    return [later / earlier for earlier, later in pairwise(counts)]


def _of_entries(step: Step) -> float:
    """The other usual formula: those that went on ÷ all that entered, open ones taken for failures."""
    return step.n_advanced / step.n_entered


def test_a_step_of_70_per_cent_reads_70_where_survivors_read_more() -> None:
    log = seen(np.random.default_rng(1), Truth(), n=6000, days=DAYS)

    found = [step.incidence.ended[0] for step in _steps(log)[:4]]
    naive = _survivors(log)

    for one in found:
        assert one.low is not None
        assert one.high is not None
        assert one.low <= 0.7 <= one.high
        assert one.high - one.low < 0.1
    assert min(naive) > max(one.high or 1.0 for one in found)
    assert max(naive) > 0.8


def test_a_young_pipeline_reads_its_truth_where_open_deals_taken_for_failures_read_less() -> None:
    log = seen(np.random.default_rng(2), Truth(), n=3000, days=150)

    step = _steps(log)[0]
    one = step.incidence.ended[0]

    assert one.low is not None
    assert one.high is not None
    assert one.low <= 0.7 <= one.high
    assert _of_entries(step) < one.low


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(300):
        log = seen(np.random.default_rng(seed), Truth(goes_on=(0.7,)), n=150, days=300)
        [step] = _steps(log, 1)
        one = step.incidence.ended[0]
        assert one.low is not None
        assert one.high is not None
        held += one.low <= 0.7 <= one.high

    assert 0.91 <= held / 300 <= 0.985


def test_comparison_finds_a_planted_leak_and_is_silent_on_noise() -> None:
    alarms, found = 0, 0
    for seed in range(120):
        rng = np.random.default_rng(1000 + seed)
        before, same, leak = (
            [step.incidence.ended[0] for step in _steps(seen(rng, truth, n=500, days=300))]
            for truth in (Truth(), Truth(), Truth(goes_on=(0.7, 0.45, 0.7, 0.7, 0.7)))
        )
        alarms += any(survival.differ(*pair, n_looks=5) for pair in zip(before, same, strict=True))
        found += bool(survival.differ(before[1], leak[1], n_looks=5))

    assert alarms / 120 <= 0.1
    assert found / 120 >= 0.9


def test_late_entries_are_not_taken_for_deals_that_stay() -> None:
    truth = Truth(goes_on=(0.7,), days_on=5, days_lost=5, lag_days=25)
    log = seen(np.random.default_rng(5), truth, n=4000, days=200)
    early = Log(log.visits, log.won, log.lost, log.left, stop=int(125 * MICROSECONDS_A_DAY))

    naive = funnel.steps(log, n_stages=1, start=int(150 * MICROSECONDS_A_DAY), until=log.stop)[0]
    settled = funnel.steps(early, n_stages=1, start=0, until=early.stop)[0]

    assert naive.stay.median.days is not None
    assert settled.stay.median.days is not None
    # The truth is 5 days × ln 2 = 3.5; with entries on their way it seems to take much longer.
    assert abs(settled.stay.median.days - 3.5) < 0.6
    assert naive.stay.median.days > 4.2
