"""The changes of the backlog period by period: by orders, by value and by hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window
from penstock.reports import ledger, rows, statement
from penstock.reports.filters import OrderFilter
from penstock.reports.periods import Period
from penstock.reports.statement import ALL
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Amount:
    """What one kind of change did in one of several periods, counted from 1; 0 is what was owed before."""

    period: int
    kind: str
    currency: str
    value: Decimal
    hours: Decimal


def crossings(
    member: Member, spans: Sequence[Period], *, known: date | None = None, only: OrderFilter = ALL
) -> tuple[int, tuple[Mapping[str, int], ...]]:
    """Orders owed before some periods that follow one another, and by kind those that entered and left in each.

    What takes orders out is negative, as in the account of orders of a :class:`Statement`.
    """
    window = Window(spans[0].window.first, spans[-1].window.last, spans[0].window.zone)
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}),
             {statement.history(window, known=known, only=only, is_quantity_only=True)}, {ledger.edges()}
        SELECT 0, '', '', count(DISTINCT order_id) FROM stood JOIN d USING (order_id) WHERE quantity > 0
        UNION ALL
        SELECT width_bucket(at, %(starts)s::timestamptz[]), coalesce(kind_in, ''), coalesce(kind_out, ''), count(*)
        FROM edges GROUP BY 1, 2, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= statement.asked_params(member, window, known=known, only=only)
    params |= {"starts": [span.window.start for span in spans]}
    opening, found = 0, [dict[str, int]() for _span in spans]
    for number, kind_in, kind_out, n in rows.ask(query, params):
        if number == 0:
            opening = n
            continue
        for kind, signed in ((kind_in, n), (kind_out, -n)):
            if kind:
                found[number - 1][kind] = found[number - 1].get(kind, 0) + signed
    return opening, tuple(found)


def amounts(
    member: Member, spans: Sequence[Period], *, known: date | None = None, only: OrderFilter = ALL
) -> list[Amount]:
    """Value and hours owed before some periods that follow one another, and what changed them in each.

    Kinds are those of an :class:`Account`; ``left_out`` is told of the last period.
    """
    window = Window(spans[0].window.first, spans[-1].window.last, spans[0].window.zone)
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}),
             {statement.history(window, known=known, only=only)}, {statement.ends()},
             stands AS MATERIALIZED (SELECT lines.*, d.currency FROM lines JOIN d USING (order_id))
        SELECT 0, 'opening', currency, coalesce(sum(value_0), 0), coalesce(sum(hours_0), 0)
        FROM stands WHERE quantity_0 > 0 GROUP BY 3
        UNION ALL
        SELECT {len(spans)}, 'left_out', currency,
               coalesce(sum(value_0) FILTER (WHERE quantity_0 <= 0), 0)
               - coalesce(sum(value_1) FILTER (WHERE quantity_1 <= 0), 0),
               coalesce(sum(hours_0) FILTER (WHERE quantity_0 <= 0), 0)
               - coalesce(sum(hours_1) FILTER (WHERE quantity_1 <= 0), 0)
        FROM stands WHERE quantity_0 <= 0 OR quantity_1 <= 0 GROUP BY 3
        UNION ALL
        SELECT width_bucket(occurred_at, %(starts)s::timestamptz[]), kind, currency, sum(value), coalesce(sum(hours), 0)
        FROM happened JOIN d USING (order_id) GROUP BY 1, 2, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= statement.asked_params(member, window, known=known, only=only)
    params |= {"starts": [span.window.start for span in spans]}
    return [Amount(*row) for row in rows.ask(query, params)]
