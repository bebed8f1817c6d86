"""The ledger in SQL: every line as it stood at the end of a day, the rule in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from penstock.backlog.models import Order
from penstock.base.money import ZERO
from penstock.reports import rows
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member

Money = Mapping[str, Decimal]


def orders(member: Member, only: OrderFilter) -> tuple[str, rows.Params]:
    """Orders that a figure may be about, as a sub-query with order_id, currency and company_id."""
    found = Order.objects.visible_to(member)
    if only.company is not None:
        found = found.filter(company=only.company)
    return rows.embedded(found.values_list("item_id", "currency", "company_id"))


def entries(only: OrderFilter) -> str:
    """Condition on an entry ``r``: it counts at the instant, and its line is of the sort asked for."""
    sort = (
        "AND EXISTS (SELECT 1 FROM backlog_line l WHERE l.id = r.line_id AND l.sort = %(sort)s)"
        if only.sort
        else ""
    )
    return f"{rows.counting('backlog_entry')} {sort}"


def left_over(only: OrderFilter) -> str:
    """CTE ``left_over``: quantity of each line that has any at the instant, below zero included.

    Few of all lines are open on a day: value and hours are summed for those alone, which halves the time.
    """
    return f"""
        left_over AS MATERIALIZED (
            SELECT r.line_id, sum(r.quantity) AS quantity
            FROM backlog_entry r WHERE {entries(only)}
            GROUP BY 1 HAVING sum(r.quantity) <> 0)
    """  # noqa: S608 -- fragments of this room; values are parameters


def params(member: Member, only: OrderFilter) -> rows.Params:
    """The parameters that :func:`entries` and the walls need."""
    return {"workspace": member.workspace_id, "sort": only.sort}


def money(found: Iterable[tuple[str, Decimal | None]]) -> Money:
    """Sums per currency, by the currency's name."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for currency, value in found:
        if value is not None:
            sums[currency] += value
    return dict(sorted(sums.items()))


def edges(only: OrderFilter) -> str:
    """CTEs up to ``edges``: each instant since ``%(first)s`` at which an order entered, left, or both at once.

    An order is in the backlog while something of one of its lines remains. Kinds are those of the first
    entry that put something in and of the last that took something out at that instant.
    """
    return f"""
        happened AS (
            SELECT r.order_id, r.line_id, r.occurred_at, r.id, r.quantity, {bucket()} AS kind
            FROM backlog_entry r WHERE r.occurred_at >= %(first)s AND {entries(only)}),
        before AS (
            SELECT r.order_id, r.line_id, sum(r.quantity) AS quantity
            FROM backlog_entry r
            WHERE r.occurred_at < %(first)s AND {entries(only)}
              AND r.order_id IN (SELECT order_id FROM happened)
            GROUP BY 1, 2),
        steps AS (
            SELECT order_id, line_id, '-infinity'::timestamptz AS at, quantity FROM before
            UNION ALL
            SELECT order_id, line_id, occurred_at, sum(quantity) FROM happened GROUP BY 1, 2, 3),
        stood AS (
            SELECT order_id, line_id, at, (sum(quantity) OVER line > 0)::int AS n
            FROM steps WINDOW line AS (PARTITION BY line_id ORDER BY at)),
        changed AS (
            SELECT order_id, at, sum(change) AS change
            FROM (SELECT order_id, at, n - coalesce(lag(n) OVER line, 0) AS change
                  FROM stood WINDOW line AS (PARTITION BY line_id ORDER BY at)) lines GROUP BY 1, 2),
        opened AS (
            SELECT order_id, at, sum(change) OVER orders > 0 AS is_open
            FROM changed WINDOW orders AS (PARTITION BY order_id ORDER BY at)),
        crossed AS (
            SELECT order_id, at, is_open,
                   coalesce(lag(is_open) OVER (PARTITION BY order_id ORDER BY at), false) AS was_open
            FROM opened),
        kinds AS (
            SELECT order_id, occurred_at AS at,
                   (array_agg(kind ORDER BY id) FILTER (WHERE quantity > 0))[1] AS kind_in,
                   (array_agg(kind ORDER BY id DESC) FILTER (WHERE quantity < 0))[1] AS kind_out
            FROM happened GROUP BY 1, 2),
        edges AS (
            SELECT at, CASE WHEN NOT was_open THEN kind_in END AS kind_in,
                   CASE WHEN NOT is_open THEN kind_out END AS kind_out
            FROM crossed JOIN kinds USING (order_id, at) JOIN d USING (order_id)
            WHERE is_open <> was_open
               OR (NOT is_open AND kind_in IS NOT NULL AND kind_out IS NOT NULL))
    """  # noqa: S608 -- fragments of this room; values are parameters


def bucket() -> str:
    """The column of the statement in which an entry ``r`` stands."""
    return (
        "CASE WHEN r.kind <> 'amended' THEN r.kind "
        "WHEN r.quantity < 0 OR (r.quantity = 0 AND r.value < 0) THEN 'amended_down' "
        "ELSE 'amended_up' END"
    )
