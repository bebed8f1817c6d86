"""When work is finished that is done in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics.overtaking import finish

HOURS = st.lists(st.floats(0, 100), min_size=1, max_size=20)
WEEK, TWO = np.array([7.0]), np.array([7.0, 14.0])


def test_what_goes_first_adds_its_own_time() -> None:
    needed = np.array([20.0, 50.0])
    hours = np.array([70.0, 70.0])

    later = finish(needed + 35, ends=TWO, hours=hours) - finish(needed, ends=TWO, hours=hours)

    assert later.tolist() == [3.5, 3.5]


def test_period_without_hours_is_waited_through() -> None:
    ends, hours = np.array([7.0, 14.0, 21.0]), np.array([70.0, 0.0, 70.0])

    found = finish(np.array([70.0, 71.0]), ends=ends, hours=hours)

    assert np.round(found, 6).tolist() == [7.0, 14.1]


def test_beyond_the_last_period_nobody_can_tell() -> None:
    assert np.isnan(finish(np.array([71.0]), ends=WEEK, hours=np.array([70.0]))).all()
    assert np.isnan(finish(np.array([1.0]), ends=WEEK, hours=np.array([0.0]))).all()


def test_nothing_is_finished_at_once() -> None:
    assert finish(np.array([0.0]), ends=WEEK, hours=np.array([70.0])).tolist() == [0.0]
    assert finish(np.array([]), ends=WEEK, hours=np.array([70.0])).tolist() == []


@given(HOURS, HOURS, st.floats(0, 50))
def test_more_before_it_never_finishes_it_sooner(
    work: list[float], hours: list[float], extra: float
) -> None:
    ends, able = np.arange(1.0, len(hours) + 1), np.array(hours)
    needed = np.cumsum(work)

    before = finish(needed, ends=ends, hours=able)
    after = finish(needed + extra, ends=ends, hours=able)

    told = ~np.isnan(after)
    assert not np.isnan(before[told]).any()
    assert (after[told] >= before[told] - 1e-9).all()
