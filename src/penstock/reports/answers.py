"""How soon are leads answered?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from penstock.analytics import conversion, survival
from penstock.analytics.conversion import Share
from penstock.analytics.survival import Duration
from penstock.base.calendar import Window
from penstock.catalog import calendars
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import narrowing, seen
from penstock.reports.slices import ALL
from penstock.sales.answers import CONTACTS
from penstock.users.models import Member

Key = TypeVar("Key", int, str)
#: States of a lead on the day asked, as an address names them.
IN_TIME, LATE, WAITING, OVERDUE, ENDED = "in_time", "late", "waiting", "overdue", "ended"
STATES = (IN_TIME, LATE, WAITING, OVERDUE, ENDED)


@dataclass(frozen=True, slots=True)
class Clock:
    """One lead: how long it took or has been waiting, in working hours, and how it stands."""

    item_id: int
    owner_id: int | None
    channel: str
    hours: float
    state: str

    @property
    def is_answered(self) -> bool:
        """Whether somebody had contact."""
        return self.state in (IN_TIME, LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How the leads of a window, or a part of them, were answered.

    ``in_time`` is of the leads of which that is known: answered, or their time is over. ``duration`` is in
    working hours; leads that wait, or ended without an answer, are censored in it.
    """

    name: str
    n: int
    counts: Mapping[str, int]
    in_time: Share
    duration: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All leads that arrived in a window, as they stood at its end or now, and by owner and channel."""

    window: Window
    whole: Answered
    by_owner: tuple[tuple[int, Answered], ...]
    by_channel: tuple[tuple[str, Answered], ...]
    n_told: int


#: Answer, its hours and the end of a lead: as the clock has them, or as history had them on a day.
_NOW = ("c.answered_at, c.answered_hours", "least(d.qualified_at, i.decided_at)", "")
_THEN = (
    "heard.at, NULL",
    "least(taken.at, decided.at)",
    f"""
        LEFT JOIN LATERAL (
            SELECT min(x.occurred_at) AS at FROM (
                SELECT DISTINCT ON (r.activity_id) r.activity_id, r.state, r.result, r.occurred_at
                FROM sales_activitychange r
                WHERE r.item_id = c.deal_id AND {rows.counting("sales_activitychange")}
                ORDER BY r.activity_id, r.occurred_at DESC, r.id DESC) x
            JOIN sales_activity a ON a.id = x.activity_id AND a.kind = ANY(%(contacts)s)
            WHERE x.state = 'done' AND x.result <> 'not_reached' AND x.occurred_at >= c.arrived_at
        ) heard ON true
        LEFT JOIN LATERAL (
            SELECT min(r.occurred_at) AS at FROM flow_fieldchange r
            WHERE r.item_id = c.deal_id AND r.field = 'qualified' AND r.value = 'yes'
              AND {rows.counting("flow_fieldchange")}
        ) taken ON true
        LEFT JOIN LATERAL (
            SELECT CASE WHEN x.verdict IN ('won', 'lost') THEN x.occurred_at END AS at FROM (
                SELECT r.verdict, r.occurred_at FROM flow_outcome r
                WHERE r.item_id = c.deal_id AND {rows.counting("flow_outcome")}
                ORDER BY r.occurred_at DESC, r.id DESC LIMIT 1) x
        ) decided ON true
    """,  # noqa: S608 -- fragments of this room; values are parameters
)


def in_window(
    member: Member,
    window: Window,
    *,
    at: datetime,
    known: datetime | None = None,
    only: DealFilter = ALL,
) -> Answers:
    """Leads that arrived in a window, as they stood at an instant; ``known`` as it was known at another."""
    clocks = read(member, window, at=at, known=known, only=only)
    names = dict(Member.objects.filter(workspace_id=member.workspace_id).values_list("pk", "name"))
    return Answers(
        window=window,
        whole=_answered("", clocks),
        by_owner=tuple(
            (pk, _answered(names.get(pk, ""), mine))
            for pk, mine in _grouped(clocks, lambda one: one.owner_id or 0)
        ),
        by_channel=tuple(
            (code, _answered(code, mine))
            for code, mine in _grouped(clocks, lambda one: one.channel)
        ),
        n_told=_n_told(clocks, at=at, member=member),
    )


def read(
    member: Member,
    window: Window,
    *,
    at: datetime,
    known: datetime | None = None,
    only: DealFilter = ALL,
) -> list[Clock]:
    """The leads themselves, the last arrived first."""
    narrow, params = narrowing(only, of="c.deal_id")
    visible, more = rows.embedded(seen(member, only).values("item_id"))
    answer, ended, history = _NOW if known is None else _THEN
    query = f"""
        SELECT c.deal_id, c.arrived_at, c.due_at, {answer}, i.owner_id, {ended},
               coalesce(came.channel, '')
        FROM sales_answerclock c
        JOIN ({visible}) v ON v.item_id = c.deal_id
        JOIN sales_deal d ON d.item_id = c.deal_id
        JOIN flow_item i ON i.id = c.deal_id
        {narrow} {history}
        LEFT JOIN LATERAL (
            SELECT r.channel FROM sales_touch r
            WHERE r.item_id = c.deal_id AND {rows.counting("sales_touch")}
            ORDER BY r.occurred_at, r.id LIMIT 1) came ON true
        WHERE c.workspace_id = %(workspace)s AND i.outcome <> 'merged'
          AND c.arrived_at >= %(first)s AND c.arrived_at < %(stop)s AND c.arrived_at < %(at)s
        ORDER BY c.arrived_at DESC, c.deal_id DESC
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= more | rows.times(at=at, known=known) | {"contacts": list(CONTACTS)}
    params |= {"workspace": member.workspace_id, "first": window.start, "stop": window.stop}
    time = calendars.of(member.workspace)
    found = []
    for deal_id, arrived, due, answered, hours, owner_id, ended, channel in rows.ask(query, params):
        has_answer = answered is not None and answered < at
        has_ended = not has_answer and ended is not None and ended < at
        until = ended if has_ended else at
        found.append(
            Clock(
                item_id=deal_id,
                owner_id=owner_id,
                channel=channel,
                hours=float(hours)
                if has_answer and hours is not None
                else max(time.hours_between(arrived, answered if has_answer else until), 0.0),
                state=_state(due, answered if has_answer else None, has_ended=has_ended, at=at),
            )
        )
    return found


def _state(due: datetime, answered: datetime | None, *, has_ended: bool, at: datetime) -> str:
    if answered is not None:
        return IN_TIME if answered <= due else LATE
    if has_ended:
        return ENDED
    return WAITING if at <= due else OVERDUE


def _answered(name: str, clocks: Sequence[Clock]) -> Answered:
    counts = {state: sum(one.state == state for one in clocks) for state in STATES}
    known = counts[IN_TIME] + counts[LATE] + counts[OVERDUE]
    return Answered(
        name=name,
        n=len(clocks),
        counts=counts,
        in_time=conversion.share(counts[IN_TIME], of=known),
        duration=survival.duration(
            np.array([one.hours for one in clocks], dtype=np.float64),
            np.array([one.is_answered for one in clocks], dtype=np.bool_),
        ),
    )


def _grouped(clocks: Sequence[Clock], key: Callable[[Clock], Key]) -> list[tuple[Key, list[Clock]]]:
    groups: dict[Key, list[Clock]] = {}
    for one in clocks:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))


def _n_told(clocks: Sequence[Clock], *, at: datetime, member: Member) -> int:
    query = """
        SELECT count(DISTINCT r.item_id) FROM sales_escalation r
        WHERE r.workspace_id = %(workspace)s AND r.item_id = ANY(%(ids)s) AND r.occurred_at < %(at)s
          AND r.rung > 1
    """
    params: dict[str, Any] = {
        "workspace": member.workspace_id,
        "ids": [one.item_id for one in clocks],
        "at": at,
    }
    return int(rows.ask(query, params)[0][0])
