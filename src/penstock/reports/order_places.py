"""The cumulative flow of the backlog: how many orders stood at which stage on each day, as the ledger tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from penstock.analytics import flow_times
from penstock.analytics.eventlog import UNKNOWN, Facts, Ints, facts, in_order, timeline
from penstock.base.calendar import end_of
from penstock.flow.models import Kind, Stage, StageKind
from penstock.reports import log, rows
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.courses import DELIVERED, MOVED, Courses
from penstock.users.models import Member

#: Not in the backlog; else in it, or delivered from it within the window.
OUTSIDE, INSIDE, DONE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Band:
    """One stage in the diagram: how many orders stood there at the end of each day."""

    stage_id: int | None
    name: str
    counts: Ints


@dataclass(frozen=True, slots=True)
class CumulativeFlow:
    """Day by day, how many orders stood at which stage, and how many were delivered since the begin of the window.

    ``workable`` counts those of the backlog that nothing held as a whole.
    """

    days: tuple[date, ...]
    bands: tuple[Band, ...]
    delivered: Ints
    inside: Ints
    workable: Ints


def by_day(member: Member, courses: Courses, *, known: date | None = None) -> CumulativeFlow:
    """The diagram of a window; its bands add up to the orders owed at the end of each day."""
    stages = _stages(member)
    ids = [stage.pk for stage in stages]
    source = {
        "workspace": member.workspace_id,
        **rows.times(at=courses.window.stop, known=log.known_at(member, known)),
    }
    cases = np.unique(courses.order)
    state = states(courses)
    told = timeline(
        {
            "state": state,
            "place": _visits(source, ids).of(cases),
            "hold": _holds(source).of(cases),
        }
    )
    is_inside = told.values["state"] == INSIDE
    place = told.values["place"]
    # An order without a move that counts stands at the first stage.
    place = np.where(place == UNKNOWN, 0, place)
    at = np.where(is_inside, place, np.where(told.values["state"] == DONE, len(ids), UNKNOWN))
    held = np.where(is_inside & (told.values["hold"] == 1), 0, UNKNOWN)
    days = _days(courses)
    ends = np.array([log.moment(end_of(day, zone=courses.window.zone)) for day in days])
    n = flow_times.cumulative_flow(
        *_parted(told.case, told.at, at), ends=ends, n_stages=len(ids) + 1
    )
    waits = flow_times.cumulative_flow(*_parted(told.case, told.at, held), ends=ends, n_stages=1)
    counts = n.inside[:, :-1]
    inside = counts.sum(axis=1)
    return CumulativeFlow(
        days=days,
        bands=tuple(
            Band(stage.pk, stage.label, counts[:, number])
            for number, stage in enumerate(stages)
            if stage.retired_at is None or counts[:, number].any()
        ),
        delivered=n.inside[:, -1],
        inside=inside,
        workable=inside - waits.inside[:, 0],
    )


def orders_at(
    member: Member, courses: Courses, *, known: date | None = None, stage_id: int | None
) -> list[int]:
    """The orders that stood at a stage at the end of the window, those first that came first; all for no stage."""
    open_ = courses.where(courses.left == NEVER)
    if stage_id is not None:
        ids = [stage.pk for stage in _stages(member)]
        source = {
            "workspace": member.workspace_id,
            **rows.times(at=courses.window.stop, known=log.known_at(member, known)),
        }
        last = _visits(source, ids).last()
        there = dict(zip(last.case.tolist(), last.value.tolist(), strict=True))
        wanted = ids.index(stage_id) if stage_id in ids else -1
        open_ = open_.where(
            np.array([there.get(one, 0) == wanted for one in open_.order.tolist()], dtype=bool)
        )
    return [int(one) for one in open_.order[np.lexsort((open_.order, open_.came))]]


def _stages(member: Member) -> Sequence[Stage]:
    """The stages in which orders are owed, also those that are no longer in use."""
    found = Stage.objects.filter(workspace_id=member.workspace_id, pipeline__kind=Kind.ORDER)
    owed = found.exclude(kind=StageKind.DONE)
    return list(owed.order_by("pipeline__position", "position", "id"))


def _days(courses: Courses) -> tuple[date, ...]:
    first = courses.window.first
    return tuple(first + timedelta(days=number) for number in range(courses.window.n_days))


def states(courses: Courses) -> Facts:
    """Whether each order is in the backlog, from when on."""
    gone = courses.left != NEVER
    after = np.where(courses.kind[gone] == DELIVERED, DONE, OUTSIDE)
    # What went into another order left without being delivered.
    assert MOVED != DELIVERED
    return facts(
        np.concatenate((courses.order, courses.order[gone])),
        np.concatenate((courses.came, courses.left[gone])),
        np.concatenate((np.full(len(courses), INSIDE), after)),
    )


def _visits(source: rows.Params, ids: Sequence[int]) -> Facts:
    """Entries of orders into the stages in which they are owed; the value is the place of the stage."""
    query = f"""
        SELECT r.item_id, r.occurred_at, array_position(%(stages)s::bigint[], r.stage_id)::bigint - 1
        FROM flow_transition r
        WHERE r.stage_id = ANY (%(stages)s) AND {rows.counting("flow_transition")} ORDER BY r.id
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(*copied(query, source | {"stages": list(ids)}, n=3))


def _holds(source: rows.Params) -> Facts:
    """From when on an order as a whole was held (1) or no longer was (0)."""
    query = f"""
        SELECT r.item_id, r.occurred_at, (r.side <> '')::int::bigint
        FROM flow_blocker r JOIN backlog_order o ON o.item_id = r.item_id
        WHERE {rows.counting("flow_blocker")} ORDER BY r.id
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(*copied(query, source, n=3))


def _facts(case: Ints, at: Ints, value: Ints) -> Facts:
    by = in_order(case, at)
    return Facts(case[by], at[by], value[by])


def _parted(case: Ints, at: Ints, place: Ints) -> tuple[Facts, Facts]:
    """What is somewhere, and what is nowhere from then on."""
    is_there = place != UNKNOWN
    return (
        Facts(case[is_there], at[is_there], place[is_there]),
        Facts(case[~is_there], at[~is_there], place[~is_there]),
    )
