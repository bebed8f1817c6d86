"""Who does the work that promises are made of: crews of teams, day by day, or what was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from penstock.analytics.ready import Crew
from penstock.analytics.weeks import Floats
from penstock.base.calendar import Window
from penstock.flow.models import Kind, Stage, StageKind
from penstock.reports import capacity, impact_weeks
from penstock.reports.impact_weeks import HOURS
from penstock.users.models import Member

#: What an hour brought is looked up in so many weeks.
LOOK_BACK = 52
#: A stage without work of its own keeps this part of an equal share of those who work in all stages.
LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Route:
    """The stages in which work is done, of all pipelines of work.

    Attributes:
        stages: Their numbers, pipeline by pipeline, in order.
        limits: How much work each may hold; None for any number.
        parts: Of each pipeline, which part of the hours is worked in each of the stages.
        usual: The pipeline of work that is not placed yet.
    """

    stages: tuple[int, ...]
    limits: tuple[int | None, ...]
    parts: Mapping[int, tuple[float, ...]]
    usual: int

    def left(self, pipeline_id: int, stage_id: int | None = None) -> tuple[float, ...]:
        """Which part of the hours is left to do in each stage, from the stage in which the work stands."""
        parts = self.parts.get(pipeline_id, self.parts[self.usual])
        if stage_id not in self.stages:
            return parts
        at = self.stages.index(stage_id)
        return tuple(part if place >= at else 0.0 for place, part in enumerate(parts))


def route(member: Member) -> Route:
    """The stages of work; one for all where nobody drew any."""
    rows = list(
        Stage.objects.filter(
            workspace_id=member.workspace_id,
            pipeline__kind=Kind.WORK,
            kind=StageKind.WORK,
            retired_at=None,
        )
        .order_by("pipeline__position", "pipeline_id", "position")
        .values_list("pk", "pipeline_id", "wip_limit")
    ) or [(0, 0, None)]
    counts: dict[int, int] = {}
    for _stage, pipeline, _limit in rows:
        counts[pipeline] = counts.get(pipeline, 0) + 1
    return Route(
        stages=tuple(stage for stage, _pipeline, _limit in rows),
        limits=tuple(limit for _stage, _pipeline, limit in rows),
        parts={
            one: tuple(1 / counts[one] if pipeline == one else 0.0 for _s, pipeline, _l in rows)
            for one in counts
        },
        usual=rows[0][1],
    )


def of_teams(
    member: Member, window: Window, way: Route, loads: Sequence[float]
) -> dict[int | None, Crew]:
    """Who works, team by team, no more at once than the stages may hold.

    Where nobody is bound to a stage people follow their work through all of them. Where some are, the
    others are shared out as the work is.

    Args:
        member: Who asks.
        window: The days.
        way: The stages.
        loads: Hours of work in each stage.
    """
    rows: dict[int, list[capacity.PlaceDays]] = {}
    for row in capacity.in_days(member, window):
        rows.setdefault(row.team_id, []).append(row)
    shares = _shares(way, loads)
    crews: dict[int | None, Crew] = {
        team: _crew(places, way, shares) for team, places in rows.items()
    }
    return _limited(crews, way)


def _shares(way: Route, loads: Sequence[float]) -> list[float]:
    """How those who work in all stages are shared out among them."""
    usual = way.parts[way.usual]
    least = LEAST_SHARE * (sum(loads) or 1.0) / len(loads)
    found = (
        [max(load, least if part else 0.0) for load, part in zip(loads, usual, strict=True)]
        if sum(loads)
        else list(usual)
    )
    return [one / sum(found) for one in found]


def _crew(places: Sequence[capacity.PlaceDays], way: Route, shares: Sequence[float]) -> Crew:
    if all(place.stage_id is None for place in places):
        return Crew((len(places),), np.array([[place.hours for place in places]]).sum(axis=1))
    hours, counts = [], []
    for stage, share in zip(way.stages, shares, strict=True):
        parts = [
            (1.0 if place.stage_id == stage else share, place)
            for place in places
            if place.stage_id in (None, stage)
        ]
        n_days = len(places[0].hours)
        hours.append(
            sum((part * np.array(place.hours) for part, place in parts), start=np.zeros(n_days))
        )
        counts.append(max(round(sum(part for part, _place in parts)), 1) if parts else 0)
    return Crew(tuple(counts), np.array(hours))


def _limited(crews: Mapping[int | None, Crew], way: Route) -> dict[int | None, Crew]:
    """The same crews, with so many at work at once as the stages hold; the hours of the others bring nothing."""
    whole = None if None in way.limits else sum(limit or 0 for limit in way.limits)
    n_pooled = sum(crew.places[0] for crew in crews.values() if crew.is_pooled)
    n_staged = [
        sum(crew.places[stage] for crew in crews.values() if not crew.is_pooled)
        for stage in range(len(way.stages))
    ]
    kept = [_kept(limit, n) for limit, n in zip(way.limits, n_staged, strict=True)]
    pooled = _kept(whole, n_pooled + sum(n_staged))
    return {
        team: crew.limited([pooled] if crew.is_pooled else kept) for team, crew in crews.items()
    }


def _kept(limit: int | None, n: int) -> float:
    return 1.0 if limit is None or n <= limit else limit / n


def brought(member: Member, on: date, *, is_measured: bool) -> tuple[Floats, np.ndarray, float]:
    """What an hour brought, week by week; without recorded hours, against the mean week, and that by day."""
    weeks = impact_weeks.past(member, on=on, n_weeks=LOOK_BACK, measure=HOURS).weeks
    weeks = tuple(week for week in weeks if week.days)
    while weeks and not (weeks[0].opening or weeks[0].accepted):
        weeks = weeks[1:]
    done = np.array([max(float(week.done), 0.0) for week in weeks])
    busy = np.array([week.is_busy for week in weeks], dtype=np.bool_)
    if not len(weeks):
        return done, busy, 0.0
    if is_measured:
        hours = capacity.in_each(member, [week.window for week in weeks])
        could = np.array([one.available for one in hours])
        kept = could > 0
        return done[kept] / could[kept], busy[kept], 0.0
    days = np.array([week.days for week in weeks], dtype=np.float64)
    per_day = float(done.sum() / days.sum())
    return (done / days) / per_day if per_day else done, busy, per_day


def by_throughput(member: Member, days: Sequence[date], *, per_day: float) -> Crew:
    """One crew that does as much a working day as was done, all stages at once."""
    worked = impact_weeks.working_time(member)
    is_open = np.array([worked is not None and worked.is_working_day(day) for day in days])
    return Crew((1,), np.array([is_open * per_day]))
