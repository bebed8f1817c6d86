"""Times recover what was planted, where finished cases alone do not."""

from __future__ import annotations

import numpy as np

from penstock.analytics.survival import duration


def test_median_counts_running_cases_where_finished_ones_alone_read_less() -> None:
    rng = np.random.default_rng(3)
    took = rng.exponential(60, 2000)
    watched = rng.uniform(0, 120, 2000)
    days, ended = np.minimum(took, watched), took <= watched

    found = duration(days, ended).median

    assert found.low is not None
    assert found.high is not None
    truth = 60 * np.log(2)
    assert found.low <= truth <= found.high
    assert np.median(days[ended]) < found.low


def test_interval_of_the_median_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        took, watched = rng.exponential(30, 120), rng.uniform(0, 120, 120)
        found = duration(np.minimum(took, watched), took <= watched).median
        held += (found.low or 0.0) <= 30 * np.log(2) <= (found.high or np.inf)

    assert 0.91 <= held / 300 <= 0.985
