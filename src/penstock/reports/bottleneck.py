"""What holds the flow of work up, team by team or stage by stage, and what more of each would have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from penstock.analytics import active_periods, flow_times
from penstock.analytics import bottleneck as signs
from penstock.analytics.active_periods import Shifting, Spell
from penstock.analytics.bottleneck import Gain, Signs, Slope, Verdict
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, Ints
from penstock.base.calendar import Window, start_of
from penstock.catalog import calendars
from penstock.reports import capacity, log, periods, work_stays
from penstock.reports.backlog import ALL
from penstock.reports.column_files import NEVER
from penstock.reports.filters import OrderFilter
from penstock.reports.periods import Period
from penstock.reports.work_stays import BY, Stays
from penstock.users.models import Member

Floats = NDArray[np.float64]
#: The same history draws the same: a page that is opened twice says the same.
SEED = 20260


@dataclass(frozen=True, slots=True)
class Resource:
    """A team, or a stage with the queue before it.

    Attributes:
        n_places: How many can work there at once; 0 where nobody said.
        utilisation: Hours in which its places had work ÷ hours that could be worked.
        n_opening: Work there, waiting or begun, at the begin of the window; ``n_closing`` at its end.
        trend: By how many a week that number changed.
        sole_share: Part of the working hours in which it was the one active the longest, alone; ``shifting_share``
            while that moved to it or away from it.
        waits_days: Median days for which work waited there before it was begun, of ``n_waits``.
        gain: What a tenth more of it would have brought.
    """

    key: int
    name: str
    n_places: int
    utilisation: float | None
    n_opening: int
    n_closing: int
    trend: Slope
    sole_share: float
    shifting_share: float
    waits_days: float | None
    n_waits: int
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The resources of a window and the verdict; ``n_of_none`` pieces of work belong to none of them."""

    window: Window
    known: date | None
    by: str
    resources: tuple[Resource, ...]
    verdict: Verdict
    n_weeks: int
    n_of_none: int

    @property
    def found(self) -> Resource | None:
        """What the signs name, if they name one stably."""
        number = self.verdict.resource
        return None if number is None else self.resources[number]

    @property
    def confirmed(self) -> Resource | None:
        """The bottleneck: named by the signs, and more of it would have finished more."""
        one = self.found
        return one if one is not None and one.gain is not None and one.gain.done > 0 else None


def in_window(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter = ALL,
    by: str = "team",
) -> Bottleneck:
    """What held the work of a window up; only its whole weeks count."""
    by = by if by in BY else "team"
    weeks = [one for one in periods.split(window, per="week") if one.window.n_days == 7]
    stays = work_stays.load(member, window, known=known, only=only, by=by)
    if not weeks or not stays.keys:
        return _nothing(stays, window, known, by, n_weeks=len(weeks))
    whole = Window(weeks[0].window.first, weeks[-1].window.last, window.zone)
    clock = _clock(member, whole)
    hours = _hours(member, whole, stays, known=known, by=by)
    spells = [_active(stays, place, clock) for place in range(len(stays.keys))]
    turns = active_periods.shifting(
        [
            active_periods.all_busy(one, n=max(hours.n_places[place], 1))
            for place, one in enumerate(spells)
        ],
        start=0.0,
        stop=float(clock.worked[-1]),
    )
    told = _signs(stays, weeks, spells, turns, clock, hours)
    verdict = signs.verdict(told, rng=np.random.default_rng(SEED))
    return Bottleneck(
        window=window,
        known=known,
        by=by,
        resources=_resources(stays, weeks, told, turns, clock, hours),
        verdict=verdict,
        n_weeks=len(weeks),
        n_of_none=stays.n_of_none,
    )


def items(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter = ALL,
    by: str,
    key: int | None,
) -> list[tuple[int, float | None]]:
    """The work that stood at a resource at the end of the window, with the days for which it did; the longest first."""
    stays = work_stays.load(member, window, known=known, only=only, by=by if by in BY else "team")
    there = stays.together()
    kept = there.stop == NEVER
    if key is not None:
        kept &= there.place == (stays.keys.index(key) if key in stays.keys else -1)
    rows = there.where(kept)
    days = (log.moment(window.stop) - rows.start) / MICROSECONDS_A_DAY
    return [(int(rows.item[at]), float(days[at])) for at in np.lexsort((rows.item, -days)).tolist()]


@dataclass(frozen=True, slots=True)
class _Clock:
    """Working hours that have passed at some moments, a broken line."""

    at: Ints
    worked: Floats

    def read(self, moments: Ints) -> Floats:
        return np.asarray(np.interp(moments, self.at, self.worked))


@dataclass(frozen=True, slots=True)
class _Hours:
    """How many places each resource has, and the hours that could be worked there each week."""

    n_places: Sequence[int]
    available: Floats


def _clock(member: Member, window: Window) -> _Clock:
    calendar = calendars.of(member.workspace)
    at, worked, total = [log.moment(window.start)], [0.0], 0.0
    for number in range(window.n_days):
        day = window.first + timedelta(days=number)
        begin = log.moment(start_of(day, zone=window.zone))
        for opens, ends in calendar.hours_of(day):
            at += [begin + opens * 60_000_000, begin + ends * 60_000_000]
            worked += [total, total + (ends - opens) / 60]
            total = worked[-1]
    return _Clock(np.array([*at, log.moment(window.stop)]), np.array([*worked, total]))


def _hours(member: Member, window: Window, stays: Stays, *, known: date | None, by: str) -> _Hours:
    """By team the hours of each; by stage those of all that can work there."""
    n_weeks = window.n_days // 7
    n_places, available = [], []
    whole = capacity.by_team(member, window, known=known) if by == "team" else None
    for key in stays.keys:
        found = whole or capacity.by_team(member, window, known=known, stage_id=key)
        mine = [team for team in found.teams if by == "stage" or team.team_id == key]
        n_places.append(sum(team.n_places for team in mine))
        sums = np.zeros(n_weeks)
        for team in mine:
            sums += np.array([week.hours.available for week in team.weeks])
        available.append(sums if n_places[-1] else np.full(n_weeks, np.nan))
    return _Hours(n_places, np.array(available))


def _active(stays: Stays, place: int, clock: _Clock) -> list[Spell]:
    """When work was in progress at a resource, one spell each, in working hours."""
    mine = stays.where(stays.is_active & (stays.place == place))
    begin, end = clock.read(mine.start), clock.read(mine.stop)
    return [
        (float(one), float(other)) for one, other in zip(begin, end, strict=True) if other > one
    ]


def _signs(
    stays: Stays,
    weeks: Sequence[Period],
    spells: Sequence[Sequence[Spell]],
    turns: Shifting,
    clock: _Clock,
    hours: _Hours,
) -> list[Signs]:
    edges = _edges(weeks)
    cuts = clock.read(edges)
    active = np.zeros((len(stays.keys), len(weeks)))
    for turn in turns.chain:
        active[turn.resource] += np.maximum(
            np.minimum(cuts[1:], turn.stop) - np.maximum(cuts[:-1], turn.start), 0.0
        )
    found = []
    for place in range(len(stays.keys)):
        levels = _levels(stays, place, edges)
        found.append(
            Signs(
                busy=np.diff(_busy(spells[place], cuts, n=max(hours.n_places[place], 1))),
                available=hours.available[place],
                grown=np.diff(levels).astype(np.float64),
                active=active[place],
            )
        )
    return found


def _edges(weeks: Sequence[Period]) -> Ints:
    starts = [log.moment(one.window.start) for one in weeks]
    return np.array([*starts, log.moment(weeks[-1].window.stop)])


def _levels(stays: Stays, place: int, edges: Ints) -> Ints:
    """How much work is at a resource at each edge."""
    mine = stays.place == place
    return flow_times.inside_at(
        stays.start[mine].astype(np.float64),
        stays.stop[mine].astype(np.float64),
        edges.astype(np.float64),
    )


def _busy(spells: Sequence[Spell], cuts: Floats, *, n: int) -> Floats:
    """Hours in which up to ``n`` places had work, from the begin up to each cut."""
    if not spells:
        return np.zeros(len(cuts))
    at = np.array([edge for spell in spells for edge in spell])
    step = np.tile([1, -1], len(spells))
    by = np.argsort(at, kind="stable")
    at, running = at[by], np.minimum(np.cumsum(step[by]), n)
    sums = np.concatenate(([0.0], np.cumsum(running[:-1] * np.diff(at))))
    return np.asarray(np.interp(cuts, at, sums))


def _resources(
    stays: Stays,
    weeks: Sequence[Period],
    told: Sequence[Signs],
    turns: Shifting,
    clock: _Clock,
    hours: _Hours,
) -> tuple[Resource, ...]:
    edges, total = _edges(weeks), float(clock.worked[-1])
    gains = _gains(stays, edges)
    found = []
    for place, (key, name) in enumerate(zip(stays.keys, stays.names, strict=True)):
        levels = _levels(stays, place, edges)
        waits = _waits(stays, place, edges)
        one = told[place]
        found.append(
            Resource(
                key=key,
                name=name,
                n_places=hours.n_places[place],
                utilisation=signs.utilisation(
                    float(one.busy.sum()), available=float(one.available.sum())
                ),
                n_opening=int(levels[0]),
                n_closing=int(levels[-1]),
                trend=signs.slope(levels.astype(np.float64)),
                sole_share=turns.sole[place] / total if total else 0.0,
                shifting_share=turns.shifting[place] / total if total else 0.0,
                waits_days=float(np.quantile(waits, 0.5, method="inverted_cdf"))
                if len(waits)
                else None,
                n_waits=len(waits),
                gain=gains[place],
            )
        )
    return tuple(found)


def _waits(stays: Stays, place: int, edges: Ints) -> Floats:
    """Days that work waited at a resource, of what was begun or gone within the weeks."""
    waits = stays.where(~stays.is_active & (stays.place == place))
    over = (waits.stop >= edges[0]) & (waits.stop < edges[-1])
    return np.asarray((waits.stop[over] - waits.start[over]) / MICROSECONDS_A_DAY)


def _gains(stays: Stays, edges: Ints) -> list[Gain]:
    """What a tenth more of each resource would have brought, counted in pieces of work."""
    there = stays.together()
    n, n_weeks = len(stays.keys), len(edges) - 1
    came, left = np.zeros((n_weeks, n)), np.zeros((n_weeks, n))
    opening, routing = np.zeros(n), np.zeros((n, n))
    follows = np.zeros(len(there), dtype=bool)
    follows[1:] = (there.item[1:] == there.item[:-1]) & (there.start[1:] == there.stop[:-1])
    for at in range(len(there)):
        place, begin, end = int(there.place[at]), there.start[at], there.stop[at]
        if begin < edges[0] <= end:
            opening[place] += 1
        elif begin < edges[-1] and not follows[at]:
            came[_week(edges, begin), place] += 1
        if edges[0] <= end < edges[-1]:
            left[_week(edges, end), place] += 1
            if at + 1 < len(there) and follows[at + 1]:
                routing[place, int(there.place[at + 1])] += 1
    totals = left.sum(axis=0)
    routing = np.divide(routing, totals[:, None], out=routing, where=totals[:, None] > 0)
    return signs.gains(opening, came, _capacities(stays, edges, left), routing=routing)


def _week(edges: Ints, at: int) -> int:
    return int(np.searchsorted(edges, at, side="right")) - 1


def _capacities(stays: Stays, edges: Ints, left: Floats) -> Floats:
    """What each resource could do each week: what it did, or more where it ran out of work."""
    found = left.copy()
    for place in range(len(stays.keys)):
        days = np.arange(edges[0], edges[-1], MICROSECONDS_A_DAY) + MICROSECONDS_A_DAY
        levels = _levels(stays, place, days)
        week = np.minimum(np.searchsorted(edges, days - 1, side="right") - 1, len(left) - 1)
        is_busy = np.ones(len(left), dtype=bool)
        is_busy[week[levels == 0]] = False
        usual = left[is_busy, place].mean() if is_busy.any() else left[:, place].max(initial=0.0)
        found[~is_busy, place] = np.maximum(left[~is_busy, place], usual)
    return found


def _nothing(
    stays: Stays, window: Window, known: date | None, by: str, *, n_weeks: int
) -> Bottleneck:
    code = signs.TOO_FEW if stays.keys else signs.IDLE
    nobody = Verdict(code, None, None, None, None, None)
    return Bottleneck(window, known, by, (), nobody, n_weeks, stays.n_of_none)
