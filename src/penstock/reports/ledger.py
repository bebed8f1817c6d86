"""The ledger in SQL: every line as it stood at the end of a day, the rule in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from penstock.backlog.models import Order
from penstock.base.money import ZERO
from penstock.flow.models import Item
from penstock.reports import rows
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member

Money = Mapping[str, Decimal]


def orders(member: Member, only: OrderFilter, *more: str) -> tuple[str, rows.Params]:
    """Orders that a figure may be about, as a sub-query.

    Its columns are order_id, currency, company_id and ``more``.
    """
    # The same as ``visible_to``, but without a look at every item: hardly any is withdrawn.
    workspace_id = member.workspace_id
    gone = Item.objects.filter(workspace_id=workspace_id, withdrawn_at__isnull=False)
    found = Order.objects.filter(workspace_id=workspace_id).exclude(pk__in=gone.values("pk"))
    if only.company is not None:
        found = found.filter(company=only.company)
    if only.pipeline is not None:
        found = found.filter(item__pipeline=only.pipeline)
    return rows.embedded(found.values_list("item_id", "currency", "company_id", *more))


def entries(only: OrderFilter) -> str:
    """Condition on an entry ``r`` of any time: it counts, and its line is one of those asked for."""
    asked = line(only)
    mine = (
        f"AND EXISTS (SELECT 1 FROM backlog_line l WHERE l.id = r.line_id {asked})"  # noqa: S608 -- fragments of this room; values are parameters
        if asked
        else ""
    )
    return f"{rows.known('backlog_entry')} {mine}"


def line(only: OrderFilter) -> str:
    """Conditions on a line ``l``, each after an AND; empty where all are asked for."""
    conditions = []
    if only.sort:
        conditions.append("AND l.sort = %(sort)s")
    if only.product is not None:
        conditions.append("AND l.product_id = %(product)s")
    if only.team is not None:
        conditions.append(
            "AND EXISTS (SELECT 1 FROM backlog_workitem w WHERE w.line_id = l.id AND w.team_id = %(team)s)"
        )
    return " ".join(conditions)


def stood(
    only: OrderFilter, *, at: str, known: datetime | None, is_quantity_only: bool = False
) -> str:
    """CTE ``stood``: what was left of each line at an instant, below zero included.

    With all knowledge of today it is what is left now, less all that was written since: a day back
    costs the entries of a day. As it was known on another day it is summed from the beginning.
    """
    # Each sum of decimals costs as much again as reading the entries.
    names = ("quantity",) if is_quantity_only else ("quantity", "value", "hours")
    return _summed(only, names, at=at) if known else _undone(only, names, at=at)


def _summed(only: OrderFilter, names: Sequence[str], *, at: str) -> str:
    return f"""
        stood AS MATERIALIZED (
            SELECT r.line_id, min(r.order_id) AS order_id, {_sums(names)}
            FROM backlog_entry r WHERE r.occurred_at < {at} AND {entries(only)} GROUP BY 1
            HAVING {" OR ".join(f"sum(r.{name}) <> 0" for name in names)})
    """  # noqa: S608 -- fragments of this room; values are parameters


def _undone(only: OrderFilter, names: Sequence[str], *, at: str) -> str:
    left = ", ".join(
        f"coalesce(l.remaining_{name}, 0) - coalesce(since.{name}, 0) AS {name}" for name in names
    )
    return f"""
        since AS (
            SELECT r.line_id, min(r.order_id) AS order_id, {_sums(names)}
            FROM backlog_entry r WHERE r.occurred_at >= {at} AND {entries(only)} GROUP BY 1),
        stood AS MATERIALIZED (
            SELECT * FROM (
                SELECT coalesce(l.id, since.line_id) AS line_id,
                       coalesce(l.order_id, since.order_id) AS order_id, {left}
                FROM ({rest(only)}) l FULL JOIN since ON since.line_id = l.id) undone
            WHERE {" OR ".join(f"{name} <> 0" for name in names)})
    """  # noqa: S608 -- fragments of this room; values are parameters


def _sums(names: Sequence[str]) -> str:
    return ", ".join(f"coalesce(sum(r.{name}), 0) AS {name}" for name in names)


def rest(only: OrderFilter) -> str:
    """The lines of which anything is left now, as a sub-query."""
    # Written as the condition of the index ``backlog_line_rest``, which holds only these.
    return f"""
        SELECT id, order_id, sort, remaining_quantity, remaining_value, remaining_hours
        FROM backlog_line l WHERE l.workspace_id = %(workspace)s {line(only)}
          AND (l.remaining_quantity > 0 OR l.remaining_value > 0 OR l.remaining_hours > 0)
    """  # noqa: S608 -- fragments of this room; values are parameters


def params(member: Member, only: OrderFilter) -> rows.Params:
    """The parameters that :func:`entries` and the walls need."""
    return {
        "workspace": member.workspace_id,
        "sort": only.sort,
        "product": only.product.pk if only.product else None,
        "team": only.team.pk if only.team else None,
    }


def money(found: Iterable[tuple[str, Decimal | None]]) -> Money:
    """Sums per currency, by the currency's name."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for currency, value in found:
        if value is not None:
            sums[currency] += value
    return dict(sorted(sums.items()))


def happened(only: OrderFilter) -> str:
    """CTE ``happened``: the entries from ``%(first)s`` on, before ``%(at)s``."""
    return f"""
        happened AS MATERIALIZED (
            SELECT r.order_id, r.line_id, r.occurred_at, r.id, r.quantity, r.value, r.hours, {bucket()} AS kind
            FROM backlog_entry r
            WHERE r.occurred_at >= %(first)s AND r.occurred_at < %(at)s AND {entries(only)})
    """  # noqa: S608 -- fragments of this room; values are parameters


def crossings() -> str:
    """CTEs up to ``crossed``: whether each order was owed before and after each instant.

    They stand on ``stood`` at ``%(first)s`` and on ``happened``. An order is in the backlog while
    something of one of its lines remains.
    """
    # Entries of one instant are peers of the running sum: each of them sees the sum of all.
    return """
        steps AS (
            SELECT order_id, line_id, '-infinity'::timestamptz AS at, quantity FROM stood
            WHERE order_id IN (SELECT order_id FROM happened)
            UNION ALL
            SELECT order_id, line_id, occurred_at, quantity FROM happened),
        lasted AS (
            SELECT order_id, line_id, at, (sum(quantity) OVER line > 0)::int AS n
            FROM steps WINDOW line AS (PARTITION BY line_id ORDER BY at)),
        changed AS (
            SELECT order_id, at, sum(change) AS change
            FROM (SELECT order_id, at, n - coalesce(lag(n) OVER line, 0) AS change
                  FROM lasted WINDOW line AS (PARTITION BY line_id ORDER BY at)) lines
            GROUP BY 1, 2),
        opened AS (
            SELECT order_id, at, sum(change) OVER orders > 0 AS is_open
            FROM changed WINDOW orders AS (PARTITION BY order_id ORDER BY at)),
        crossed AS (
            SELECT order_id, at, is_open, coalesce(lag(is_open) OVER orders, false) AS was_open
            FROM opened WINDOW orders AS (PARTITION BY order_id ORDER BY at))
    """


def edges() -> str:
    """CTEs up to ``edges``: each instant at which an order entered, left, or both at once.

    Kinds are those of the first entry that put something in and of the last that took something out
    at that instant.
    """
    return f"""
        {crossings()},
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
    """  # noqa: S608 -- fragments of this room


def bucket() -> str:
    """The column of the statement in which an entry ``r`` stands."""
    return (
        "CASE WHEN r.kind <> 'amended' THEN r.kind "
        "WHEN r.quantity < 0 OR (r.quantity = 0 AND r.value < 0) THEN 'amended_down' "
        "ELSE 'amended_up' END"
    )
