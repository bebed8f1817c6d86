"""From when to when each piece of work stood at a resource: at a stage with the queue before it, or with a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from penstock.analytics.eventlog import Bools, Facts, Ints, in_order, looked_up
from penstock.base.calendar import Window
from penstock.flow.models import Kind, Stage, StageKind
from penstock.reports import log, rows, work_times
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member, Team

BY = ("team", "stage")


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays at resources, in the order of work and time.

    Attributes:
        item: Which work.
        place: The number of its resource among :attr:`keys`.
        start: Since when.
        stop: Until when; NEVER while it is there.
        is_active: Whether it was worked on there; else it waited.
        keys: The resources, by the key of their team or stage.
        names: What they are called.
        n_of_none: Work in the window that belongs to none of them.
    """

    item: Ints
    place: Ints
    start: Ints
    stop: Ints
    is_active: Bools
    keys: tuple[int, ...]
    names: tuple[str, ...]
    n_of_none: int

    def __len__(self) -> int:
        return len(self.item)

    def where(self, kept: Bools) -> Stays:
        """Some of them."""
        return replace(
            self,
            item=self.item[kept],
            place=self.place[kept],
            start=self.start[kept],
            stop=self.stop[kept],
            is_active=self.is_active[kept],
        )

    def together(self) -> Stays:
        """Stays of one piece of work at one resource that follow each other, waiting and worked on, as one."""
        if not len(self):
            return self
        goes_on = np.zeros(len(self), dtype=bool)
        goes_on[1:] = (
            (self.item[1:] == self.item[:-1])
            & (self.place[1:] == self.place[:-1])
            & (self.start[1:] == self.stop[:-1])
        )
        heads = np.flatnonzero(~goes_on)
        lasts = np.append(heads[1:] - 1, len(self) - 1)
        return Stays(
            self.item[heads],
            self.place[heads],
            self.start[heads],
            self.stop[lasts],
            np.logical_or.reduceat(self.is_active, heads),
            keys=self.keys,
            names=self.names,
            n_of_none=self.n_of_none,
        )


def load(
    member: Member, window: Window, *, known: date | None, only: OrderFilter, by: str
) -> Stays:
    """All stays that reach into a window."""
    known_at = log.known_at(member, known)
    works = work_times.load(member, at=window.stop, known=known_at, only=only)
    stages = {
        stage.pk: stage
        for stage in Stage.objects.filter(
            workspace_id=member.workspace_id, pipeline__kind=Kind.WORK
        ).order_by("pipeline__position", "position", "id")
    }
    visits = _visits(member, window, known, list(stages)).of(works.item)
    ended = looked_up(visits.case, Facts(works.item, works.item, works.ended))
    stop = np.append(visits.at[1:], NEVER)
    stop[np.append(visits.case[1:] != visits.case[:-1], True)[: len(stop)]] = NEVER
    stop = np.minimum(stop[: len(visits)], ended)
    numbers = np.array([stages[one].kind != StageKind.DONE for one in stages], dtype=bool)
    kinds = np.array([stages[one].kind == StageKind.WORK for one in stages], dtype=bool)
    keys, names, place = _places(member, by, works, visits, stages)
    counted = numbers[visits.value] & (stop > visits.at) & (stop > log.moment(window.start))
    found = Stays(
        visits.case,
        place,
        visits.at,
        stop,
        kinds[visits.value],
        keys=keys,
        names=names,
        n_of_none=len(np.unique(visits.case[counted & (place < 0)])),
    )
    return found.where(counted & (place >= 0))


def _visits(member: Member, window: Window, known: date | None, stages: Sequence[int]) -> Facts:
    """Entries of work into stages; the value is the place of the stage in the list."""
    query = f"""
        SELECT r.item_id, r.occurred_at, array_position(%(stages)s::bigint[], r.stage_id)::bigint - 1
        FROM flow_transition r
        WHERE r.stage_id = ANY (%(stages)s::bigint[]) AND {rows.counting("flow_transition")} ORDER BY r.id
    """  # noqa: S608 -- fragments of this room; values are parameters
    params = {"workspace": member.workspace_id, "stages": list(stages)}
    params |= rows.times(at=window.stop, known=log.known_at(member, known))
    case, at, value = copied(query, params, n=3)
    order = in_order(case, at)
    return Facts(case[order], at[order], value[order])


def _places(
    member: Member, by: str, works: work_times.Works, visits: Facts, stages: Mapping[int, Stage]
) -> tuple[tuple[int, ...], tuple[str, ...], Ints]:
    """The resources, and which one each visit is at; -1 for none."""
    if by == "team":
        teams = Team.objects.filter(workspace_id=member.workspace_id).order_by("sort_key", "pk")
        named = dict(teams.values_list("pk", "name"))
        team = looked_up(visits.case, Facts(works.item, works.item, works.team))
        used = set(np.unique(team).tolist())
        keys = tuple(pk for pk in named if pk in used)
        return keys, tuple(named[pk] for pk in keys), _numbered(team, keys)
    work = [stage for stage in stages.values() if stage.kind == StageKind.WORK]
    number = {stage.pk: at for at, stage in enumerate(work)}
    at_stage = np.array([_work_of(one, work, number) for one in stages.values()], dtype=np.int64)
    names = tuple(stage.label for stage in work)
    return tuple(number), names, at_stage[visits.value] if len(stages) else visits.value


def _numbered(values: Ints, keys: Sequence[int]) -> Ints:
    found = np.full(len(values), -1, dtype=np.int64)
    for number, key in enumerate(keys):
        found[values == key] = number
    return found


def _work_of(stage: Stage, work: Sequence[Stage], number: Mapping[int, int]) -> int:
    """Which resource a stage belongs to: itself where work is done, else the next such stage of its pipeline."""
    if stage.pk in number:
        return number[stage.pk]
    ahead = [
        one
        for one in work
        if one.pipeline_id == stage.pipeline_id and one.position > stage.position
    ]
    return number[ahead[0].pk] if ahead and stage.kind == StageKind.QUEUE else -1
