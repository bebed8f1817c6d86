"""What is won over time, and why it is more or less than before: deals, their size, or what they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import sqrt

import numpy as np

from penstock.analytics import counts
from penstock.analytics.conversion import Z95
from penstock.analytics.counts import Change
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, Ints, exact_sum

FACTORS = ("number", "mix", "size")


@dataclass(frozen=True, slots=True)
class Part:
    """The deals of one group in a span: how many, and their exact sum in ten-thousandths."""

    n: int
    total: int


@dataclass(frozen=True, slots=True)
class Decomposed:
    """The change of a sum, exact: ``number`` + ``mix`` + ``size`` is ``change``, all in ten-thousandths.

    ``number``: more or fewer deals of the same mix and sizes. ``mix``: another share of each group.
    ``size``: larger or smaller deals within the groups.
    """

    before: int
    after: int
    number: int
    mix: int
    size: int

    @property
    def change(self) -> int:
        """What the sum grew by."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Whether a change is more than chance: of the number of deals, and of the sum with its 95 % interval."""

    number: Change
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the sum changed beyond chance."""
        return self.low > 0 or self.high < 0


def decompose(before: Mapping[int, Part], after: Mapping[int, Part]) -> Decomposed:
    """Why the sum of one span is not that of another.

    The sum is the number of deals, times the share of each group, times the mean size within it. Each
    factor is given the mean of what its change does in all orders in which the three can change
    (Shapley), so that nothing is left over and no order is preferred. A group that is missing on one
    side has the size of the other: it comes or goes by the mix.

    Args:
        before: Deals with an amount of the earlier span, by group.
        after: Those of the later one.

    Source:
        A. F. Shorrocks, "Decomposition procedures for distributional analysis: a unified framework based
        on the Shapley value", Journal of Economic Inequality 11 (2013), pp. 99-126.

    >>> decompose({1: Part(10, 1000)}, {1: Part(20, 1500)})
    Decomposed(before=1000, after=1500, number=875, mix=0, size=-375)
    """
    old, new = _factors(before, after), _factors(after, before)
    effects = dict.fromkeys(FACTORS, Fraction(0))
    orders = list(permutations(FACTORS))
    for order in orders:
        state = dict(zip(FACTORS, old, strict=True))
        for name in order:
            start = _value(state)
            state[name] = dict(zip(FACTORS, new, strict=True))[name]
            effects[name] += (_value(state) - start) / len(orders)
    rounded = {name: round(value) for name, value in effects.items()}
    whole, end = _total(before), _total(after)
    # Of what rounding leaves, a ten-thousandth or two, the size has the rest.
    rounded["size"] = end - whole - rounded["number"] - rounded["mix"]
    return Decomposed(before=whole, after=end, **rounded)


def steadiness(before: Ints, after: Ints, *, days: int) -> Steadiness:
    """Whether two equally long spans differ beyond chance, if deals come independently of one another.

    The variance of a sum of a random number of amounts is the sum of their squares (compound Poisson).

    Args:
        before: Amounts of the earlier span.
        after: Those of the later one.
        days: The length of each.
    """
    change = exact_sum(after) - exact_sum(before)
    spread = Z95 * sqrt(
        sum(float((side.astype(np.float64) ** 2).sum()) for side in (before, after))
    )
    number = counts.change(len(after), days=days, n_before=len(before), days_before=days)
    return Steadiness(number=number, low=change - spread, high=change + spread)


def unentered(delays: Ints, *, since_stop: int, days: int) -> float:
    """Which share of the ends of a span is not entered yet, if ends come evenly and as late as others did.

    Args:
        delays: How long after it happened each of some earlier ends was entered, in microseconds.
        since_stop: How long ago the span ended, in microseconds.
        days: Its length.

    Returns:
        A share in [0, 1); 0 for no delays. Earlier ends that are not entered yet are in no delay, so it
        is too low where delays are longer than the span.

    >>> unentered(np.array([0, 2 * MICROSECONDS_A_DAY]), since_stop=0, days=10)
    0.1
    """
    if not len(delays):
        return 0.0
    length = days * MICROSECONDS_A_DAY
    late = np.clip(delays - max(since_stop, 0), 0, length)
    return min(float(late.mean()) / length, 1 - 1 / (len(delays) + 1))


def _factors(
    own: Mapping[int, Part], other: Mapping[int, Part]
) -> tuple[Fraction, dict[int, Fraction], dict[int, Fraction]]:
    """Number, share of each group, mean size in each; where one is undefined, that of the other side."""
    n, n_other = (sum(part.n for part in side.values()) for side in (own, other))
    side, n_side = (own, n) if n else (other, n_other)
    groups = set(own) | set(other)
    nothing = Part(0, 0)
    shares = {
        group: Fraction(side.get(group, nothing).n, n_side) if n_side else Fraction(0)
        for group in groups
    }
    sizes = {}
    for group in groups:
        part = own.get(group, nothing)
        part = part if part.n else other.get(group, nothing)
        sizes[group] = Fraction(part.total, part.n) if part.n else Fraction(0)
    return Fraction(n), shares, sizes


def _value(state: Mapping[str, object]) -> Fraction:
    number, shares, sizes = (state[name] for name in FACTORS)
    assert isinstance(number, Fraction)
    assert isinstance(shares, dict)
    assert isinstance(sizes, dict)
    return number * sum((share * sizes[group] for group, share in shares.items()), Fraction(0))


def _total(parts: Mapping[int, Part]) -> int:
    return sum(part.total for part in parts.values())
