"""What the promises are made from: work in the order of its policy, who works how much, what an hour brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import numpy as np
from django.db.models import F, OuterRef, Subquery

from penstock.analytics.ready import Crew
from penstock.analytics.weeks import Floats
from penstock.backlog import priorities
from penstock.backlog.models import Dependency, QueueRule, WorkItem
from penstock.base.calendar import Window, start_of
from penstock.base.working_time import WorkingTime
from penstock.flow.models import Blocker, Kind, StageKind
from penstock.reports import impact_weeks, promise_crews
from penstock.reports.promise_crews import Route
from penstock.users.models import Member

#: So far ahead a day is looked for.
HORIZON_DAYS = 364
#: Nobody has hours for more pieces of work than this at once; those after them wait for a later look.
MOST_UNITS = 20_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work, or of an order that is not placed yet (``work_id`` 0).

    Attributes:
        parts: Which part of the hours is left in each stage; none in those that it has passed.
        stage: In which it is worked on now, by place; None while it is not begun.
        age_hours: Working hours since it came into that stage.
    """

    work_id: int
    line_id: int | None
    order_id: int | None
    team_id: int | None
    hours: float
    is_guessed: bool
    promised_on: date | None
    is_held: bool
    held_until: date | None
    parts: tuple[float, ...]
    stage: int | None = None
    age_hours: float = 0.0

    @property
    def is_begun(self) -> bool:
        """Whether somebody is at it."""
        return self.stage is not None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a forecast needs.

    Attributes:
        now: The moment.
        first: Its day, in the workspace's zone.
        units: In the order of work: what is begun first, then as the policy says.
        needs: Of a piece of work, those that must be done before it.
        crews: By team; what belongs to no team goes to the crew that has the least to do for its hours.
        way: The stages of work.
        starts: Hours from now at which each day of the horizon begins, and its end.
        brought: What an hour that could be worked brought in past weeks; is_busy with it.
        is_measured: Whether hours of teams are recorded; without them the throughput is the capacity.
        policy: By which they stand in order.
        has_days: Whether anybody ever works, by the usual calendar.
    """

    now: datetime
    first: date
    units: tuple[Unit, ...]
    needs: Mapping[int, tuple[int, ...]]
    crews: Mapping[int | None, Crew]
    way: Route
    starts: Floats
    brought: Floats
    is_busy: np.ndarray
    is_measured: bool
    policy: str
    has_days: bool


def read(member: Member, *, now: datetime) -> Facts:
    """Everything from the rows of this moment."""
    rule = QueueRule.of(member.workspace)
    way = promise_crews.route(member)
    worked = impact_weeks.working_time(member)
    units = _units(member, rule.policy, way, now=now, worked=worked)
    zone = member.workspace.zone
    first = now.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(HORIZON_DAYS)]
    opens = [start_of(day, zone=zone) for day in [*days, days[-1] + timedelta(days=1)]]
    window = Window(days[0], days[-1], zone)
    crews = promise_crews.of_teams(member, window, way, _loads(units, way))
    is_measured = any(crew.per_day.any() for crew in crews.values())
    brought, is_busy, per_day = promise_crews.brought(member, first, is_measured=is_measured)
    if not is_measured:
        crews = {None: promise_crews.by_throughput(member, days, per_day=per_day)}
    return Facts(
        now=now,
        first=first,
        units=units,
        needs=_needs(member),
        crews=crews,
        way=way,
        starts=np.array([(at - now).total_seconds() / 3600 for at in opens]),
        brought=brought,
        is_busy=is_busy,
        is_measured=is_measured,
        policy=rule.policy,
        has_days=worked is not None,
    )


def _loads(units: Sequence[Unit], way: Route) -> list[float]:
    """Hours of work in each stage."""
    loads = [0.0] * len(way.stages)
    for unit in units:
        for stage, part in enumerate(unit.parts):
            loads[stage] += unit.hours * part
    return loads


def _needs(member: Member) -> dict[int, tuple[int, ...]]:
    """What must be done before what; work that is over holds nobody up."""
    rows = Dependency.objects.filter(
        workspace_id=member.workspace_id,
        before__item__outcome="",
        before__item__withdrawn_at=None,
    ).exclude(before__item__stage__kind=StageKind.DONE)
    found: dict[int, tuple[int, ...]] = {}
    for after, before in rows.order_by("pk").values_list("after_id", "before_id"):
        found[after] = (*found.get(after, ()), before)
    return found


def _units(
    member: Member, policy: str, way: Route, *, now: datetime, worked: WorkingTime | None
) -> tuple[Unit, ...]:
    until = (
        Blocker.objects.filter(item_id=OuterRef("item_id"))
        .order_by("-occurred_at", "-id")
        .values("until")[:1]
    )
    of_order = (
        Blocker.objects.filter(item_id=OuterRef("line__order_id"))
        .order_by("-occurred_at", "-id")
        .values("until")[:1]
    )
    rows: Iterable[Mapping[str, Any]] = (
        WorkItem.objects.filter(
            workspace_id=member.workspace_id,
            item__kind=Kind.WORK,
            item__outcome="",
            item__withdrawn_at=None,
        )
        .exclude(item__stage__kind=StageKind.DONE)
        .order_by(
            *priorities.order_by(policy, of="line__order__"),
            F("line__position").asc(nulls_last=True),
            "item__opened_at",
            "pk",
        )
        .annotate(until=Subquery(until), order_until=Subquery(of_order))
        .values(
            "pk",
            "line_id",
            "line__order_id",
            "team_id",
            "hours",
            "line__remaining_hours",
            "line__remaining_quantity",
            "line__promised_on",
            "line__order__promised_on",
            "item__is_blocked",
            "line__order__item__is_blocked",
            "item__pipeline_id",
            "item__stage_id",
            "item__stage__kind",
            "item__entered_at",
            "until",
            "order_until",
        )[:MOST_UNITS]
    )
    found = [row for row in rows if row["line_id"] is None or row["line__remaining_quantity"] > 0]
    works = _works_of_lines(found)
    known = [hours for row in found if (hours := _hours(row, works))]
    usual = median(known) if known else 8.0
    units = [
        _unit(row, hours=_hours(row, works), usual=usual, begun=_begun(row, way, now, worked))
        for row in found
    ]
    # What is begun goes on: nobody is interrupted.
    return tuple(sorted(units, key=lambda unit: not unit.is_begun))


def _works_of_lines(rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """How many open pieces the work of each line has, of those without hours of their own."""
    found: dict[int, int] = {}
    for row in rows:
        if row["line_id"] is not None and row["hours"] is None:
            found[row["line_id"]] = found.get(row["line_id"], 0) + 1
    return found


def _hours(row: Mapping[str, Any], works: Mapping[int, int]) -> float:
    if row["hours"] is not None:
        return float(row["hours"])
    return float(row["line__remaining_hours"] or 0) / max(works.get(row["line_id"], 1), 1)


@dataclass(frozen=True, slots=True)
class _Begun:
    """How far a piece of work has come."""

    parts: tuple[float, ...]
    stage: int | None
    age_hours: float


def _begun(row: Mapping[str, Any], way: Route, now: datetime, worked: WorkingTime | None) -> _Begun:
    pipeline, stage = row["item__pipeline_id"], row["item__stage_id"]
    if row["item__stage__kind"] != StageKind.WORK or stage not in way.stages:
        return _Begun(way.left(pipeline), None, 0.0)
    since = row["item__entered_at"]
    age = worked.hours_between(since, now) if worked is not None and since < now else 0.0
    return _Begun(way.left(pipeline, stage), way.stages.index(stage), age)


def _unit(row: Mapping[str, Any], *, hours: float, usual: float, begun: _Begun) -> Unit:
    days = [
        day
        for is_held, day in (
            (row["item__is_blocked"], row["until"]),
            (row["line__order__item__is_blocked"], row["order_until"]),
        )
        if is_held
    ]
    known = [day for day in days if day is not None]
    return Unit(
        work_id=row["pk"],
        line_id=row["line_id"],
        order_id=row["line__order_id"],
        team_id=row["team_id"],
        hours=hours or usual,
        is_guessed=not hours,
        promised_on=row["line__promised_on"] or row["line__order__promised_on"],
        is_held=bool(days),
        held_until=max(known) if known and len(known) == len(days) else None,
        parts=begun.parts,
        stage=begun.stage,
        age_hours=begun.age_hours,
    )
