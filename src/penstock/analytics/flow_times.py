"""How cases flow through: how many are inside at each moment, and for how long, from the times they came and left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.eventlog import Facts, Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Little:
    """The two ways to add up the same time, and the three averages that follow.

    Attributes:
        area: The number inside, summed over the time of the window.
        stays: How long each case was inside within the window, summed over cases.
        inside: Average number inside.
        per_time: How many came per unit of time.
        mean_stay: Average time inside of those that left within the window, from their coming; None for none.
        n_left: How many left.
    """

    area: float
    stays: float
    inside: float
    per_time: float
    mean_stay: float | None
    n_left: int

    @property
    def gap(self) -> float | None:
        """How far the average number inside is from rate times stay, as a share of it; None where unknown.

        Little's law says that the two are equal in the long run, of a flow that neither grows nor ages. Of a
        short window a large gap says that it is not so, not that one of them is wrong.
        """
        if self.mean_stay is None or not self.inside:
            return None
        return self.per_time * self.mean_stay / self.inside - 1


@dataclass(frozen=True, slots=True)
class Cumulative:
    """How many cases had come into each stage or a later one by the end of each step.

    Attributes:
        reached: Steps × stages, never falling from a step to the next for the stages that nobody goes back from.
        inside: Steps × stages, how many stand in each.
    """

    reached: Ints
    inside: Ints


def little(came: Floats, left: Floats, *, start: float, stop: float) -> Little:
    """Number inside against time inside, over any window: the areas are the same, whatever happened.

    Args:
        came: When each case came, shape (n,).
        left: When it left, infinite while it is inside.
        start: Begin of the window.
        stop: Its end, later.

    Raises:
        ValueError: A case left before it came.

    Source:
        J. D. C. Little, "Little's Law as Viewed on Its 50th Anniversary", Operations Research 59 (2011),
        pp. 536-549, on finite windows.

    >>> found = little(np.array([0.0, 2.0]), np.array([3.0, np.inf]), start=1, stop=5)
    >>> found.area, found.stays, found.inside
    (5.0, 5.0, 1.25)
    """
    if (left < came).any():
        raise ValueError("a case leaves after it came")
    within = (came < stop) & (left > start)
    stays = np.minimum(left[within], stop) - np.maximum(came[within], start)
    gone = (left >= start) & (left < stop)
    length = stop - start
    area = _area(came, left, start=start, stop=stop)
    return Little(
        area=area,
        stays=float(stays.sum()),
        inside=area / length,
        per_time=int(((came >= start) & (came < stop)).sum()) / length,
        mean_stay=float((left[gone] - came[gone]).mean()) if gone.any() else None,
        n_left=int(gone.sum()),
    )


def _area(came: Floats, left: Floats, *, start: float, stop: float) -> float:
    """The number inside over time, added up from step to step: the other way round than case by case."""
    ends = left[np.isfinite(left)]
    moments = np.concatenate(([start], came, ends, [stop]))
    moments = np.unique(np.clip(moments, start, stop))
    n = np.searchsorted(np.sort(came), moments, side="right") - np.searchsorted(
        np.sort(ends), moments, side="right"
    )
    return float((n[:-1] * np.diff(moments)).sum())


def inside_at(came: Floats, left: Floats, moments: Floats) -> Ints:
    """How many are inside just before each moment.

    >>> inside_at(np.array([0.0, 2.0]), np.array([3.0, np.inf]), np.array([1.0, 2.5, 4.0])).tolist()
    [1, 2, 1]
    """
    n_came = np.searchsorted(np.sort(came), moments, side="left")
    n_left = np.searchsorted(np.sort(left), moments, side="left")
    return np.asarray(n_came - n_left, dtype=np.int64)


def cumulative_flow(visits: Facts, gone: Facts, *, ends: Ints, n_stages: int) -> Cumulative:
    """A cumulative flow diagram: how many stand in each stage at the end of each step, and how many came so far.

    Args:
        visits: Entries into stages; the value is the place of the stage, 0 for the first.
        gone: When cases left otherwise than through the last stage, as by being cancelled; from then on they
            stand nowhere, until they enter a stage again. Values do not matter.
        ends: The end of each step, rising; what happens at that very moment belongs to the next one.
        n_stages: How many stages there are.

    Returns:
        ``inside`` counts where each case stands. ``reached`` counts, per stage, the cases that have come at
        least so far until then and not left otherwise before: it is the sum of ``inside`` of this and all
        later stages plus nothing else, so bands between two lines are what stands between them.

    >>> visits = Facts(np.array([1, 1, 2]), np.array([0, 5, 3]), np.array([0, 1, 0]))
    >>> none = Facts(*np.empty((3, 0), dtype=np.int64))
    >>> cumulative_flow(visits, none, ends=np.array([1, 4, 9]), n_stages=2).inside.tolist()
    [[1, 0], [2, 0], [1, 1]]
    """
    steps = np.zeros((len(ends) + 1, n_stages + 1), dtype=np.int64)
    case = np.concatenate((visits.case, gone.case))
    at = np.concatenate((visits.at, gone.at))
    place = np.concatenate((visits.value, np.full(len(gone), n_stages)))
    # Of one moment the later visit counts, and leaving after all visits.
    by = np.lexsort((np.arange(len(case)), at, case))
    case, at, place = case[by], at[by], place[by]
    is_first = np.append(len(case) > 0, case[1:] != case[:-1])[: len(case)]
    before = np.where(is_first, n_stages, np.roll(place, 1))
    when = np.searchsorted(ends, at, side="right")
    np.add.at(steps, (when, place), 1)
    np.add.at(steps, (when, before), -1)
    inside = np.cumsum(steps[:-1, :n_stages], axis=0)
    reached = np.cumsum(inside[:, ::-1], axis=1)[:, ::-1]
    return Cumulative(reached=reached, inside=inside)


@dataclass(frozen=True, slots=True)
class Spread:
    """What weeks bring: the middle one, and those that 15 and 85 of 100 do not exceed; None for no week."""

    n: int
    low: float | None
    median: float | None
    high: float | None


def spread(weeks: Floats) -> Spread:
    """The spread of some weeks; each figure is that of a real week.

    >>> spread(np.array([3.0, 1.0, 8.0, 5.0]))
    Spread(n=4, low=1.0, median=3.0, high=8.0)
    """
    if not len(weeks):
        return Spread(0, None, None, None)
    cuts = np.quantile(weeks, (0.15, 0.5, 0.85), method="inverted_cdf")
    low, median, high = (float(cut) for cut in cuts)
    return Spread(len(weeks), low, median, high)


def done_when_busy(done: Floats, days: Floats, *, is_busy: NDArray[np.bool_]) -> Spread:
    """What can be done in a week of five working days, from weeks in which work never ran out.

    A week in which it did run out says only that at least so much could be done: it is left out, else a lack of
    orders would look like a lack of capacity. Weeks without working days say nothing.

    Args:
        done: What was done in each week.
        days: Its working days.
        is_busy: Whether work was left at the end of each of its days.

    >>> five = np.full(3, 5.0)
    >>> done_when_busy(np.array([10.0, 2.0, 8.0]), five, is_busy=np.array([True, False, True]))
    Spread(n=2, low=8.0, median=8.0, high=10.0)
    """
    told = is_busy & (days > 0)
    return spread(done[told] / days[told] * 5)
