"""What a goal counts, day by day, as it stands now: the database adds up the deals of a day.

The same figures as :mod:`penstock.reports.goal_facts` gives for the present moment, without reading the
history of every deal: a tile that is asked for with every page is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from penstock.analytics.eventlog import UNKNOWN, Bools, Ints, exact_sum
from penstock.analytics.pace import Floats
from penstock.base.calendar import start_of
from penstock.flow.dating import now
from penstock.reports import columns, copying, rows, won
from penstock.reports.goal_facts import ONE, mates
from penstock.reports.log import Source
from penstock.sales import access
from penstock.sales.models import Goal, Metric
from penstock.users.models import Member

_DAY = "((at AT TIME ZONE %(zone)s)::date - '2000-01-01'::date)::bigint"
#: A currency that is not the workspace's own, as in ``columns``; the amount of one deal in ten-thousandths.
_CODE = (
    "CASE WHEN currency <> %(own)s THEN"
    " (ascii(currency) * 65536 + ascii(substr(currency, 2)) * 256 + ascii(substr(currency, 3)))::bigint END"
)
_KNOWN = f"CASE WHEN amount < {columns.LARGEST_AMOUNT} THEN (amount * 10000)::bigint END"


@dataclass(frozen=True, slots=True)
class Days:
    """Sums of days, several of one day where currencies differ; ``amount`` is in ten-thousandths.

    ``n`` things happened on a day, ``unknown`` of them have no amount, or none that a rate turns.
    ``begins`` is the first day on which the workspace has any such thing, whosever it is.
    """

    day: Ints
    amount: Ints
    n_each: Ints
    unknown: Ints
    begins: int | None

    def between(self, first: int, last: int) -> tuple[Ints, Floats]:
        """Days and amounts from one day to another, both included."""
        kept = self._within(first, last)
        return self.day[kept], self.amount[kept].astype(np.float64) / ONE

    def total(self, first: int, last: int) -> Decimal:
        """The exact sum of some days."""
        return won.money(exact_sum(self.amount[self._within(first, last)]))

    def n(self, first: int, last: int) -> int:
        """How many there are on some days."""
        return int(self.n_each[self._within(first, last)].sum())

    def n_unknown(self, first: int, last: int) -> int:
        """How many of them have no amount, or none that a rate turns."""
        return int(self.unknown[self._within(first, last)].sum())

    def _within(self, first: int, last: int) -> Bools:
        return np.asarray((self.day >= first) & (self.day <= last))


def of(member: Member, goal: Goal, *, since: date) -> Days:
    """What counts towards a goal from a day on, of what a member may see."""
    asked = _Asked(member, goal, since)
    if goal.metric == Metric.ACTIVITIES:
        return _counted(asked, _done(asked, since="%(since)s"), first=_done(asked))
    if goal.metric == Metric.NEW_LEADS:
        return _counted(asked, _opened(asked, since="%(since)s"), first=_opened(asked, of_all=True))
    found = _won(asked)
    if goal.metric == Metric.WON_AMOUNT:
        return found
    return Days(found.day, found.n_each * ONE, found.n_each, found.unknown * 0, found.begins)


class _Asked:
    """Whose things are counted for which goal, as parameters and as conditions."""

    def __init__(self, member: Member, goal: Goal, since: date) -> None:
        workspace = member.workspace
        self.source = Source(member, at=now())
        self.goal = goal
        owners = [goal.owner_id] if goal.owner_id is not None else None
        if goal.team_id is not None:
            owners = mates(member, goal.team_id)
        self.is_of_people = owners is not None
        self.params: rows.Params = {
            "workspace": member.workspace_id,
            "zone": str(workspace.zone),
            "own": workspace.currency,
            "since": start_of(since, zone=workspace.zone),
            "viewer": member.pk,
            "owners": owners,
            "product": goal.product_id,
            "channel": goal.channel,
            "kind": goal.activity,
        }

    @property
    def seen(self) -> str:
        """Condition on the item ``i`` of a deal: the member may see it; empty where they see all."""
        sees_all = access.sees_all(self.source.member)
        return "" if sees_all else " AND (i.owner_id = %(viewer)s OR i.owner_id IS NULL)"

    @property
    def belongs(self) -> str:
        """Condition on a deal ``d`` and its item ``i``: it counts for whose goal it is."""
        of_people = " AND i.owner_id = ANY(%(owners)s)" if self.is_of_people else ""
        of_product = " AND d.product_id = %(product)s" if self.goal.product_id is not None else ""
        return (
            of_people + of_product + (" AND d.channel = %(channel)s" if self.goal.channel else "")
        )


def _won(asked: _Asked) -> Days:
    mine, since = asked.seen + asked.belongs, "%(since)s"
    ends = f"{_plain(mine, since=since)} UNION ALL {_retold(mine, since=since)}"
    query = f"""
        SELECT {_DAY}, coalesce(code, {UNKNOWN}), coalesce(CASE WHEN code IS NOT NULL THEN known END, {UNKNOWN}),
               coalesce(sum(known), 0)::bigint, count(*), count(known)
        FROM (SELECT at, {_CODE} AS code, {_KNOWN} AS known FROM ({ends}) ends) told
        GROUP BY 1, 2, 3
    """  # noqa: S608 -- fragments of this module; values are parameters
    day, currency, each, total, n, known = copying.copied(query, asked.params, n=6)
    is_foreign = currency != UNKNOWN
    turned = won.in_own(asked.source, each, currency, day)
    has_no_rate = is_foreign & (turned == UNKNOWN)
    counted = np.where(has_no_rate, 0, known)
    amount = np.where(is_foreign, np.where(has_no_rate, 0, turned) * counted, total)
    return Days(
        day, amount, n, n - counted, _begins(asked, _plain(asked.seen), _retold(asked.seen))
    )


def _plain(mine: str, *, since: str = "'-infinity'") -> str:
    """Won deals of which it is kept when they were closed; where all are asked for, one index tells it."""
    gone = "SELECT w.id FROM flow_item w WHERE w.workspace_id = %(workspace)s AND w.withdrawn_at IS NOT NULL"
    joined = "JOIN flow_item i ON i.id = d.item_id AND i.outcome = 'won'" if mine else ""
    return f"""
        SELECT d.closed_at AS at, d.currency::text, d.amount FROM sales_deal d {joined}
        WHERE d.workspace_id = %(workspace)s AND d.closed_at >= {since} AND d.closed_as = 'won'
          AND {rows.outside(gone, of="d.item_id")} {mine}
    """  # noqa: S608 -- fragments of this module; values are parameters


def _retold(mine: str, *, since: str = "'-infinity'") -> str:
    """The few won deals of which only their rows say how they were closed: as they stand now."""
    return f"""
        SELECT i.decided_at AS at, d.currency::text, d.amount
        FROM sales_deal d JOIN flow_item i ON i.id = d.item_id
        WHERE d.workspace_id = %(workspace)s AND d.is_retold AND i.outcome = 'won'
          AND i.withdrawn_at IS NULL AND i.decided_at >= {since} {mine}
    """  # noqa: S608 -- fragments of this module; values are parameters


def _opened(asked: _Asked, *, since: str = "'-infinity'", of_all: bool = False) -> str:
    """Deals by their opening, but for those that were merged into others."""
    mine = asked.seen if of_all else asked.seen + asked.belongs
    return f"""
        SELECT i.opened_at AS at FROM flow_item i JOIN sales_deal d ON d.item_id = i.id
        WHERE i.workspace_id = %(workspace)s AND i.kind = 'deal' AND i.withdrawn_at IS NULL
          AND i.opened_at >= {since} AND i.outcome <> 'merged' {mine}
    """  # noqa: S608 -- fragments of this module; values are parameters


def _done(asked: _Asked, *, since: str = "") -> str:
    """Activities done; since the first of all without ``since``."""
    mine = ""
    if since:
        mine = f"AND a.done_at >= {since}"
        mine += " AND a.kind = %(kind)s" if asked.goal.activity else ""
        mine += " AND a.owner_id = ANY(%(owners)s)" if asked.is_of_people else ""
    seen = f"AND (i.kind <> 'deal' OR (true {asked.seen}))" if asked.seen else ""
    return f"""
        SELECT a.done_at AS at FROM sales_activity a JOIN flow_item i ON i.id = a.item_id
        WHERE a.workspace_id = %(workspace)s AND a.done_at IS NOT NULL AND i.withdrawn_at IS NULL {seen} {mine}
    """  # noqa: S608 -- fragments of this module; values are parameters


def _counted(asked: _Asked, query: str, *, first: str) -> Days:
    """Things that count one each."""
    whole = f"SELECT {_DAY}, count(*) FROM ({query}) told GROUP BY 1"  # noqa: S608 -- fragments of this module; values are parameters
    day, n = copying.copied(whole, asked.params, n=2)
    return Days(day, n * ONE, n, n * 0, _begins(asked, first))


def _begins(asked: _Asked, *queries: str) -> int | None:
    """The first day of some queries of moments."""
    firsts = [f"(SELECT at FROM ({query}) told ORDER BY at LIMIT 1)" for query in queries]  # noqa: S608 -- fragments of this module; values are parameters
    whole = f"SELECT {_DAY} FROM (SELECT min(at) AS at FROM ({' UNION ALL '.join(firsts)}) first) q"  # noqa: S608 -- fragments of this module; values are parameters
    [[day]] = rows.ask(whole, asked.params)
    return None if day is None else int(day)
