"""Weeks to come, drawn from weeks that were: how much comes in, and how much can be done."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: From so many weeks on, runs of weeks are drawn; from the second number on, single weeks with weights.
ENOUGH, SOME = 26, 8
BLOCK = 4
#: The newest weeks, which are held against all before them; so many standard errors apart are no chance.
RECENT, APART = 8, 3.0

BLOCKS, BAYES, ASSUMED = "blocks", "bayes", "assumed"
DEMAND_DRIFTS, CAPACITY_DRIFTS, CAPACITY_UNSEEN, IS_ASSUMPTION = (
    "demand_drifts",
    "capacity_drifts",
    "capacity_unseen",
    "is_assumption",
)


@dataclass(frozen=True, slots=True)
class History:
    """Past weeks, oldest first, in one measure.

    Attributes:
        demand: What came in.
        done: What was done.
        is_busy: Whether work was left at the end of the week. Only then ``done`` is the capacity; else the
            capacity was at least that.
        days: Working days; a week without any says nothing.
    """

    demand: Floats
    done: Floats
    is_busy: Bools
    days: Floats

    def __post_init__(self) -> None:
        sizes = {len(one) for one in (self.demand, self.done, self.is_busy, self.days)}
        if len(sizes) > 1:
            raise ValueError("every series needs as many weeks")
        if min(map(_least, (self.demand, self.done, self.days))) < 0:
            raise ValueError("amounts and days are 0 or more")

    def __len__(self) -> int:
        return len(self.demand)

    def last(self, n: int) -> History:
        """Its newest weeks."""
        cut = slice(max(len(self) - n, 0), None)
        return History(self.demand[cut], self.done[cut], self.is_busy[cut], self.days[cut])

    def told(self) -> History:
        """Its weeks with working days."""
        kept = self.days > 0
        return History(self.demand[kept], self.done[kept], self.is_busy[kept], self.days[kept])


@dataclass(frozen=True, slots=True)
class Estimate:
    """What somebody takes a week to bring: least, most likely, most."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Draws:
    """Paths of weeks to come, ``n_paths`` × ``n_weeks``, and where they are from.

    Attributes:
        demand: What comes in.
        capacity: What can be done.
        method: One of :data:`BLOCKS`, :data:`BAYES`, :data:`ASSUMED`.
        n_history: Past weeks that they are drawn from.
        warnings: What a reader must know: codes of this module.
    """

    demand: Floats
    capacity: Floats
    method: str
    n_history: int
    warnings: tuple[str, ...]


def drawn(  # noqa: PLR0913 -- what was, what is ahead, and what to assume without either
    history: History,
    *,
    days: Floats,
    n_paths: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    estimates: tuple[Estimate, Estimate] | None = None,
    block: int = BLOCK,
) -> Draws:
    """Draw weeks to come, demand and capacity of one past week always together.

    * 26 past weeks and more: runs of ``block`` weeks, around the end (the moving-block bootstrap), so that
      good and bad weeks come in rows as they did.
    * 8 to 25: single weeks, weighed anew on every path (the Bayesian bootstrap), which carries how little
      so few weeks say.
    * fewer: an assumption, and said to be one: the estimates if there are, else Poisson weeks of an unknown
      rate, in steps of ``unit``.

    When the newest eight weeks differ from those before by more than chance, only they count, and a warning
    says so. Weeks in which nothing happened count; weeks without working days do not. Amounts go by
    working days, so weeks with holidays bring less.

    Args:
        history: Past weeks.
        days: Working days of each week ahead.
        n_paths: How many paths.
        rng: Of the draws; the same one draws the same for every scenario.
        unit: Size of one order in this measure, for the assumption.
        estimates: Of a week's demand and capacity, of five working days.
        block: Weeks in a run.

    Source:
        H. R. Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of
        Statistics 17 (1989), pp. 1217-1241; D. B. Rubin, "The Bayesian bootstrap", Annals of Statistics 9
        (1981), pp. 130-134.

    >>> flat = np.full(30, 10.0)
    >>> history = History(flat, flat + 2, np.full(30, True), np.full(30, 5.0))
    >>> found = drawn(history, days=np.array([5.0, 4.0]), n_paths=3, rng=np.random.default_rng(0))
    >>> found.method, found.demand[0].tolist(), found.capacity[0].tolist()
    ('blocks', [10.0, 8.0], [12.0, 9.6])
    """
    told = history.told()
    warnings = drifts(told)
    if warnings:
        told = told.last(RECENT)
    n = len(told)
    if n < SOME:
        return _assumed(told, days=days, n_paths=n_paths, rng=rng, unit=unit, estimates=estimates)
    shape = (n_paths, len(days))
    if n >= ENOUGH:
        method, weeks = BLOCKS, blocks(n, shape=shape, block=block, rng=rng)
    else:
        method, weeks = BAYES, _weighed(n, shape=shape, rng=rng)
    if not told.is_busy.any():
        warnings = (*warnings, CAPACITY_UNSEEN)
    return Draws(
        demand=(told.demand / told.days)[weeks] * days,
        capacity=_capacity(told, weeks, rng=rng) * days,
        method=method,
        n_history=n,
        warnings=warnings,
    )


def drifts(history: History) -> tuple[str, ...]:
    """Which of demand and capacity are not what they were: the newest eight weeks against all before.

    The standard error allows for weeks that resemble their neighbours (Bartlett weights over four weeks).
    Fewer than eight weeks on either side say nothing.

    >>> demand = np.array([9.0, 11.0] * 10 + [19.0, 21.0] * 4)
    >>> busy = np.full(28, True)
    >>> drifts(History(demand, np.array([9.0, 11.0] * 14), busy, np.full(28, 5.0)))
    ('demand_drifts',)
    """
    told = history.told()
    busy = told.is_busy
    found = []
    if _has_drifted(told.demand / told.days):
        found.append(DEMAND_DRIFTS)
    if _has_drifted((told.done / told.days)[busy]):
        found.append(CAPACITY_DRIFTS)
    return tuple(found)


def _has_drifted(rates: Floats) -> bool:
    before, recent = rates[:-RECENT], rates[-RECENT:]
    if len(before) < RECENT:
        return False
    gap = float(recent.mean() - before.mean())
    # How weeks spread is taken from those before: eight are too few to tell how they resemble each other.
    variance = _long_run_variance(before) * (1 / len(before) + 1 / RECENT)
    # Weeks without any spread have no error: then any gap beyond rounding is one.
    return abs(gap) > max(APART * sqrt(variance), 1e-9 * abs(float(before.mean())))


def _long_run_variance(rates: Floats) -> float:
    off = rates - rates.mean()
    n = len(off)
    near = float(off @ off) / n
    for lag in range(1, BLOCK):
        near += 2 * (1 - lag / BLOCK) * float(off[lag:] @ off[:-lag]) / n
    return max(near, float(off @ off) / n) * n / (n - 1)


def blocks(n: int, *, shape: tuple[int, int], rng: np.random.Generator, block: int = BLOCK) -> Ints:
    """Runs of past weeks, around the end: the number of a week for each path and each week ahead."""
    n_paths, n_weeks = shape
    starts = rng.integers(0, n, size=(n_paths, -(-n_weeks // block)))
    weeks = (starts[:, :, None] + np.arange(block)) % n
    return weeks.reshape(n_paths, -1)[:, :n_weeks]


def _weighed(n: int, *, shape: tuple[int, int], rng: np.random.Generator) -> Ints:
    n_paths, _n_weeks = shape
    bounds = np.cumsum(rng.dirichlet(np.ones(n), size=n_paths), axis=1)
    places = rng.random(shape)
    weeks = np.zeros(shape, dtype=np.int64)
    # One past week after the other, so that memory holds paths × weeks and not that times the history.
    for week in range(n - 1):
        weeks += places > bounds[:, week, None]
    return weeks


def _capacity(told: History, weeks: Ints, *, rng: np.random.Generator) -> Floats:
    """Capacity per working day; weeks in which work ran out take that of a busy week which did as much."""
    rates = told.done / told.days
    busy = np.sort(rates[told.is_busy])
    found = rates[weeks]
    if busy.size == 0:
        return np.full(weeks.shape, rates.max(initial=0.0))
    open_ended = ~told.is_busy[weeks]
    first = np.searchsorted(busy, found[open_ended])
    drawn_ = first + (rng.random(first.shape) * (busy.size - first)).astype(np.int64)
    beyond = first >= busy.size
    found[open_ended] = np.where(beyond, found[open_ended], busy[np.minimum(drawn_, busy.size - 1)])
    return found


def _assumed(
    told: History,
    *,
    days: Floats,
    n_paths: int,
    rng: np.random.Generator,
    unit: float,
    estimates: tuple[Estimate, Estimate] | None,
) -> Draws:
    shape = (n_paths, len(days))
    if estimates is not None:
        demand, capacity = (_triangular(one, shape, rng=rng) * days / 5 for one in estimates)
    else:
        busy = told.is_busy
        demand = _poisson(told.demand, told.days, unit=unit, rng=rng, ahead=days, n=n_paths)
        capacity = _poisson(
            told.done[busy], told.days[busy], unit=unit, rng=rng, ahead=days, n=n_paths
        )
    return Draws(demand, capacity, ASSUMED, len(told), (IS_ASSUMPTION,))


def _triangular(one: Estimate, shape: tuple[int, int], *, rng: np.random.Generator) -> Floats:
    if one.low == one.high:
        return np.full(shape, one.low)
    return rng.triangular(one.low, one.likely, one.high, size=shape)


def _poisson(
    amounts: Floats,
    days: Floats,
    *,
    unit: float,
    rng: np.random.Generator,
    ahead: Floats,
    n: int,
) -> Floats:
    """Poisson weeks of a rate that is Gamma after what was seen (Jeffreys before it)."""
    seen = float(days.sum())
    if seen == 0:
        return np.zeros((n, len(ahead)))
    rates = rng.gamma(amounts.sum() / unit + 0.5, 1 / seen, size=n)
    return np.asarray(unit * rng.poisson(rates[:, None] * ahead), dtype=np.float64)


def _least(series: Floats) -> float:
    return float(series.min(initial=0.0))
