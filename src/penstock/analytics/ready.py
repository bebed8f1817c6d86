"""From planned hours to days: work laid on teams, and time that brings more or less than planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penstock.analytics import promising, weeks
from penstock.analytics.promising import Hours
from penstock.analytics.weeks import Floats, History

WEEK_HOURS = 168.0
#: Without enough weeks of history an hour is taken to bring so much more or less (standard deviation).
ASSUMED_SPREAD = 0.25
#: Nobody knows the hours of a piece of work for certain: it is taken to be off by so much (of the logarithm).
GUESS_SPREAD = 0.3
#: An hour of a bad week still brings this share of one of a usual week: no path stands still for ever.
LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works on some stages of the same work, apart from all other crews.

    Attributes:
        places: How many work at once in each stage, 0 or more; a single number for a crew whose people
            follow their work through all stages.
        per_day: Hours that all of them together can work on each day from now, stages × days.
    """

    places: tuple[int, ...]
    per_day: Floats

    @property
    def is_pooled(self) -> bool:
        """Whether people follow their work through all stages."""
        return len(self.places) == 1

    def limited(self, kept: Sequence[float]) -> Crew:
        """The same with only a share of the places of each stage, and of their hours; at least one place.

        >>> Crew((4,), np.array([[32.0]])).limited([0.5])
        Crew(places=(2,), per_day=array([[16.]]))
        """
        places = tuple(
            max(round(n * share), 1) if n and share else 0
            for n, share in zip(self.places, kept, strict=True)
        )
        return Crew(places, self.per_day * np.array(kept)[:, None])

    def laid(self, work: Floats) -> Floats:
        """Work by stages, lines × stages × paths, as this crew does it: all stages at once if it is pooled."""
        return work.sum(axis=1, keepdims=True) if self.is_pooled else work


@dataclass(frozen=True, slots=True)
class Pace:
    """What an hour brings in weeks to come, against what is planned: paths × weeks; 1 is as planned."""

    share: Floats
    method: str
    n_history: int
    warnings: tuple[str, ...]

    @property
    def usual(self) -> Pace:
        """One path on which every week brings what is brought in the mean."""
        mean = np.full((1, self.share.shape[1]), float(self.share.mean()))
        return Pace(mean, self.method, self.n_history, self.warnings)


def pace(
    brought: Floats, is_busy: np.ndarray, *, n_weeks: int, n_paths: int, rng: np.random.Generator
) -> Pace:
    """What an hour may bring, drawn from what it brought in past weeks, as runs of weeks if there are enough.

    Args:
        brought: Of past weeks, what was done by what was planned; oldest first.
        is_busy: Whether work was left at the end of each.
        n_weeks: Weeks to come.
        n_paths: How many paths.
        rng: Of the draws.

    >>> told = pace(np.full(30, 0.5), np.full(30, True), n_weeks=2, n_paths=1, rng=np.random.default_rng(0))
    >>> told.share.tolist(), told.method
    ([[0.5, 0.5]], 'blocks')
    """
    if int(is_busy.sum()) < weeks.SOME:
        usual = np.exp(rng.normal(0.0, ASSUMED_SPREAD, (n_paths, 1)))
        share = np.repeat(usual, n_weeks, axis=1)
        return Pace(share, weeks.ASSUMED, int(is_busy.sum()), (weeks.IS_ASSUMPTION,))
    days = np.full(len(brought), 5.0)
    history = History(demand=np.zeros(len(brought)), done=brought, is_busy=is_busy, days=days)
    drawn = weeks.drawn(history, days=np.full(n_weeks, 5.0), n_paths=n_paths, rng=rng)
    warnings = tuple(code for code in drawn.warnings if code != weeks.DEMAND_DRIFTS)
    return Pace(drawn.capacity, drawn.method, drawn.n_history, warnings)


def clock(per_day: Floats, *, n_places: int, starts: Floats) -> Hours:
    """Working time of one of some places as a broken line over the hours that pass.

    Args:
        per_day: Hours that all of them work on each day from now.
        n_places: How many there are.
        starts: Hours from now at which each day begins, and at last the end of the last; below 0 for what is
            past of today.

    >>> clock(np.array([8.0, 0.0]), n_places=2, starts=np.array([0.0, 24.0, 48.0])).worked.tolist()
    [0.0, 4.0, 4.0]
    """
    worked = np.concatenate([[0.0], np.cumsum(per_day / max(n_places, 1))])
    now = float(np.interp(0.0, starts, worked))
    return Hours(at=np.maximum(starts, 0.0), worked=np.maximum(worked - now, 0.0))


def off(n_lines: int, n_paths: int, *, rng: np.random.Generator) -> Floats:
    """By how much pieces of work turn out longer or shorter: lines × paths, 1 in the mean."""
    drawn = rng.normal(-(GUESS_SPREAD**2) / 2, GUESS_SPREAD, (n_lines, n_paths))
    return np.asarray(np.exp(drawn))


def left(planned: float, *, age: float, factors: Floats, rng: np.random.Generator) -> Floats:
    """Hours that begun work still takes, one per factor: of what it may take, what is longer than its age.

    Args:
        planned: Hours.
        age: Hours that it took already.
        factors: By how much it may turn out longer or shorter, as of :func:`off`.
        rng: Of the draws.

    >>> left(10, age=8, factors=np.array([0.5, 1.0, 1.2, 1.5]), rng=np.random.default_rng(0)).tolist()
    [7.0, 4.0, 4.0, 2.0]
    """
    if age <= 0:
        return planned * factors
    hours = planned * factors
    # What lasted longer than anything drawn takes at most as long as if it began now, and not for ever.
    return np.minimum(
        promising.remaining(hours, age=age, n=len(factors), rng=rng), float(hours.max())
    )


def done(work: Floats, crew: Crew, *, release: Floats, starts: Floats) -> Floats:
    """When each piece of work of a crew is done if every hour brings what is planned: lines × paths, in hours.

    Args:
        work: Hours, lines × stages × paths, in the order of work.
        crew: Who works.
        release: When each may begin, of lines or lines × paths, as if every hour brought what is planned.
        starts: As of :func:`clock`.
    """
    clocks = {
        stage: clock(per_day, n_places=n, starts=starts)
        for stage, (n, per_day) in enumerate(zip(crew.places, crew.per_day, strict=True))
    }
    return promising.schedule(
        crew.laid(work),
        teams=[
            n if per_day.any() else 0 for n, per_day in zip(crew.places, crew.per_day, strict=True)
        ],
        release=release,
        hours=clocks,
    )


def turns(work: Floats, crew: Crew, *, release: Floats, starts: Floats) -> list[int]:
    """The order in which work is begun: what is held lets others go first until it may begin.

    Args:
        work: Hours, lines × stages.
        crew: Who works.
        release: When each may begin, of lines.
        starts: As of :func:`clock`.

    Returns:
        Places in ``work``. What is never released keeps its turn, for it takes nobody's time.

    >>> day = Crew((1,), np.full((1, 9), 8.0))
    >>> starts = np.arange(0.0, 240.0, 24.0)
    >>> turns(np.full((4, 1), 8.0), day, release=np.array([40.0, 0, 0, 0]), starts=starts)
    [1, 2, 0, 3]
    """
    is_held = np.isfinite(release) & (release > 0)
    if not is_held.any():
        return list(range(len(work)))
    free = np.flatnonzero(~is_held)
    ends = done(work[free][:, :, None], crew, release=release[free], starts=starts)[:, 0]
    # Nobody is interrupted: at its release it goes before all that are not begun by then.
    reached = np.maximum.accumulate(np.where(np.isfinite(ends), ends, 0.0))
    n_places = max(max(crew.places, default=1), 1)
    begins = np.concatenate([np.zeros(n_places), reached])[: len(free)]
    first = np.searchsorted(begins, release[is_held])
    own = np.searchsorted(free, np.flatnonzero(is_held))
    places = np.empty(len(work))
    places[free] = np.arange(len(free))
    # Before the free one at its place; among each other as they stood.
    places[is_held] = np.maximum(first, own) - 0.5
    return [int(turn) for turn in np.argsort(places, kind="stable")]


def gained(hours: Floats, pace_: Pace) -> Floats:
    """What has passed of the plan after some hours, on every path; :func:`warped` the other way.

    Args:
        hours: Of lines, or lines × paths.
        pace_: What an hour brings.

    Returns:
        Lines × paths.

    >>> gained(np.array([168.0, np.inf]), Pace(np.full((1, 4), 0.5), "blocks", 30, ())).tolist()
    [[84.0], [inf]]
    """
    passed, brought = _passed(pace_)
    told = hours if hours.ndim == 2 else np.repeat(hours[:, None], len(brought), axis=1)
    found = np.empty(told.shape)
    for path, of_plan in enumerate(brought):
        found[:, path] = np.interp(told[:, path], passed, of_plan)
    found[~np.isfinite(told)] = np.inf
    return found


def _passed(pace_: Pace) -> tuple[Floats, Floats]:
    """Hours until the end of each week, and what of the plan has passed by then, paths × weeks."""
    share = np.maximum(pace_.share, LEAST * max(float(pace_.share.mean()), 1e-9))
    n_paths, n_weeks = share.shape
    brought = np.concatenate([np.zeros((n_paths, 1)), np.cumsum(share, axis=1)], axis=1)
    return np.arange(n_weeks + 1) * WEEK_HOURS, brought * WEEK_HOURS


def warped(planned: Floats, pace_: Pace, *, release: Floats) -> Floats:
    """When it is done if hours bring more or less than planned, week by week and path by path.

    What is beyond the weeks drawn goes on as their mean. Nothing is done before it may begin.

    >>> half = Pace(np.full((1, 4), 0.5), "blocks", 30, ())
    >>> warped(np.array([[84.0], [np.inf]]), half, release=np.zeros(2)).tolist()
    [[168.0], [inf]]
    """
    passed, brought = _passed(pace_)
    found = np.empty_like(planned)
    for path, of_plan in enumerate(brought):
        mine = planned[:, path]
        rest = np.maximum(mine - of_plan[-1], 0.0) * passed[-1] / of_plan[-1]
        found[:, path] = np.interp(mine, of_plan, passed) + rest
    found[~np.isfinite(planned)] = np.inf
    return np.maximum(found, release if release.ndim == 2 else release[:, None])


def harm(was: Floats, now: Floats, *, due: float) -> float:
    """By how much later than due something is in the mean, on the same paths; where nothing is due, later at all.

    Paths on which it is never done, with or without, say nothing.

    Args:
        was: When it is done, in hours.
        now: When it is done after the change.
        due: When it is promised; 0 or less for late already or for no promise: then every hour counts.

    >>> harm(np.array([5.0]), np.array([7.5]), due=6.0), harm(np.array([5.0]), np.array([7.5]), due=0.0)
    (1.5, 2.5)
    """
    both = np.isfinite(was) & np.isfinite(now)
    if not both.any():
        return 0.0
    late = np.maximum(now[both] - due, 0.0) - np.maximum(was[both] - due, 0.0)
    return float(late.mean())
