"""Deals with planted conversions, times and reporting lags; what is seen of them up to a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from penstock.analytics.eventlog import MICROSECONDS_A_DAY, Facts, facts
from penstock.analytics.funnel import Log


@dataclass(frozen=True)
class Truth:
    """What is planted: per stage the share that goes on, and the mean days until that, or until the loss."""

    goes_on: tuple[float, ...] = (0.7, 0.7, 0.7, 0.7, 0.7)
    days_on: float = 20.0
    days_lost: float = 45.0
    lag_days: float = 0.0


def seen(
    rng: np.random.Generator, truth: Truth, *, n: int, days: float, known: float | None = None
) -> Log:
    """The log of ``n`` deals opened evenly over some days, seen at the end of them.

    A fact is seen when it happened before the end; with ``known``, only when it was entered by then.
    """
    case, at, place, won, lost = [], [], [], [], []
    stop = days if known is None else known
    for number in range(n):
        now = rng.uniform(0, days)
        for stage, share in enumerate(truth.goes_on):
            if not _is_seen(rng, now, truth, stop=stop, days=days):
                break
            case.append(number)
            at.append(now)
            place.append(stage)
            if rng.random() >= share:
                now += rng.exponential(truth.days_lost)
                if _is_seen(rng, now, truth, stop=stop, days=days):
                    lost.append((number, now))
                break
            now += rng.exponential(truth.days_on)
        else:
            if _is_seen(rng, now, truth, stop=stop, days=days):
                won.append((number, now))
    visits = facts(np.array(case), _moments(at), np.array(place))
    nothing = Facts(*(np.empty(0, dtype=np.int64) for _column in range(3)))
    return Log(visits, _ends(won), _ends(lost), nothing, stop=int(days * MICROSECONDS_A_DAY))


def _is_seen(
    rng: np.random.Generator, at: float, truth: Truth, *, stop: float, days: float
) -> bool:
    lag = rng.exponential(truth.lag_days) if truth.lag_days else 0.0
    return at < days and at + lag < stop


def _moments(days: list[float]) -> np.ndarray:
    return (np.array(days) * MICROSECONDS_A_DAY).astype(np.int64)


def _ends(rows: list[tuple[int, float]]) -> Facts:
    case = np.array([number for number, _at in rows], dtype=np.int64)
    return facts(case, _moments([at for _number, at in rows]), np.ones(len(rows), dtype=np.int64))
