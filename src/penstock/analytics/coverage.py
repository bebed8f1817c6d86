"""Whether the pipeline that is due covers what is missing: by what such pipeline brought in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: With fewer past periods nothing is claimed.
MIN_PERIODS = 4
N_TRIALS = 4000
LOW, HIGH = 10.0, 90.0


@dataclass(frozen=True, slots=True)
class Past:
    """A past period, as many days before its end: what was due, what of it was won, and what else was won."""

    due: float
    won_of_due: float
    won_besides: float


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with the bounds of the middle 80 of 100 trials."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a period may come to, from ``n`` past ones; None where there are too few.

    ``yielded`` is the share of the due pipeline that is won in its period, ``besides`` what is won of
    deals that were not due or not there yet, ``projected`` the whole period. ``needed`` is the due
    pipeline that would, in the middle, reach the target; 0 when the target is reached without any.
    """

    n: int
    yielded: Range | None
    besides: Range | None
    projected: Range | None
    needed: float | None
    reaches: float | None


def coverage(
    past: Sequence[Past],
    *,
    due: float,
    won: float,
    target: float | None,
    rng: np.random.Generator,
) -> Coverage:
    """What the due pipeline brings, by past periods seen as many days before their end.

    The share that is won is what was won of all due pipeline by all due pipeline (large periods weigh
    more). A trial weighs the past periods at random (the Bayesian bootstrap) for share and extras, and adds what
    one period drawn by these weights was off.

    Args:
        past: Past periods, each seen as many days before its end as are left now.
        due: Open pipeline that is expected to close in the rest of the period.
        won: What is won in it already.
        target: What is to be won, if anything is.
        rng: Of the trials.

    >>> even = [Past(100.0, 25.0, 10.0)] * 8
    >>> found = coverage(even, due=200, won=5, target=115, rng=np.random.default_rng(0))
    >>> found.yielded.middle, found.projected.middle, found.needed
    (0.25, 65.0, 400.0)
    """
    told = [one for one in past if one.due > 0]
    n = len(told)
    if n < MIN_PERIODS:
        return Coverage(n, None, None, None, None, None)
    dues, wins, extras = (
        np.array([getattr(one, name) for one in told])
        for name in ("due", "won_of_due", "won_besides")
    )
    weights = rng.dirichlet(np.ones(n), size=N_TRIALS)
    shares = (weights @ wins) / (weights @ dues)
    besides = weights @ extras
    drawn = np.minimum(
        (rng.random(N_TRIALS)[:, None] > np.cumsum(weights, axis=1)).sum(axis=1), n - 1
    )
    share, extra = float(wins.sum() / dues.sum()), float(extras.mean())
    # How far a period was off, as a share of what was due, and in what came besides.
    off = (wins / dues - share)[drawn] * due + (extras - extra)[drawn]
    come = np.maximum(won + shares * due + besides + off, won)
    needed = None
    if target is not None:
        missing = max(target - won - extra, 0.0)
        needed = missing / share if share > 0 else (0.0 if not missing else None)
    return Coverage(
        n=n,
        yielded=_range(shares, share),
        besides=_range(besides, extra),
        projected=_range(come, won + share * due + extra),
        needed=needed,
        reaches=None if target is None else float((come >= target).mean()),
    )


def _range(trials: Floats, middle: float) -> Range:
    low, high = np.percentile(trials, [LOW, HIGH])
    return Range(middle, float(low), float(high))
