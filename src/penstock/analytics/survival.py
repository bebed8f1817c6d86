"""How long things take and how they end, with those that have not ended yet counted as what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.conversion import Z95, bounds

Days = NDArray[np.float64]
Ints = NDArray[np.int64]
Kinds = NDArray[np.int64]
#: Numbers of cases, or sums of parts of them.
Counted = NDArray[Any]

#: Beyond the time at which so few are still watched, nothing is claimed.
MIN_AT_RISK = 5
_KIND_BITS = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in [0, 1] with its 95 % interval; all None when there are no cases."""

    share: float | None
    low: float | None
    high: float | None
    variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Quantile:
    """So many days until a share of the cases ended, with its 95 % interval; None where it is not reached."""

    days: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Duration:
    """How long ``n`` cases take, of which ``n_ended`` ended; the others are still running."""

    n: int
    n_ended: int
    median: Quantile
    p85: Quantile


@dataclass(frozen=True, slots=True)
class Incidence:
    """How ``n`` cases ended by ``horizon_days``: a share per kind of end, and the rest undecided.

    ``times`` and ``curves`` (a row per kind) are the shares over time, up to the horizon.
    """

    n: float
    n_censored: float
    horizon_days: float | None
    ended: tuple[Estimate, ...]
    undecided: float | None
    times: Days
    curves: NDArray[np.float64]


def incidence(
    days: Days | Ints,
    kinds: Kinds,
    *,
    n_kinds: int,
    weights: Days | None = None,
    unit: int = 1,
) -> Incidence:
    """The Aalen-Johansen estimate of how cases end, under competing risks and with censoring.

    Args:
        days: Days each case was watched, float64, or parts of days, int64, shape (n,), in any order; not negative.
        kinds: How it ended: 1 to ``n_kinds``, or 0 if it was still running (censored), int64, shape (n,).
        n_kinds: Number of ways to end.
        weights: What part of each case counts, above 0 and up to 1, float64, shape (n,); all of it
            without them. Numbers of cases are sums of weights. The variance is that of so many whole
            cases, which is never too small.
        unit: How many of ``days`` make a day.

    Returns:
        Shares at the horizon: the last end that was seen while at least ``MIN_AT_RISK`` cases were
        watched, or the very last if nothing is censored. Without censoring the share is the plain one
        and its interval Wilson's; else the variance is that of the delta method and the interval
        comes from the log(-log) transform. For no cases, shares are None.

    Source:
        O. O. Aalen and S. Johansen, "An Empirical Transition Matrix for Non-homogeneous Markov Chains
        Based on Censored Observations", Scandinavian Journal of Statistics 5 (1978); the variance as in
        E. Marubini and M. G. Valsecchi, Analysing Survival Data from Clinical Trials (1995), p. 341.

    >>> found = incidence(np.array([1.0, 2, 3, 4]), np.array([1, 2, 1, 1]), n_kinds=2)
    >>> [one.share for one in found.ended], found.undecided
    ([0.75, 0.25], 0.0)
    >>> halves = np.array([0.5, 0.5, 1.0])
    >>> incidence(np.array([1.0, 2, 3]), np.array([1, 1, 2]), n_kinds=2, weights=halves).ended[0].share
    0.5
    """
    n = len(days)
    empty = np.empty(0)
    if n == 0:
        none = Estimate(None, None, None)
        return Incidence(0, 0, None, (none,) * n_kinds, None, empty, np.empty((n_kinds, 0)))
    counted = np.ones(n, dtype=np.int64) if weights is None else weights
    n_all, n_censored = counted.sum().item(), counted[kinds == 0].sum().item()
    times, at_risk, ends = _table(days, kinds, counted, n_kinds=n_kinds, unit=unit)
    if n_censored:
        kept = at_risk >= MIN_AT_RISK
        times, at_risk, ends = times[kept], at_risk[kept], ends[:, kept]
    # The sum of parts may exceed the whole by a hair.
    left = np.maximum(1 - ends.sum(axis=0) / at_risk, 0)
    surviving = np.cumprod(left) if len(times) else empty
    before = np.concatenate(([1.0], surviving[:-1])) if len(times) else empty
    curves = np.cumsum(before * ends / at_risk, axis=1) if len(times) else ends.astype(float)
    estimates = tuple(
        _estimate(kind, n_all, n_censored, (at_risk, ends, before, curves))
        for kind in range(1, n_kinds + 1)
    )
    return Incidence(
        n=n_all,
        n_censored=n_censored,
        horizon_days=float(times[-1]) if len(times) else None,
        ended=estimates,
        undecided=float(surviving[-1]) if len(times) else 1.0,
        times=times,
        curves=curves,
    )


def _table(
    days: Days | Ints, kinds: Kinds, counted: Counted, *, n_kinds: int, unit: int = 1
) -> tuple[Days, Counted, Counted]:
    """Distinct times of ends, how many were watched just before each, and ends per kind."""
    ordered: Any
    if counted.dtype == days.dtype == np.int64 and n_kinds < 1 << _KIND_BITS:
        # Whole cases and whole times: both in one number, which is sorted four times as fast as an order is found.
        packed = np.sort((days.astype(np.int64) << _KIND_BITS) | kinds)
        ordered, ended, parts = packed >> _KIND_BITS, packed & ((1 << _KIND_BITS) - 1), counted
    else:
        by = np.argsort(days)
        ordered, ended, parts = days[by], kinds[by], counted[by]
    starts = np.flatnonzero(np.append(len(days) > 0, ordered[1:] != ordered[:-1])[: len(days)])
    ends = np.zeros((n_kinds, len(starts)), dtype=counted.dtype)
    for kind in range(n_kinds):
        # Of all that share a time: how many ended so.
        if len(starts):
            ends[kind] = np.add.reduceat(np.where(ended == kind + 1, parts, 0), starts)
    gone = np.concatenate((np.zeros(1, dtype=counted.dtype), np.cumsum(parts)))
    is_end = ends.any(axis=0)
    return ordered[starts[is_end]] / unit, gone[-1] - gone[starts[is_end]], ends[:, is_end]


def _estimate(
    kind: int,
    n: float,
    n_censored: float,
    table: tuple[Counted, Counted, Days, NDArray[np.float64]],
) -> Estimate:
    at_risk, ends, before, curves = table
    if not n_censored:
        n_mine = min(n, ends[kind - 1].sum().item())
        plain = n_mine / n
        return Estimate(plain, *bounds(n_mine, of=n), plain * (1 - plain) / n)
    if not len(at_risk):
        return Estimate(0.0, 0.0, 1.0)
    mine, total, curve = ends[kind - 1], ends.sum(axis=0), curves[kind - 1]
    rest = curve[-1] - curve
    watched = at_risk.astype(float)
    # When all that are watched end at once the Greenwood term has no variance left to give.
    living = np.where(at_risk > total, watched * (watched - total), np.inf)
    variance = float(
        (rest**2 * total / living).sum()
        + (before**2 * (watched - mine) * mine / watched**3).sum()
        - 2 * (rest * before * mine / watched**2).sum()
    )
    return _transformed(float(curve[-1]), max(variance, 0.0), n=n)


def _transformed(found: float, variance: float, *, n: float) -> Estimate:
    if found <= 0 or found >= 1 or variance <= 0:
        return Estimate(found, *bounds(min(n, round(found * n)), of=n), variance)
    width = Z95 * sqrt(variance) / (found * abs(log(found)))
    return Estimate(found, found ** exp(width), found ** exp(-width), variance)


def duration(days: Days | Ints, has_ended: NDArray[np.bool_], *, unit: int = 1) -> Duration:
    """Median and 85 % of durations, running cases included: Kaplan-Meier with the Brookmeyer-Crowley interval.

    Args:
        days: Days each case took or has been running, float64, or parts of days, int64, shape (n,).
        has_ended: Whether it ended, bool, shape (n,).
        unit: How many of ``days`` make a day.

    Returns:
        The first time by which at least the share had ended; None where it is not reached. Intervals
        invert the log(-log) interval of Greenwood's variance.

    Source:
        E. L. Kaplan and P. Meier, JASA 53 (1958); R. Brookmeyer and J. Crowley, Biometrics 38 (1982).
        The remission times of 6-MP of E. J. Freireich et al. (1963) have the median 23.

    >>> weeks = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35.0])
    >>> ended = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    >>> duration(weeks, ended).median.days
    23.0
    """
    nothing = Quantile(None, None, None)
    n_ended = int(has_ended.sum())
    if n_ended == 0:
        return Duration(len(days), 0, nothing, nothing)
    whole = np.ones(len(days), dtype=np.int64)
    ended = has_ended.astype(np.int64)
    times, at_risk, ends = _table(days, ended, whole, n_kinds=1, unit=unit)
    steps = ends[0] / at_risk
    surviving = np.cumprod(1 - steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ends[0] / (at_risk * (at_risk - ends[0]).astype(float)))
        spread = Z95 * np.sqrt(greenwood) / np.abs(np.log(surviving))
        low = np.where(surviving > 0, surviving ** np.exp(spread), 0.0)
        high = np.where(surviving > 0, surviving ** np.exp(-spread), 0.0)
    low, high = np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=0.0)
    # Past the last end the upper bound stays open: nobody saw those cases end.
    found = [_quantile(times, surviving, low, high, left=left) for left in (0.5, 0.15)]
    return Duration(len(days), n_ended, found[0], found[1])


def _quantile(times: Days, surviving: Days, low: Days, high: Days, *, left: float) -> Quantile:
    def first(curve: Days) -> float | None:
        # Shares like 1 - 0.85 are not exact in binary: a hair must not cost a whole step.
        reached = np.flatnonzero(curve <= left + 1e-12)
        return float(times[reached[0]]) if len(reached) else None

    return Quantile(first(surviving), first(low), first(high))


def of_those(found: Incidence, days: Days) -> Duration:
    """How long those take that end in the first way by the horizon, running cases allowed for.

    A case that took long is seen to its end less often; each stands for as many as its step of the curve
    says. The interval inverts that of the share (Woodruff), with as many cases as the weights are worth
    (Kish).

    Args:
        found: The incidence of all cases, unweighted.
        days: How long those took that were seen to end in the first way, float64, shape (n,), in any order.

    Source:
        R. S. Woodruff, "Confidence Intervals for Medians and Other Position Measures", JASA 47 (1952);
        L. Kish, Survey Sampling (1965), ch. 11.7.

    >>> days = np.array([1.0, 2, 3, 4, 5])
    >>> of_those(incidence(days, np.ones(5, dtype=np.int64), n_kinds=1), days).median.days
    3.0
    """
    nothing = Quantile(None, None, None)
    curve = found.curves[0] if len(found.curves) else np.empty(0)
    if not len(curve) or curve[-1] <= 0:
        return Duration(len(days), 0, nothing, nothing)
    ended = np.bincount(np.searchsorted(found.times, days), minlength=len(curve))[: len(curve)]
    # What a case stands for, of all that end so; a moment at which none did is not looked at.
    weight = np.diff(curve, prepend=0.0) / np.maximum(ended, 1) / curve[-1]
    worth = 1 / float((ended * weight**2).sum())
    part = curve / curve[-1]
    median, p85 = (_position(found.times, part, share, n=worth) for share in (0.5, 0.85))
    return Duration(len(days), len(days), median, p85)


def _position(times: Days, part: Days, share: float, *, n: float) -> Quantile:
    def first(wanted: float) -> float | None:
        reached = np.flatnonzero(part >= wanted - 1e-12)
        return float(times[reached[0]]) if len(reached) else None

    low, high = bounds(share * n, of=n)
    return Quantile(first(share), first(low), first(high))


def differ(one: Estimate, other: Estimate, *, n_looks: int = 1) -> bool | None:
    """Whether two independent shares differ beyond chance, at 5 % over all ``n_looks`` comparisons (Bonferroni).

    None where either is unknown or has no variance.

    >>> differ(Estimate(0.7, 0.6, 0.8, 0.0025), Estimate(0.4, 0.3, 0.5, 0.0025))
    True
    """
    if one.share is None or other.share is None or one.variance + other.variance <= 0:
        return None
    z = abs(one.share - other.share) / sqrt(one.variance + other.variance)
    return z > _two_sided(0.05 / n_looks)


def _two_sided(alpha: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415 -- slow to load, and few pages compare

    return NormalDist().inv_cdf(1 - alpha / 2)


def shares(found: Sequence[Estimate]) -> list[float | None]:
    """Only the shares."""
    return [one.share for one in found]
