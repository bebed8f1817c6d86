"""When each queued order is done: teams take the lines in their order, on every drawn path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: How sure a promise is.
SURE = (0.50, 0.85, 0.95)


@dataclass(frozen=True, slots=True)
class Promise:
    """When something is done, in hours of work from now.

    Attributes:
        hours: At each share of :data:`SURE`; None where it is not within the horizon.
        within: How likely it is done within the horizon.
    """

    hours: tuple[float | None, ...]
    within: float


@dataclass(frozen=True, slots=True)
class Hours:
    """Working time as a broken line: ``worked`` hours of work have passed at the time ``at``; both rise."""

    at: Floats
    worked: Floats

    def finish(self, start: Floats, work: Floats) -> Floats:
        """When work is done that starts at some times; never, where the line ends before."""
        to_do = np.interp(start, self.at, self.worked) + work
        place = np.searchsorted(self.worked, to_do)
        after = np.minimum(place, len(self.at) - 1)
        before = np.maximum(after - 1, 0)
        span = self.worked[after] - self.worked[before]
        part = np.divide(
            to_do - self.worked[before], span, out=np.zeros_like(to_do), where=span > 0
        )
        found = self.at[before] + part * (self.at[after] - self.at[before])
        is_never = (place == len(self.at)) | ~np.isfinite(start)
        return np.where(is_never, inf, np.maximum(found, start))


def schedule(
    work: Floats,
    *,
    teams: Sequence[int],
    release: Floats | None = None,
    hours: Mapping[int, Hours] | None = None,
) -> Floats:
    """When each line is done, if free teams always take the next one: lines × paths, in hours from now.

    Lines pass the stages in their order and nobody is interrupted. A line that has nothing to do in a
    stage does not stop there.

    Args:
        work: Hours of work, lines × stages × paths, in order of service. NaN or 0 for none.
        teams: How many work in each stage; where nobody does, what has work there is never done.
        release: When each line may start, per line or lines × paths: held until, or infinite for a hold
            without an end.
        hours: Working time of the stages that have their own; other stages work all the time that is told.

    >>> two_each = np.full((7, 1, 1), 2.0)
    >>> schedule(two_each, teams=[3])[:, 0].tolist()
    [2.0, 2.0, 2.0, 4.0, 4.0, 4.0, 6.0]
    """
    n_lines, n_stages, n_paths = work.shape
    if len(teams) != n_stages or min(teams, default=0) < 0:
        raise ValueError("every stage has 0 or more teams")
    if not (np.isnan(work) | (work >= 0)).all():
        raise ValueError("work is 0 or more")
    starts = np.zeros(n_lines) if release is None else release
    free = [np.zeros((max(n, 1), n_paths)) for n in teams]
    done = np.empty((n_lines, n_paths))
    for line in range(n_lines):
        at = np.broadcast_to(starts[line], (n_paths,)).astype(np.float64)
        for stage, n_teams in enumerate(teams):
            told = work[line, stage]
            if not (told > 0).any():
                continue
            clock = (hours or {}).get(stage)
            at = _through(free[stage], at, told, clock=clock) if n_teams else _stuck(at, told)
        done[line] = at
    return done


def _through(free: Floats, at: Floats, work: Floats, *, clock: Hours | None) -> Floats:
    """One line through one stage, on all paths: the team that is free first takes it.

    The times at which teams are free stay in order on every path, so the first row is the first free.
    """
    has_work = work > 0
    start = np.maximum(at, free[0])
    ends = clock.finish(start, work) if clock else start + work
    # A hold without an end keeps its line, not the team.
    free[0] = np.where(has_work & np.isfinite(at), ends, free[0])
    for team in range(len(free) - 1):
        sooner = np.minimum(free[team], free[team + 1])
        free[team + 1] = np.maximum(free[team], free[team + 1])
        free[team] = sooner
    return np.where(has_work, np.where(np.isfinite(at), ends, inf), at)


def _stuck(at: Floats, work: Floats) -> Floats:
    return np.where(work > 0, inf, at)


def promised(done: Floats, *, horizon: float = inf, sure: Sequence[float] = SURE) -> Promise:
    """The dates of one line or order over its paths; no value between two paths is made up.

    Raises:
        ValueError: There are no paths.

    >>> promised(np.arange(1.0, 101.0), horizon=90)
    Promise(hours=(50.0, 85.0, None), within=0.9)
    """
    if done.size == 0:
        raise ValueError("no paths, no promise")
    cuts = np.quantile(done, sure, method="inverted_cdf").tolist()
    return Promise(
        hours=tuple(cut if np.isfinite(cut) and cut <= horizon else None for cut in cuts),
        within=float(((done <= horizon) & np.isfinite(done)).mean()),
    )


def together(done: Floats, *, orders: Sequence[int]) -> dict[int, Floats]:
    """When all lines of each order are done, per path: the last of them.

    >>> together(np.array([[1.0, 4.0], [3.0, 2.0]]), orders=[7, 7])[7].tolist()
    [3.0, 4.0]
    """
    found: dict[int, Floats] = {}
    for line, order in enumerate(orders):
        found[order] = np.maximum(found[order], done[line]) if order in found else done[line]
    return found


def in_parts(done: Floats, *, quantities: Sequence[float], at_least: float) -> Floats:
    """When each shipment of one order leaves: as soon as so much is ready, the rest at the end.

    Args:
        done: Lines × paths.
        quantities: Of each line.
        at_least: The smallest shipment; what is left in the end goes whatever it is.

    Returns:
        Lines × paths: when each line leaves, no sooner than it is done.

    >>> in_parts(np.array([[1.0], [2.0], [5.0]]), quantities=[1, 1, 1], at_least=2).tolist()
    [[2.0], [2.0], [5.0]]
    """
    amounts = np.asarray(quantities, dtype=np.float64)
    leaves = np.empty_like(done)
    for path in range(done.shape[1]):
        waiting: list[int] = []
        for line in np.argsort(done[:, path], kind="stable").tolist():
            waiting.append(line)
            if amounts[waiting].sum() >= at_least:
                leaves[waiting, path] = done[line, path]
                waiting = []
        if waiting:
            leaves[waiting, path] = done[:, path].max()
    return leaves


def overtaken(done: Floats, *, comes: Floats, work: Floats) -> Floats:
    """When lines are done if later arrivals go first: work that arrives before a line is done delays it.

    In the mean that is ``done / (1 - load)``. Nobody is frozen out: it only takes longer.

    Args:
        done: Of lines × paths, when nobody overtakes.
        comes: When later ones arrive, paths × arrivals, rising.
        work: What each of them takes, of the same shape; with several teams, their part of it.

    >>> overtaken(np.array([[10.0]]), comes=np.array([[4.0, 11.0, 99.0]]), work=np.array([[2.0, 1.0, 5.0]]))
    array([[13.]])
    """
    before = np.cumsum(work, axis=1) - work
    # An arrival delays what would not have been done by then; once one comes too late, so do all after it.
    reach = np.maximum.accumulate(comes - before, axis=1)
    sums = np.concatenate([np.zeros((len(work), 1)), np.cumsum(work, axis=1)], axis=1)
    later = np.empty_like(done)
    for path in range(done.shape[1]):
        later[:, path] = done[:, path] + sums[path, np.searchsorted(reach[path], done[:, path])]
    return later


def remaining(
    durations: Sequence[float] | Floats, *, age: float, n: int, rng: np.random.Generator
) -> Floats:
    """How much longer something takes that has lasted ``age``: drawn from those that lasted longer.

    Where fewer than three did, it is taken to last as long again in the mean, which is the cautious guess.

    >>> remaining([1, 2, 8, 9, 10], age=5, n=4, rng=np.random.default_rng(0)).tolist()
    [5.0, 4.0, 4.0, 3.0]
    """
    longer = np.asarray(durations, dtype=np.float64)
    longer = longer[longer > age]
    if len(longer) < 3:
        return rng.exponential(max(age, 1e-9), size=n)
    return rng.choice(longer, size=n) - age


def remaining_lognormal(*, median: float, sigma: float, age: float, places: Floats) -> Floats:
    """The same for a lognormal duration, at places from 0 to 1 of what is left.

    >>> half = np.array([0.5])
    >>> float(remaining_lognormal(median=4, sigma=0.8, age=5, places=half)[0].round(3))
    2.955
    """
    normal = NormalDist(log(median), sigma)
    passed = normal.cdf(log(age)) if age > 0 else 0.0
    return np.array(
        [
            np.exp(normal.inv_cdf(passed + place * (1 - passed))) - age
            for place in np.clip(places, 1e-12, 1 - 1e-12).tolist()
        ]
    )


def by_position(position: int, *, per_week: float) -> float | None:
    """Without any history of work: weeks until a place in the queue is reached at what is done per week.

    >>> by_position(20, per_week=8), by_position(20, per_week=0)
    (2.5, None)
    """
    return position / per_week if per_week > 0 else None
