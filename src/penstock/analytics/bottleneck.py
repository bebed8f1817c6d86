"""What holds the flow up: three signs that name a resource, whether they agree, and what more of it would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, sqrt

import numpy as np
from numpy.typing import NDArray

from penstock.analytics import weeks
from penstock.analytics.conversion import Z95

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Fewer weeks than this say nothing of a habit; draws and how many of them must name the same one.
MIN_WEEKS, N_DRAWS, SURE_SHARE = 8, 1000, 0.8
#: Fewer levels than this have no slope.
MIN_LEVELS = 4
#: How much more capacity is tried.
MORE = 0.1

FOUND, ALONE, TOO_FEW, IDLE, DISAGREE, UNSTABLE = (
    "found",
    "alone",
    "too_few",
    "idle",
    "disagree",
    "unstable",
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What each week says of one resource.

    Attributes:
        busy: Hours it worked.
        available: Hours it could have; NaN where nobody said.
        grown: By how much its queue grew: came in less went out.
        active: Time for which it was the one active the longest, alone or on the way to another.
    """

    busy: Floats
    available: Floats
    grown: Floats
    active: Floats


@dataclass(frozen=True, slots=True)
class Slope:
    """How much a level changes per step, the median of all pairs, with its 95 % interval; None for too few."""

    slope: float | None
    low: float | None
    high: float | None

    @property
    def is_rising(self) -> bool:
        """Whether it rises beyond chance."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which resource is the bottleneck, or why none is named.

    Attributes:
        code: :data:`FOUND`, or what speaks against it.
        resource: The number of the resource; None unless found.
        by_busy, by_growth, by_active: Whom each sign names over the whole time; None for nobody.
        share: In what part of the drawn histories two signs name that same resource; of the most named one
            where none is found.
    """

    code: str
    resource: int | None
    by_busy: int | None
    by_growth: int | None
    by_active: int | None
    share: float | None

    @property
    def named(self) -> tuple[int | None, int | None, int | None]:
        """Whom the three signs name."""
        return self.by_busy, self.by_growth, self.by_active


@dataclass(frozen=True, slots=True)
class Through:
    """What comes through a network of queues in the weeks that were walked.

    Attributes:
        done: How much left it.
        inside: How much was in it at the end of a week, on average.
        p85_weeks: How long 85 of 100 that came in were inside at most, counted in the order in which they
            came; None where so many did not leave in time.
    """

    done: float
    inside: float
    p85_weeks: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What more capacity of one resource would have brought: as it was, and with it."""

    before: Through
    after: Through

    @property
    def done(self) -> float:
        """How much more would have been done."""
        return self.after.done - self.before.done


def utilisation(busy: float, *, available: float) -> float | None:
    """Share of the hours that could be worked in which it worked; None where none are known.

    >>> utilisation(30, available=40)
    0.75
    """
    return None if isnan(available) or available <= 0 else busy / available


def slope(levels: Sequence[float] | Floats, *, at: Sequence[float] | None = None) -> Slope:
    """The Theil-Sen slope of levels, with Sen's interval.

    Args:
        levels: A level per step, in order.
        at: When each was measured; one after the other without it.

    Source:
        P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", Journal of the American
        Statistical Association 63 (1968), pp. 1379-1389: its example has the slope 4.

    >>> slope([9, 15, 19, 20, 45, 55, 78], at=[1, 2, 3, 4, 10, 12, 18]).slope
    4.0
    """
    values = np.asarray(levels, dtype=np.float64)
    n = len(values)
    if n < MIN_LEVELS:
        return Slope(None, None, None)
    times = np.arange(n, dtype=np.float64) if at is None else np.asarray(at, dtype=np.float64)
    first, second = np.triu_indices(n, k=1)
    slopes = np.sort((values[second] - values[first]) / (times[second] - times[first]))
    spread = Z95 * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = max(round((len(slopes) - spread) / 2), 0)
    high = min(round((len(slopes) + spread) / 2), len(slopes) - 1)
    return Slope(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def verdict(signs: Sequence[Signs], *, rng: np.random.Generator) -> Verdict:
    """Name the bottleneck, if the signs agree and would have in most histories like this one.

    The busiest, the one whose queue grows most (if any grows) and the one that is active the longest are
    named from sums over all weeks. A resource is found when two of them name it, and when in four of five
    histories, drawn from runs of these weeks, two again name the same one.

    Args:
        signs: Per resource, all with the same weeks.
        rng: Of the draws.

    >>> steady = np.full(8, 10.0)
    >>> press = Signs(steady, steady, steady, steady)
    >>> paint = Signs(steady / 2, steady, -steady, steady * 0)
    >>> found = verdict([paint, press], rng=np.random.default_rng(0))
    >>> found.code, found.resource, found.share
    ('found', 1, 1.0)
    """
    nobody = Verdict(ALONE, None, None, None, None, None)
    if len(signs) < 2:
        return nobody
    table = np.array([[one.busy, one.available, one.grown, one.active] for one in signs])
    n_weeks = table.shape[2]
    whole = _named(table.sum(axis=2)[None])[0]
    busy, grown, active = (None if one < 0 else int(one) for one in whole)
    told = busy, grown, active
    if n_weeks < MIN_WEEKS or all(one is None for one in told):
        return Verdict(TOO_FEW if n_weeks < MIN_WEEKS else IDLE, None, *told, None)
    drawn = weeks.blocks(n_weeks, shape=(N_DRAWS, n_weeks), rng=rng)
    agreed = _agreed(_named(table[:, :, drawn].sum(axis=3).transpose(2, 0, 1)))
    counted = Counter(agreed[agreed >= 0].tolist())
    chosen = int(_agreed(whole[None])[0])
    n_named = max(counted.values(), default=0) if chosen < 0 else counted[chosen]
    is_sure = chosen >= 0 and n_named >= SURE_SHARE * N_DRAWS
    code = FOUND if is_sure else DISAGREE if chosen < 0 else UNSTABLE
    return Verdict(code, chosen if is_sure else None, *told, n_named / N_DRAWS)


def _named(sums: Floats) -> Ints:
    """Whom each sign names, draws × 3, -1 for nobody; ``sums`` are draws × resources × 4."""
    busy, available, grown, active = (sums[:, :, number] for number in range(4))
    with np.errstate(invalid="ignore", divide="ignore"):
        load = np.where(available > 0, busy / available, np.nan)
    return np.stack([_largest(one) for one in (load, grown, active)], axis=1)


def _largest(values: Floats) -> Ints:
    """The largest above zero of each row, -1 for none; what is unknown is left out."""
    known = np.where(np.isnan(values), -np.inf, values)
    return np.where(known.max(axis=1) > 0, known.argmax(axis=1), -1)


def _agreed(named: Ints) -> Ints:
    """Whom at least two of three name, -1 for nobody."""
    first, second, third = named.T
    pair = np.where((first == second) | (first == third), first, -1)
    return np.where((second == third) & (pair < 0), second, pair)


def through(opening: Floats, demand: Floats, capacity: Floats, *, routing: Floats) -> Through:
    """Walk a network of queues week by week: each does what it can, and passes it on.

    What a resource passes to a later one can be done there in the same week, what it sends back to an
    earlier one in the next.

    Args:
        opening: What waits at each resource, shape (resources,).
        demand: What comes to each from outside, weeks × resources.
        capacity: What each can do, weeks × resources.
        routing: What part of what leaves a resource (row) goes to which one next; the rest is done.

    >>> line = np.array([[0.0, 1.0], [0.0, 0.0]])
    >>> demand, capacity = np.array([[10.0, 0.0]] * 4), np.array([[9.0, 8.0]] * 4)
    >>> through(np.zeros(2), demand, capacity, routing=line).done
    32.0
    """
    queue = opening.astype(np.float64).copy()
    came, left = [float(queue.sum())], [0.0]
    inside = []
    leaves = 1 - routing.sum(axis=1)
    for comes, most in zip(demand, capacity, strict=True):
        queue += comes
        gone = 0.0
        for place in range(len(queue)):
            amount = min(float(queue[place]), float(most[place]))
            queue[place] -= amount
            queue += amount * routing[place]
            gone += amount * float(leaves[place])
        came.append(came[-1] + float(comes.sum()))
        left.append(left[-1] + gone)
        inside.append(float(queue.sum()))
    return Through(
        done=left[-1],
        inside=float(np.mean(inside)) if inside else 0.0,
        p85_weeks=_p85(np.array(came), np.array(left)),
    )


def _p85(came: Floats, left: Floats) -> float | None:
    """How long 85 of 100 stayed, those first in first out; what waited at the beginning came then."""
    total = came[-1]
    if total <= 0:
        return None
    units = (np.arange(200) + 0.5) / 200 * total
    stays = np.full(len(units), np.inf)
    gone = units <= left[-1]
    stays[gone] = _when(left, units[gone]) - _when(came, units[gone])
    found = float(np.quantile(stays, 0.85, method="inverted_cdf"))
    return max(found, 0.0) if np.isfinite(found) else None


def _when(total: Floats, units: Floats) -> Floats:
    """In which week a rising total reached each of some amounts, parts of a week included."""
    place = np.searchsorted(total, units)
    before = np.maximum(place - 1, 0)
    step = total[place] - total[before]
    part = np.divide(units - total[before], step, out=np.zeros_like(units), where=step > 0)
    return np.asarray(np.where(place > 0, before + part, 0.0))


def gains(
    opening: Floats, demand: Floats, capacity: Floats, *, routing: Floats, more: float = MORE
) -> list[Gain]:
    """What a tenth more capacity of each resource alone would have brought in the same weeks.

    Only this says what an hour there is worth; that a resource is busy, or its queue long, does not.

    >>> line = np.array([[0.0, 1.0], [0.0, 0.0]])
    >>> demand, capacity = np.array([[10.0, 0.0]] * 4), np.array([[9.0, 8.0]] * 4)
    >>> [round(one.done, 6) for one in gains(np.zeros(2), demand, capacity, routing=line)]
    [0.0, 3.2]
    """
    before = through(opening, demand, capacity, routing=routing)
    found = []
    for place in range(len(opening)):
        larger = capacity.copy()
        larger[:, place] *= 1 + more
        found.append(Gain(before, through(opening, demand, larger, routing=routing)))
    return found
