"""What chance allows: how often an interval may hold the truth, and how far a mean may be off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb, sqrt
from statistics import mean, stdev

#: One run in a thousand may be further off on each side.
TAIL = 0.001
#: A mean further off than so many of its standard errors is biased.
FAR = 4.0


def band(n: int, *, level: float) -> tuple[int, int]:
    """Between how many of ``n`` intervals hold the truth if each does so at a level.

    >>> band(100, level=0.95)
    (87, 100)
    """
    likely = [comb(n, k) * level**k * (1 - level) ** (n - k) for k in range(n + 1)]
    low = next(k for k in range(n + 1) if sum(likely[: k + 1]) > TAIL)
    high = next(k for k in range(n, -1, -1) if sum(likely[k:]) > TAIL)
    return low, high


def holds_as_often_as_said(held: Iterable[bool], *, level: float = 0.95) -> bool:
    """Whether intervals hold the truth as often as they say, as far as that can be told from so many."""
    told = list(held)
    low, high = band(len(told), level=level)
    return low <= sum(told) <= high


def off(values: Sequence[float], truth: float) -> float:
    """By how many standard errors the mean of some values is off the truth; negative if it is below."""
    return (mean(values) - truth) / (stdev(values) / sqrt(len(values)))
