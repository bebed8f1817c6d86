"""What queues are known to do, as formulas: what simulations are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, factorial, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Queue:
    """Mean number waiting and in the system, mean wait and mean time in the system."""

    waiting: float
    inside: float
    wait: float
    sojourn: float


def one_server(rate: float, *, mean: float = 1.0, variation: float) -> Queue:
    """M/G/1, by Pollaczek and Khinchine; ``variation`` is the squared coefficient of variation of a service."""
    load = rate * mean
    wait = rate * mean**2 * (1 + variation) / (2 * (1 - load))
    return Queue(rate * wait, rate * (wait + mean), wait, wait + mean)


def sojourn_quantile(share: float, *, rate: float, service: float) -> float:
    """M/M/1: the time in the system that this share of customers does not exceed."""
    return -log(1 - share) / (service - rate)


def waits(offered: float, n_servers: int) -> float:
    """Erlang C: how likely a customer waits with M/M/c."""
    last = offered**n_servers / factorial(n_servers) * n_servers / (n_servers - offered)
    return last / (sum(offered**k / factorial(k) for k in range(n_servers)) + last)


def priority_waits(rates: Sequence[float], *, mean: float = 1.0) -> list[float]:
    """Mean wait per class of M/M/1, the first class first, nobody interrupted (Cobham)."""
    loads = [0.0, *accumulate(rate * mean for rate in rates)]
    residual = sum(rates) * mean**2
    return [residual / ((1 - before) * (1 - upto)) for before, upto in pairwise(loads)]


def accumulating_waits(rates: Sequence[float], slopes: Sequence[float]) -> list[float]:
    """Mean wait per class when priority grows with the wait at the slope of the class (Kleinrock 1964).

    Classes come in the order of their slopes, the slowest first; services have the mean 1.
    """
    load = sum(rates)
    found: list[float] = []
    for place, slope in enumerate(slopes):
        slower = sum(rates[k] * found[k] * (1 - slopes[k] / slope) for k in range(place))
        faster = sum(rates[k] * (1 - slope / slopes[k]) for k in range(place + 1, len(rates)))
        found.append((load / (1 - load) - slower) / (1 - faster))
    return found


def poisson(mean: float, *, most: int) -> Floats:
    """Chances of 0 to ``most``."""
    return np.array([exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most + 1)])


def quantiles(chances: Floats, shares: Sequence[float], *, start: int = 0) -> list[int]:
    """The first outcome at which the chances reach each share."""
    reached = np.cumsum(chances)
    return [start + int(np.searchsorted(reached, share - 1e-12)) for share in shares]


def skellam(plus: float, minus: float, *, most: int = 2500) -> tuple[Floats, int]:
    """Chances of the difference of two Poisson counts, and the outcome of the first of them."""
    return np.convolve(poisson(plus, most=most), poisson(minus, most=most)[::-1]), -most


def reflected(step: Floats, *, opening: int, n_weeks: int, capacity: int, most: int) -> Floats:
    """The backlog after some weeks: chances of 0 to ``most``; ``step`` are chances of what comes in."""
    now = np.zeros(most + 1)
    now[opening] = 1.0
    for _week in range(n_weeks):
        grown = np.convolve(now, step)
        now = np.concatenate([[grown[: capacity + 1].sum()], grown[capacity + 1 :]])[: most + 1]
    return now


def steady(step: Floats, *, capacity: int, most: int = 600) -> Floats:
    """The backlog of ever: doubling the number of weeks until nothing changes."""
    now = reflected(step, opening=0, n_weeks=4000, capacity=capacity, most=most)
    return np.asarray(now / now.sum(), dtype=np.float64)


def mean_of(chances: Floats) -> float:
    """The mean outcome."""
    return float(np.arange(len(chances)) @ chances / chances.sum())


def wait_error(load: float, n: int) -> float:
    """Standard error of the mean wait of n successive customers of M/M/1 (service mean 1)."""
    variance = load * (2 + 5 * load - 4 * load**2 + load**3) / (1 - load) ** 4
    return sqrt(variance / n)


@dataclass(frozen=True)
class Impatient:
    """M/M/1+M: how likely a customer leaves, the mean number waiting, and how busy the server is."""

    leaves: float
    waiting: float
    busy: float


def impatient(rate: float, *, patience: float, most: int = 400) -> Impatient:
    """A queue whose customers leave at the rate ``patience`` each while they wait; services have the mean 1."""
    chances = [1.0]
    for inside in range(1, most):
        chances.append(chances[-1] * rate / (1 + (inside - 1) * patience))
    whole = sum(chances)
    waiting = sum((inside - 1) * chance for inside, chance in enumerate(chances) if inside) / whole
    return Impatient(patience * waiting / rate, waiting, 1 - chances[0] / whole)
