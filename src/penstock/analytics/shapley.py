"""How much of a change each of several factors brought about, when their effects meet in each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, sqrt

import numpy as np

#: What comes about when the factors in the set take their new state and all others keep the old one.
Value = Callable[[frozenset[str]], Fraction | Decimal | int]

#: With more factors than this all subsets are too many: draw orders instead.
MOST_FACTORS = 12


@dataclass(frozen=True, slots=True)
class Sampled:
    """A share found from drawn orders, with its standard error; ``n`` counts pairs of orders."""

    share: Fraction
    standard_error: float
    n: int


def exact(value: Value, factors: Sequence[str]) -> dict[str, Fraction]:
    """The Shapley value of each factor: the mean of what it changes, over all orders in which they change.

    The shares sum to ``value(all) - value(none)`` exactly, factors with the same effect have the same
    share, one without effect has 0, and no name or order is preferred.

    Args:
        value: Asked once for every set of factors, ``2 ** n`` times.
        factors: Their names, at most :data:`MOST_FACTORS`, no name twice.

    Raises:
        ValueError: A name stands twice, or there are too many for this way.

    Source:
        A. F. Shorrocks, "Decomposition procedures for distributional analysis: a unified framework based
        on the Shapley value", Journal of Economic Inequality 11 (2013), pp. 99-126.

    >>> length_times_width = lambda on: (3 if "length" in on else 1) * (2 if "width" in on else 1)
    >>> exact(length_times_width, ["length", "width"])
    {'length': Fraction(3, 1), 'width': Fraction(2, 1)}
    >>> exact(lambda on: 0, [])
    {}
    """
    _check(factors)
    return owen(value, {name: (name,) for name in factors})


def owen(value: Value, groups: Mapping[str, Sequence[str]]) -> dict[str, Fraction]:
    """Shares of factors that belong to groups: the shares of a group's factors sum to the group's own.

    Only orders in which a group changes as a block count, so to split a group in more detail moves
    nothing between groups. With one factor in each group it is the Shapley value.

    Args:
        value: As for :func:`exact`, of factors, not of groups.
        groups: The factors of each group; together at most :data:`MOST_FACTORS`.

    Source:
        G. Owen, "Values of games with a priori unions", in Essays in Mathematical Economics and Game
        Theory (1977), pp. 76-88.

    >>> both = lambda on: 6 if {"sold", "power", "staff"} <= on else 0
    >>> shares = owen(both, {"demand": ["sold"], "capacity": ["power", "staff"]})
    >>> [str(shares[name]) for name in ("sold", "power", "staff")]
    ['3', '3/2', '3/2']
    """
    _check([name for members in groups.values() for name in members])
    told = _remembered(value)
    shares: dict[str, Fraction] = {}
    for group, members in groups.items():
        others = [frozenset(names) for key, names in groups.items() if key != group]
        for name in members:
            beside = [frozenset({other}) for other in members if other != name]
            shares[name] = sum(
                (
                    outer * inner * (told(before | within | {name}) - told(before | within))
                    for before, outer in _weighed(others)
                    for within, inner in _weighed(beside)
                ),
                Fraction(0),
            )
    return shares


def sampled(
    value: Value, factors: Sequence[str], *, n_pairs: int, rng: np.random.Generator
) -> dict[str, Sampled]:
    """The Shapley value from drawn orders, each together with its reverse, for many factors.

    The shares still sum to the whole change exactly, whatever is drawn. The standard error is that of
    the mean over the pairs.

    Args:
        value: Asked once for every set that comes up, at most ``2 * n_pairs * n`` times.
        factors: Any number of names, no name twice.
        n_pairs: Orders to draw, 2 or more.
        rng: Of the orders.

    >>> added = lambda on: sum(int(name) for name in on)
    >>> found = sampled(added, ["1", "2", "3"], n_pairs=4, rng=np.random.default_rng(0))
    >>> found["3"]
    Sampled(share=Fraction(3, 1), standard_error=0.0, n=4)
    """
    _check(factors, most=None)
    if n_pairs < 2:
        raise ValueError("two pairs of orders at least: one alone has no standard error")
    told = _remembered(value)
    drawn: dict[str, list[Fraction]] = {name: [] for name in factors}
    for _pair in range(n_pairs):
        order = [factors[place] for place in rng.permutation(len(factors))]
        there, back = sequential(told, order), sequential(told, order[::-1])
        for name in factors:
            drawn[name].append((there[name] + back[name]) / 2)
    return {name: _mean(shares) for name, shares in drawn.items()}


def sequential(value: Value, order: Sequence[str]) -> dict[str, Fraction]:
    """What each factor changes when they change one after the other, in this order.

    It depends on the order, so one order alone is no answer to *why*: show two that are opposed.

    >>> area = lambda on: (3 if "length" in on else 1) * (2 if "width" in on else 1)
    >>> sequential(area, ["length", "width"]), sequential(area, ["width", "length"])
    ({'length': Fraction(2, 1), 'width': Fraction(3, 1)}, {'width': Fraction(1, 1), 'length': Fraction(4, 1)})
    """
    on: frozenset[str] = frozenset()
    shares = {}
    for name in order:
        after = on | {name}
        shares[name] = Fraction(value(after)) - Fraction(value(on))
        on = after
    return shares


def in_whole(
    shares: Mapping[str, Fraction], *, places: Decimal = Decimal("0.0001")
) -> dict[str, Decimal]:
    """Shares as decimals that still add up: what rounding leaves goes to those that were cut the most.

    The sum must itself be a multiple of ``places``; it is when counts or money were shared out.

    >>> thirds = {name: Fraction(100, 3) for name in "abc"}
    >>> [str(share) for share in in_whole(thirds, places=Decimal(1)).values()]
    ['34', '33', '33']
    """
    unit = Fraction(places)
    floors = {name: share // unit for name, share in shares.items()}
    left = int(sum(shares.values(), Fraction(0)) / unit) - sum(floors.values())
    by_rest = sorted(shares, key=lambda name: floors[name] - shares[name] / unit)
    for name in by_rest[:left]:
        floors[name] += 1
    return {name: floors[name] * places for name in shares}


def _check(factors: Sequence[str], *, most: int | None = MOST_FACTORS) -> None:
    if len(set(factors)) != len(factors):
        raise ValueError("a factor has its name twice")
    if most is not None and len(factors) > most:
        raise ValueError(f"more than {most} factors: draw orders instead")


def _remembered(value: Value) -> Callable[[frozenset[str]], Fraction]:
    found: dict[frozenset[str], Fraction] = {}

    def told(on: frozenset[str]) -> Fraction:
        if on not in found:
            found[on] = Fraction(value(on))
        return found[on]

    return told


def _weighed(blocks: Sequence[frozenset[str]]) -> list[tuple[frozenset[str], Fraction]]:
    """Every union of blocks, with the share of orders in which just these come before one more block."""
    n = len(blocks)
    return [
        (
            frozenset().union(*chosen),
            Fraction(factorial(size) * factorial(n - size), factorial(n + 1)),
        )
        for size in range(n + 1)
        for chosen in combinations(blocks, size)
    ]


def _mean(shares: Sequence[Fraction]) -> Sampled:
    n = len(shares)
    mean = sum(shares, Fraction(0)) / n
    spread = sum(float(share - mean) ** 2 for share in shares) / (n - 1)
    return Sampled(share=mean, standard_error=sqrt(spread / n), n=n)
