"""How many deals were opened, won, lost and reopened in each of some periods, and for how much.

Asked in two ways that say the same. Of now, and of all deals, most is read from what is kept with them
(:mod:`penstock.sales.closings`): two ranges of an index per period. Everything else is told by the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window, end_of
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.periods import Period
from penstock.reports.pipeline import ALL, items, narrowing
from penstock.sales import access
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Count:
    """Deals of one period, group and currency that one thing happened to."""

    period: int
    group: str
    what: str
    currency: str
    n: int
    n_with_amount: int
    total: Decimal | None
    closed_on: date | None = None


def counted(
    member: Member,
    spans: Sequence[Period],
    *,
    known: date | None,
    only: DealFilter,
    by: str = "",
) -> list[Count]:
    """One row per period, group, kind of movement and currency; the periods follow one another without a gap.

    ``by`` groups by the value that a field had at the end of the period.
    """
    whole = Window(spans[0].window.first, spans[-1].window.last, spans[0].window.zone)
    params = window_times(whole, known) | {
        "workspace": member.workspace_id,
        "own": member.workspace.currency,
        "zone": member.workspace.time_zone,
        "starts": [span.window.start for span in spans],
        "stops": [span.window.stop for span in spans],
    }
    is_kept = known is None and only == ALL and not by and access.sees_all(member)
    query, more = _kept(member) if is_kept else _told(member, only=only, by=by)
    return [Count(*row) for row in rows.ask(query, params | more)]


def window_times(window: Window, known: date | None) -> rows.Params:
    """The parameters that a window, as known on a day, gives to the conditions of ``rows``."""
    known_at = None if known is None else end_of(known, zone=window.zone)
    return {"first": window.start, **rows.times(at=window.stop, known=known_at)}


def foreign_day(
    closed_at: str, *, currency: str = "currency.value", amount: str = "amount.value"
) -> str:
    """The day on which a deal was closed, where its amount needs the rate of that day."""
    return (
        f"CASE WHEN {currency} <> %(own)s AND {amount} IS NOT NULL "
        f"THEN ({closed_at} AT TIME ZONE %(zone)s)::date END"
    )


def _kept(member: Member) -> tuple[str, rows.Params]:
    """From what is kept with deals, and from the rows of the few that it does not tell of."""
    deals, params = rows.embedded(items(member, ALL).values("pk", "opened_at"))
    gone = "SELECT w.id FROM flow_item w WHERE w.workspace_id = %(workspace)s AND w.withdrawn_at IS NOT NULL"
    retold = (
        "SELECT t.item_id FROM sales_deal t WHERE t.workspace_id = %(workspace)s AND t.is_retold"
    )
    day = foreign_day("d.closed_at", currency="d.currency::text", amount="d.amount")
    query = f"""
        WITH d (item_id, opened_at) AS NOT MATERIALIZED ({deals}),
             {_ended(among=retold)},
             span AS (SELECT * FROM unnest(%(starts)s::timestamptz[], %(stops)s::timestamptz[])
                      WITH ORDINALITY AS span (start, stop, period))
        SELECT span.period, '', 'opened', %(own)s, found.n, 0, NULL, NULL::date
        FROM span CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM d WHERE d.opened_at >= span.start AND d.opened_at < span.stop
            AND {rows.outside(rows.merged(), of="d.item_id")}) found
        UNION ALL
        SELECT span.period, '', found.* FROM span CROSS JOIN LATERAL (
            SELECT d.closed_as, d.currency::text, count(*), count(d.amount), sum(d.amount), {day}
            FROM sales_deal d WHERE d.workspace_id = %(workspace)s
            AND d.closed_at >= span.start AND d.closed_at < span.stop
            AND {rows.outside(gone, of="d.item_id")}
            GROUP BY 1, 2, 6) found
        UNION ALL
        {_closed("''")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return query, params


def _told(member: Member, *, only: DealFilter, by: str) -> tuple[str, rows.Params]:
    """From the rows alone: each closed deal's amount and currency are probed."""
    narrow, params = narrowing(only, of="e.item_id", before="e.stop")
    deals, more = rows.embedded(items(member, only).values("pk", "opened_at"))
    name, joins = "''", narrow
    if by:
        probe = rows.field(by, of="e.item_id", before="e.stop")
        name = "coalesce(grouped.value, '')"
        joins = f"{narrow}\nLEFT JOIN LATERAL ({probe}) grouped ON true"
    query = f"""
        WITH d (item_id, opened_at) AS NOT MATERIALIZED ({deals}),
             {_ended()},
             opened AS (
                SELECT item_id, width_bucket(opened_at, %(starts)s::timestamptz[]) AS period
                FROM d WHERE opened_at >= %(first)s AND opened_at < %(at)s
                  AND item_id NOT IN ({rows.merged()}))
        SELECT e.period, {name}, 'opened', %(own)s, count(*), 0, NULL, NULL::date
        FROM ({_until_stop("opened")}) e
        {joins}
        GROUP BY 1, 2
        UNION ALL
        {_closed(name, joins)}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return query, params | more


def _ended(*, among: str = "") -> str:
    """The last end of each item in each period, as a common table; of some items, or of all."""
    some = f"AND r.item_id IN ({among})" if among else ""
    return f"""ended AS (
                SELECT DISTINCT ON (item_id, period) item_id, period, verdict, occurred_at
                FROM (SELECT r.item_id, r.verdict, r.occurred_at, r.id,
                             width_bucket(r.occurred_at, %(starts)s::timestamptz[]) AS period
                      FROM flow_outcome r
                      WHERE r.occurred_at >= %(first)s AND {rows.counting("flow_outcome")}
                        AND r.verdict IN ('won', 'lost', 'open', 'merged') {some}) r
                ORDER BY item_id, period, occurred_at DESC, id DESC),
             closed AS (SELECT ended.* FROM ended JOIN d USING (item_id))"""  # noqa: S608 -- fragments of this room; values are parameters


def _closed(name: str, joins: str = "") -> str:
    """The counts of what ended, with amount and currency as they were at the end of the period."""
    return f"""
        SELECT e.period, {name}, e.verdict, coalesce(currency.value, %(own)s),
               count(*), count(amount.value), sum(amount.value::numeric),
               {foreign_day("e.occurred_at")}
        FROM ({_until_stop("closed")}) e
        {joins}
        LEFT JOIN LATERAL ({_of_closed("amount")}) amount ON true
        LEFT JOIN LATERAL ({_of_closed("currency")}) currency ON true
        GROUP BY 1, 2, 3, 4, 8"""  # noqa: S608 -- fragments of this room; values are parameters


def _until_stop(table: str) -> str:
    """A table of items and periods, with the end of each period."""
    return f"SELECT {table}.*, (%(stops)s::timestamptz[])[period] AS stop FROM {table}"  # noqa: S608 -- fragments of this room


def _of_closed(name: str) -> str:
    # A probe for NULL ends at once; a condition around the probe would come after it.
    item = "CASE WHEN e.verdict IN ('won', 'lost') THEN e.item_id END"
    return rows.field(name, of=f"({item})", before="e.stop")
