"""How long work takes from its begin to its end, by team and product; work that still runs is part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from penstock.analytics import survival
from penstock.analytics.eventlog import (
    MICROSECONDS_A_DAY,
    UNKNOWN,
    Bools,
    Facts,
    Ints,
    in_order,
    looked_up,
)
from penstock.analytics.survival import Duration
from penstock.base.calendar import Window
from penstock.catalog.models import Product
from penstock.flow.models import Item, Kind, StageKind
from penstock.reports import log, rows
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member, Team

#: How work ended: not yet, completed, or dropped.
RUNNING, COMPLETED, DROPPED = 0, 1, 2
GROUPS = ("team", "product")
_TENTHOUSANDTHS = 10_000


@dataclass(frozen=True, slots=True)
class Works:
    """Work items with begin and end, as arrays; NEVER for what has not begun or not ended, 0 for none of a key.

    ``hours`` are in ten-thousandths, UNKNOWN where nobody said.
    """

    item: Ints
    line: Ints
    team: Ints
    product: Ints
    hours: Ints
    opened: Ints
    begun: Ints
    ended: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.item)

    def where(self, kept: Bools) -> Works:
        """Some of them."""
        return Works(*(getattr(self, name)[kept] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """The work of one team or of one product; ``key`` is 0 for none.

    Attributes:
        cycle: From begin to end, of work that was begun in the window; what runs is counted as running.
        n_finished: Completed in the window.
        n_running: Begun and not over at its end.
        n_waiting: Not begun then.
        hours: Of those that were completed in it; ``n_without_hours`` of them have none.
    """

    key: int
    name: str
    cycle: Duration
    n_finished: int
    n_running: int
    n_waiting: int
    hours: float
    n_without_hours: int


@dataclass(frozen=True, slots=True)
class WorkTimes:
    """Cycle times of a window, together and by group; ``n_unbegun`` were completed without ever being begun."""

    window: Window
    by: str
    whole: GroupTimes
    groups: tuple[GroupTimes, ...]
    n_unbegun: int


def in_window(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter,
    by: str = "team",
) -> WorkTimes:
    """Cycle times of the work that a window saw."""
    by = by if by in GROUPS else "team"
    works = load(member, at=window.stop, known=log.known_at(member, known), only=only)
    works = _with_hours(works, window, member, known=known)
    keys = works.team if by == "team" else works.product
    names = _names(member, by, keys)
    groups = [_group(works.where(keys == key), window, key, name) for key, name in names.items()]
    done = _finished(works, window)
    return WorkTimes(
        window=window,
        by=by,
        whole=_group(works, window, 0, ""),
        groups=tuple(
            one for one in groups if one.cycle.n or one.n_finished or one.n_running + one.n_waiting
        ),
        n_unbegun=int((done & (works.begun == NEVER)).sum()),
    )


def items(  # noqa: PLR0913 -- the same questions, and which of the work
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter,
    part: str,
    by: str = "team",
    key: int | None = None,
) -> list[tuple[int, float | None]]:
    """The work behind a figure, with the days from its begin to its end or to that of the window; the longest first."""
    works = load(member, at=window.stop, known=log.known_at(member, known), only=only)
    chosen = {
        "finished": _finished(works, window),
        "begun": _begun(works, window),
        "running": (works.begun != NEVER) & (works.ended == NEVER),
        "waiting": (works.begun == NEVER) & (works.ended == NEVER),
        "unbegun": _finished(works, window) & (works.begun == NEVER),
    }
    kept = chosen.get(part, chosen["finished"])
    if key is not None:
        kept = kept & ((works.product if by == "product" else works.team) == key)
    rows_ = works.where(kept)
    begun = np.where(rows_.begun == NEVER, rows_.opened, rows_.begun)
    days = _days(np.minimum(rows_.ended, log.moment(window.stop)) - begun)
    if part in {"waiting", "unbegun"}:
        return [(int(one), None) for one in rows_.item]
    by_length = np.lexsort((rows_.item, -days))
    return [(int(rows_.item[at]), float(days[at])) for at in by_length]


def load(member: Member, *, at: datetime, known: datetime | None, only: OrderFilter) -> Works:
    """All work that may be seen and was there before a moment."""
    found = copied(*_asked(member, only, at=at), n=6)
    by = np.argsort(found[0])
    item, line, team, product, hours, opened = (one[by] for one in found)
    params = {"workspace": member.workspace_id, **rows.times(at=at, known=known)}
    begun = _first_work(params)
    ends = _ends(params).last()
    kind = looked_up(item, Facts(ends.case, ends.at, ends.value))
    ended = looked_up(item, Facts(ends.case, ends.at, ends.at))
    kind = np.where(kind == UNKNOWN, RUNNING, kind)
    began = looked_up(item, Facts(begun.case, begun.at, begun.at))
    is_over = kind != RUNNING
    return Works(
        item,
        line,
        team,
        product,
        hours,
        opened,
        np.where(began == UNKNOWN, NEVER, began),
        np.where(is_over, ended, NEVER),
        kind,
    )


def _asked(member: Member, only: OrderFilter, *, at: datetime) -> tuple[str, rows.Params]:
    query = f"""
        SELECT w.item_id, coalesce(w.line_id, 0), coalesce(w.team_id, 0), coalesce(l.product_id, 0),
               coalesce((w.hours * {_TENTHOUSANDTHS})::bigint, {UNKNOWN}), i.opened_at
        FROM backlog_workitem w
        JOIN flow_item i ON i.id = w.item_id AND i.withdrawn_at IS NULL
        LEFT JOIN backlog_line l ON l.id = w.line_id
        LEFT JOIN backlog_order o ON o.item_id = l.order_id
        LEFT JOIN flow_item oi ON oi.id = l.order_id
        WHERE w.workspace_id = %(workspace)s AND i.opened_at < %(at)s
          AND (%(team)s::bigint IS NULL OR w.team_id = %(team)s)
          AND (%(product)s::bigint IS NULL OR l.product_id = %(product)s)
          AND (%(company)s::bigint IS NULL OR o.company_id = %(company)s)
          AND (%(pipeline)s::bigint IS NULL OR oi.pipeline_id = %(pipeline)s)
    """  # noqa: S608 -- a constant of this module; values are parameters
    return query, {
        "workspace": member.workspace_id,
        "at": at,
        "team": only.team.pk if only.team else None,
        "product": only.product.pk if only.product else None,
        "company": only.company.pk if only.company else None,
        "pipeline": only.pipeline.pk if only.pipeline else None,
    }


def _first_work(params: rows.Params) -> Facts:
    """When each work item first entered a stage in which it is worked on."""
    query = f"""
        SELECT r.item_id, min(r.occurred_at), 0::bigint
        FROM flow_transition r JOIN flow_stage s ON s.id = r.stage_id
        JOIN flow_pipeline p ON p.id = s.pipeline_id
        WHERE p.workspace_id = %(workspace)s AND p.kind = '{Kind.WORK.value}' AND s.kind = '{StageKind.WORK.value}'
          AND {rows.counting("flow_transition")} GROUP BY 1
    """  # noqa: S608 -- names of this program; values are parameters
    return _facts(*copied(query, params, n=3))


def _ends(params: rows.Params) -> Facts:
    """How work ended, or that it was opened again."""
    query = f"""
        SELECT r.item_id, r.occurred_at, (CASE r.verdict WHEN 'completed' THEN {COMPLETED} WHEN 'dropped' THEN {DROPPED}
                                          ELSE {RUNNING} END)::bigint
        FROM flow_outcome r JOIN backlog_workitem w ON w.item_id = r.item_id
        WHERE {rows.counting("flow_outcome")} ORDER BY r.id
    """  # noqa: S608 -- constants of this module; values are parameters
    return _facts(*copied(query, params, n=3))


def _facts(case: Ints, at: Ints, value: Ints) -> Facts:
    by = in_order(case, at)
    return Facts(case[by], at[by], value[by])


def _with_hours(works: Works, window: Window, member: Member, *, known: date | None) -> Works:
    """The same, with hours for what was finished in the window: where it has none of its own, those of its line.

    They are the hours that left the ledger with what was delivered, shared by all work of the line without its own.
    """
    wanted = (works.hours == UNKNOWN) & _finished(works, window) & (works.line > 0)
    if not wanted.any():
        return works
    query = f"""
        SELECT r.line_id, (-sum(r.hours) * {_TENTHOUSANDTHS})::bigint FROM backlog_entry r
        WHERE r.line_id = ANY (%(lines)s::bigint[]) AND r.kind IN ('fulfilled', 'reversed', 'returned')
          AND {rows.counting("backlog_entry")} GROUP BY 1 HAVING sum(r.hours) IS NOT NULL
    """  # noqa: S608 -- fragments of this room; values are parameters
    lines, n_works = np.unique(works.line[(works.hours == UNKNOWN)], return_counts=True)
    params = {"workspace": member.workspace_id, "lines": np.unique(works.line[wanted]).tolist()}
    params |= rows.times(at=window.stop, known=log.known_at(member, known))
    sums = dict(rows.ask(query, params))
    share = dict(zip(lines.tolist(), n_works.tolist(), strict=True))
    hours = works.hours.copy()
    for place in np.flatnonzero(wanted).tolist():
        line = int(works.line[place])
        if line in sums:
            hours[place] = sums[line] // share[line]
    return replace(works, hours=hours)


def _begun(works: Works, window: Window) -> Bools:
    first, stop = log.moment(window.start), log.moment(window.stop)
    return np.asarray((works.begun >= first) & (works.begun < stop))


def _finished(works: Works, window: Window) -> Bools:
    first = log.moment(window.start)
    return np.asarray((works.kind == COMPLETED) & (works.ended >= first))


def _group(works: Works, window: Window, key: int, name: str) -> GroupTimes:
    begun = works.where(_begun(works, window))
    stop = log.moment(window.stop)
    done = works.where(_finished(works, window))
    has_hours = done.hours != UNKNOWN
    is_open = works.ended == NEVER
    return GroupTimes(
        key=key,
        name=name,
        cycle=survival.duration(
            _days(np.minimum(begun.ended, stop) - begun.begun), begun.kind == COMPLETED
        ),
        n_finished=len(done),
        n_running=int((is_open & (works.begun != NEVER)).sum()),
        n_waiting=int((is_open & (works.begun == NEVER)).sum()),
        hours=float(done.hours[has_hours].sum()) / _TENTHOUSANDTHS,
        n_without_hours=int((~has_hours).sum()),
    )


def _names(member: Member, by: str, keys: Ints) -> dict[int, str]:
    """What the groups are called, in the order of their names; those without one come last."""
    mine = [int(key) for key in np.unique(keys)]
    model = Team if by == "team" else Product
    found: Sequence[tuple[int, str]] = list(
        model.objects.filter(workspace_id=member.workspace_id, pk__in=mine).values_list(
            "pk", "name"
        )
    )
    named = dict(sorted(found, key=lambda one: one[1].casefold()))
    return named | ({0: ""} if 0 in mine else {})


def _days(spans: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(np.maximum(spans, 0) / MICROSECONDS_A_DAY, dtype=np.float64)


def behind(member: Member, ids: Sequence[int]) -> dict[int, Item]:
    """The items of some work that may be seen, by their number."""
    found = Item.objects.filter(
        workspace_id=member.workspace_id, kind=Kind.WORK, withdrawn_at=None, pk__in=list(ids)
    )
    return found.select_related(
        "stage", "work_item__team", "work_item__line__order__item"
    ).in_bulk()
