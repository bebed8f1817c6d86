"""When everything that waits is ready: drawn paths of finite capacity, in the order of the policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from penstock.analytics import calibration, promising, ready, weeks
from penstock.analytics.ready import Crew, Pace
from penstock.analytics.weeks import Floats
from penstock.backlog.models import Forecast
from penstock.base.calendar import end_of
from penstock.base.working_time import WorkingTime
from penstock.reports import impact_weeks, promise_facts, promises_kept
from penstock.reports.promise_facts import HORIZON_DAYS, Facts, Unit
from penstock.users.models import Member

#: How sure each of the three days is.
LEVELS = (0.50, 0.85, 0.95)
MOST_PATHS, LEAST_PATHS = 5000, 400
#: So many lines × stages × paths are drawn at most: below a second.
MOST_DRAWS = 7_500_000
#: Chains of work that needs other work are followed so far.
MOST_ROUNDS = 6
MODEL = "capacity-1"
THROUGHPUT_MODEL = "throughput-1"
Problem = Forecast.Problem
HORIZON = timedelta(days=HORIZON_DAYS)


@dataclass(frozen=True, slots=True)
class Drawn:
    """When each unit is ready on each path, in hours from now; units × paths, in the order of work."""

    facts: Facts
    ready: Floats
    pace: Pace
    n_paths: int


@dataclass(frozen=True, slots=True)
class Days:
    """What a distribution comes to: the days at each level, and how likely it is within the horizon."""

    days: tuple[date | None, ...]
    within: float
    by_promise: float | None


class Calendar:
    """From hours from now to working days of a workspace."""

    def __init__(self, member: Member, now: datetime) -> None:
        self._now, self._zone = now, member.workspace.zone
        self._worked: WorkingTime | None = impact_weeks.working_time(member)
        self._next: dict[date, date] = {}

    def day(self, hours: float | None) -> date | None:
        """The day on which so many hours have passed, or the next working day."""
        if hours is None:
            return None
        found = (self._now + timedelta(hours=hours)).astimezone(self._zone).date()
        if self._worked is None:
            return found
        if found not in self._next:
            self._next[found] = self._worked.add_days(found, 0)
        return self._next[found]

    @property
    def worked_share(self) -> float:
        """Which part of the days is worked, of the twelve weeks to come."""
        if self._worked is None:
            return 5 / 7
        today = self._now.astimezone(self._zone).date()
        return self._worked.working_days(today, today + timedelta(days=83)) / 84

    def until(self, day: date) -> float:
        """Hours from now until a day is over."""
        return (end_of(day, zone=self._zone) - self._now).total_seconds() / 3600


def seed_of(member: Member, now: datetime) -> np.random.Generator:
    """The draws of a day are always the same, so that two looks differ by what changed and not by luck."""
    return np.random.default_rng([member.workspace_id, now.date().toordinal()])


def draw(
    facts: Facts,
    *,
    rng: np.random.Generator,
    n_paths: int | None = None,
    extra: Unit | None = None,
    at: int = 0,
) -> Drawn:
    """Lay all work on its crews, on every path; with ``extra`` at a place of the queue as well.

    Draws of what is here do not change when something is added, so that both can be compared.
    """
    units = list(facts.units)
    n = len(units) * len(facts.way.stages)
    n_paths = n_paths or max(min(MOST_PATHS, MOST_DRAWS // max(n, 1)), LEAST_PATHS)
    pace = ready.pace(
        facts.brought,
        facts.is_busy,
        n_weeks=HORIZON_DAYS // 7,
        n_paths=n_paths,
        rng=rng,
    )
    longer = ready.off(len(units), n_paths, rng=rng)
    begun = _begun(units, facts, longer, rng=rng)
    if extra is not None:
        units.insert(at, extra)
        longer = np.insert(longer, at, ready.off(1, n_paths, rng=rng)[0], axis=0)
    crews = _by_team(_crew_of(units, facts))
    known = {team: mine for team, mine in crews.items() if team in facts.crews}
    laid = _Laid(units, facts, pace, longer, begun, known)
    return Drawn(facts, _settled(laid), pace, n_paths)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Work that is to be laid on crews: by how much each is longer, what is left of begun work, who does it."""

    units: Sequence[Unit]
    facts: Facts
    pace: Pace
    longer: Floats
    begun: Mapping[int, Floats]
    crews: Mapping[int | None, Sequence[int]]


def _begun(
    units: Sequence[Unit], facts: Facts, longer: Floats, *, rng: np.random.Generator
) -> dict[int, Floats]:
    """Hours that begun work still takes in the stage in which it stands, by work: path by path."""
    n_begun = sum(unit.is_begun for unit in units)
    n_places = sum(max(crew.places, default=0) for crew in facts.crews.values())
    # Where more is begun than can be worked on at once, nobody is at it all the time.
    attended = min(1.0, n_places / n_begun) if n_begun else 1.0
    found = {}
    for number, unit in enumerate(units):
        if unit.stage is not None:
            planned = unit.hours * unit.parts[unit.stage]
            age = unit.age_hours * attended
            found[unit.work_id] = ready.left(planned, age=age, factors=longer[number], rng=rng)
    return found


def _settled(laid: _Laid) -> Floats:
    """When each is done. What needs other work waits until that is done, so it is laid again and again."""
    held = _release(laid.units, laid.facts)
    place = {unit.work_id: number for number, unit in enumerate(laid.units)}
    needs = {
        place[after]: [place[one] for one in before if one in place]
        for after, before in laid.facts.needs.items()
        if after in place
    }
    found = _drawn(laid, held)
    for _round in range(MOST_ROUNDS if any(needs.values()) else 0):
        release = np.repeat(held[:, None], found.shape[1], axis=1)
        for after, before in needs.items():
            release[after] = np.maximum(release[after], found[before].max(axis=0, initial=0.0))
        again = _drawn(laid, release)
        is_settled = np.array_equal(again, found)
        found = again
        if is_settled:
            break
    return found


def _drawn(laid: _Laid, release: Floats) -> Floats:
    found = np.full(laid.longer.shape, np.inf)
    facts = laid.facts
    for team, mine in laid.crews.items():
        crew, held = facts.crews[team], release[list(mine)]
        hours = np.array([laid.units[number].hours for number in mine])[:, None] * np.array(
            [laid.units[number].parts for number in mine]
        )
        turns = _turns(hours, crew, held, laid=laid)
        places = np.array(mine)[turns]
        work = hours[turns][:, :, None] * laid.longer[places][:, None, :]
        for row, number in enumerate(places.tolist()):
            unit = laid.units[number]
            if unit.stage is not None:
                work[row, unit.stage] = laid.begun[unit.work_id]
        planned = ready.done(
            work, crew, release=ready.gained(held[turns], laid.pace), starts=facts.starts
        )
        found[places] = ready.warped(planned, laid.pace, release=held[turns])
    return found


def _turns(hours: Floats, crew: Crew, held: Floats, *, laid: _Laid) -> list[int]:
    """Who goes when, if each may begin when it may in the middle."""
    middle = np.median(held, axis=1) if held.ndim == 2 else held
    release = ready.gained(middle, laid.pace.usual)[:, 0]
    return ready.turns(hours, crew, release=release, starts=laid.facts.starts)


def _crew_of(units: Sequence[Unit], facts: Facts) -> list[int | None]:
    """Which crew does each: its team's, or without one the crew with the least to do for its hours."""
    if None in facts.crews:
        return [None] * len(units)
    able = {
        team: float(crew.per_day.sum()) for team, crew in facts.crews.items() if crew.per_day.any()
    }
    load = dict.fromkeys(able, 0.0)
    found: list[int | None] = []
    for unit in units:
        team = unit.team_id
        if team is None and able:
            team = min(able, key=lambda one: (load[one] + unit.hours) / able[one])
        if team in load:
            load[team] += unit.hours
        found.append(team)
    return found


def _by_team(crews: Sequence[int | None]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    for number, team in enumerate(crews):
        found[team].append(number)
    return found


def _release(units: Sequence[Unit], facts: Facts) -> Floats:
    """When each may begin: a hold with a day until the beginning of that day, one without never."""
    found = np.zeros(len(units))
    for number, unit in enumerate(units):
        if unit.is_held:
            day = unit.held_until
            found[number] = np.inf if day is None else _hours_until(day, facts)
    return found


def _hours_until(day: date, facts: Facts) -> float:
    place = min(max((day - facts.first).days, 0), len(facts.starts) - 1)
    return max(float(facts.starts[place]), 0.0)


def forecasts(member: Member, *, now: datetime) -> list[Forecast]:
    """A forecast of every order, line and lone piece of work that waits: not yet kept.

    Levels are asked as earlier forecasts held: where too few were on time, surer ones.
    """
    facts = promise_facts.read(member, now=now)
    if not facts.units:
        return []
    drawn = draw(facts, rng=seed_of(member, now))
    levels = promises_kept.levels(member)
    calendar = Calendar(member, now)
    rows = []
    for (name, number), mine in _subjects(facts.units).items():
        units = [facts.units[place] for place in mine]
        times = drawn.ready[mine].max(axis=0)
        found = days_of(times, units, levels=levels, calendar=calendar)
        rows.append(_row(name, number, found, units, drawn, levels=levels))
    return rows


def _subjects(units: Sequence[Unit]) -> dict[tuple[str, int], list[int]]:
    """What forecasts are about, with the places of their work: an order and a line are ready with the last."""
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        if unit.order_id is not None:
            found["order_id", unit.order_id].append(place)
        if unit.line_id is not None:
            found["line_id", unit.line_id].append(place)
        found["work_id", unit.work_id].append(place)
    return found


def days_of(
    times: Floats, units: Sequence[Unit], *, levels: Sequence[float], calendar: Calendar
) -> Days:
    """The days at each level; a value between two paths is never made up, and never a free day."""
    horizon = float(HORIZON_DAYS * 24)
    promise = promising.promised(times, horizon=horizon, sure=levels)
    promised = max((unit.promised_on for unit in units if unit.promised_on), default=None)
    return Days(
        days=tuple(calendar.day(hours) for hours in promise.hours),
        within=promise.within,
        by_promise=None
        if promised is None
        else float((times <= max(calendar.until(promised), 0.0)).mean()),
    )


def _row(
    name: str,
    number: int,
    found: Days,
    units: Sequence[Unit],
    drawn: Drawn,
    *,
    levels: Sequence[float],
) -> Forecast:
    facts = drawn.facts
    return Forecast(
        **{name: number},
        p50=found.days[0],
        p85=found.days[1],
        p95=found.days[2],
        within=found.within,
        by_promise=found.by_promise,
        horizon_on=(facts.now + HORIZON).date(),
        problem=problem(units, facts),
        policy=facts.policy,
        model=MODEL if facts.is_measured else THROUGHPUT_MODEL,
        level50=levels[0],
        level85=levels[1],
        level95=levels[2],
        n_paths=drawn.n_paths,
        n_history=drawn.pace.n_history,
        is_assumed=drawn.pace.method == weeks.ASSUMED or any(unit.is_guessed for unit in units),
    )


def problem(units: Sequence[Unit], facts: Facts) -> str:
    """Why some units have no day, by code; nothing where they have one."""
    teams = {unit.team_id for unit in units if unit.team_id is not None}
    works = any(crew.per_day.any() for crew in facts.crews.values())
    reasons = (
        (Problem.HELD, any(unit.is_held and unit.held_until is None for unit in units)),
        (Problem.NO_DAYS, not facts.has_days),
        (Problem.NO_CAPACITY, not works),
        (
            Problem.NO_HOURS,
            facts.is_measured and any(not _works(facts.crews.get(team)) for team in teams),
        ),
    )
    return next((code.value for code, is_so in reasons if is_so), "")


def _works(crew: Crew | None) -> bool:
    return crew is not None and bool(crew.per_day.any())


def shifted(levels: Sequence[float], by: Mapping[float, float]) -> tuple[float, ...]:
    """The levels to be asked, each moved by what earlier promises taught."""
    return tuple(calibration.recalibrated(level, by=by.get(level, 0.0)) for level in levels)
