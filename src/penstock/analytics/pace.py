"""Whether a goal will be reached: what is usually in by now, and what may still come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Past periods count as if this many periods without any rhythm stood beside them.
PRIOR_PERIODS = 4.0
#: With fewer past months nothing is projected.
MIN_MONTHS = 6
N_TRIALS = 4000
LOW, HIGH = 10.0, 90.0


@dataclass(frozen=True, slots=True)
class Past:
    """One period of the past: at which share of its working days things came in, and how much each was."""

    elapsed: Floats
    amount: Floats

    @property
    def total(self) -> float:
        """All that came in."""
        return float(self.amount.sum())

    def by(self, share: float) -> float:
        """What had come in by a share of the working days."""
        return float(self.amount[self.elapsed <= share + 1e-9].sum())

    def after(self, share: float) -> float:
        """What came in after it."""
        return self.total - self.by(share)


@dataclass(frozen=True, slots=True)
class Expected:
    """Which share of a period's result is usually in; ``n`` past periods with any result say so.

    ``observed`` is what they say by themselves (None without any), ``elapsed`` what the working days
    alone would say; ``share`` lies between.
    """

    share: float
    observed: float | None
    elapsed: float
    n: int


@dataclass(frozen=True, slots=True)
class Projection:
    """What the whole period may come to: median and the range of the middle 80 of 100 trials, from ``n`` months.

    ``reaches`` is the share of trials that reach the goal. All None with fewer than six months.
    """

    middle: float | None
    low: float | None
    high: float | None
    reaches: float | None
    n: int


def expected(past: Sequence[Past], *, elapsed: float) -> Expected:
    """The share of a period's result that is in when a share of its working days has gone by.

    The shares of past periods, weighted by their size, are drawn towards the share of working days as if
    four periods without rhythm stood beside them.

    Args:
        past: Periods of the same length.
        elapsed: Share of working days that have gone by, 0 to 1.

    >>> half = Past(np.array([0.9, 1.0]), np.array([1.0, 3.0]))
    >>> round(expected([half] * 12, elapsed=0.9).share, 3)
    0.412
    >>> expected([], elapsed=0.5).share
    0.5
    """
    told = [one for one in past if one.total > 0]
    n = len(told)
    whole = sum(one.total for one in told)
    observed = sum(one.by(elapsed) for one in told) / whole if whole else None
    if elapsed >= 1:
        return Expected(1.0, observed, elapsed, n)
    share = (n * (observed or 0.0) + PRIOR_PERIODS * elapsed) / (n + PRIOR_PERIODS)
    return Expected(share, observed, elapsed, n)


def projection(
    months: Sequence[Past],
    *,
    result: float,
    goal: float,
    parts: Sequence[float],
    rng: np.random.Generator,
) -> Projection:
    """What a period may come to, if what is still to come is like what came in past months.

    Each trial weighs the past months at random (the Bayesian bootstrap, so that few months give a wide
    range) and draws one for every part of a month that is left.

    Args:
        months: Past calendar months, whole ones.
        result: What is in already.
        goal: What is to be reached.
        parts: For every month of the period that is not over, the share of its working days gone by.
        rng: Of the trials.

    Source:
        D. B. Rubin, "The Bayesian Bootstrap", Annals of Statistics 9 (1981), pp. 130-134.
    """
    n = len(months)
    if not parts:
        return Projection(result, result, result, float(result >= goal), n)
    if n < MIN_MONTHS:
        return Projection(None, None, None, None, n)
    weights = np.cumsum(rng.dirichlet(np.ones(n), size=N_TRIALS), axis=1)
    come = np.full(N_TRIALS, result, dtype=np.float64)
    for share in parts:
        left = np.array([month.after(share) for month in months])
        drawn = (rng.random(N_TRIALS)[:, None] > weights).sum(axis=1)
        come += left[np.minimum(drawn, n - 1)]
    low, middle, high = np.percentile(come, [LOW, 50.0, HIGH])
    reaches = float((come >= goal).mean())
    return Projection(float(middle), float(low), float(high), reaches, n)


def needed(*, result: float, goal: float, days_left: int) -> float | None:
    """How much a working day must bring to reach a goal; 0 when it is reached, None when no day is left.

    >>> needed(result=40, goal=100, days_left=12), needed(result=40, goal=100, days_left=0)
    (5.0, None)
    """
    missing = max(goal - result, 0.0)
    if not missing:
        return 0.0
    return missing / days_left if days_left else None
