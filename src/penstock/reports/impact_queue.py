"""What waits now with its promises, in an order of work, as running sums."""

from __future__ import annotations

import json
from datetime import date

import numpy as np

from penstock.analytics.whatif import Queue
from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import ledger, rows
from penstock.reports.filters import OrderFilter
from penstock.reports.impact_weeks import HOURS, ORDERS, VALUE
from penstock.users.models import Member

FCFS, EDD, WSPT = "fcfs", "edd", "wspt"
#: Whose turn is next, by policy; then who was accepted first.
ORDER = {
    FCFS: "accepted_at",
    EDD: "promised_on NULLS LAST, accepted_at",
    WSPT: "value / nullif(hours, 0) DESC NULLS LAST, accepted_at",
}
AMOUNTS = {ORDERS: "1", VALUE: "value", HOURS: "hours"}
ALL = OrderFilter()


def of(member: Member, *, policy: str, measure: str, on: date, last: date) -> Queue:
    """The open orders, in the order of a policy; told are those promised until a day.

    Values are in the workspace's currency at the rates of the day.
    """
    orders, params = ledger.orders(member, ALL, "promised_on", "accepted_at")
    query = f"""
        WITH d (order_id, currency, company_id, promised_on, accepted_at) AS NOT MATERIALIZED ({orders}),
             open AS (
                SELECT l.order_id, sum(l.remaining_value) AS native, coalesce(sum(l.remaining_hours), 0) AS hours
                FROM ({ledger.rest(ALL)}) l WHERE l.remaining_quantity > 0 GROUP BY 1),
             valued AS (
                SELECT open.order_id, hours, promised_on, accepted_at,
                       native * coalesce((%(rates)s::jsonb ->> d.currency)::numeric, 0) AS value
                FROM open JOIN d USING (order_id)),
             ranked AS (
                SELECT {AMOUNTS[measure]} AS amount, promised_on,
                       sum({AMOUNTS[measure]}) OVER (ORDER BY {ORDER[policy]}, order_id) AS ends
                FROM valued)
        SELECT ends, amount, promised_on FROM ranked WHERE promised_on <= %(last)s ORDER BY ends
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= ledger.params(member, ALL) | {"last": last, "rates": json.dumps(_rates(member, on))}
    found = rows.ask(query, params)
    return Queue(
        ends=np.array([row[0] for row in found], dtype=np.float64),
        amounts=np.array([row[1] for row in found], dtype=np.float64),
        due=np.array([_week(row[2], on) for row in found], dtype=np.int64),
    )


def _week(promised: date, on: date) -> int:
    """The week at whose end a promise is over: that of today in the first, that of yesterday before it."""
    days = (promised - on).days
    return -1 if days < 0 else max(-(-days // 7) - 1, 0)


def _rates(member: Member, on: date) -> dict[str, str]:
    exchange = Exchange(member.workspace, day=on)
    codes = [
        code
        for code, *_rest in rows.ask(
            "SELECT DISTINCT currency FROM backlog_order WHERE workspace_id = %(workspace)s",
            {"workspace": member.workspace_id},
        )
    ]
    exchange.learn(Part(code, ZERO) for code in codes)
    known = {code: exchange.rate_of(Part(code, ZERO)) for code in codes}
    return {code: str(rate) for code, rate in known.items() if rate is not None}
