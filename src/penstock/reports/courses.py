"""When each order came into the backlog and when it left it, as arrays; for figures that follow orders through time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from penstock.analytics.eventlog import Bools, Ints
from penstock.base.calendar import Window
from penstock.reports import ledger, log, rows, statement
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member

#: How a stay ended: not yet, all that was left was delivered, cancelled, or went into another order.
OWED, DELIVERED, CANCELLED, MOVED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Courses:
    """Stays in the backlog that lie within a window or reach into it; an order that came back has another one.

    Attributes:
        order: Whose stay it is.
        came: From when on something was owed, a moment of ``reports.log``; of those that stood at the begin of the
            window the day of their acceptance.
        left: When nothing was owed any more; NEVER while something is.
        kind: How it ended. What was delivered in part and then cancelled was delivered.
    """

    window: Window
    order: Ints
    came: Ints
    left: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.order)

    @property
    def start(self) -> int:
        """The first moment of the window."""
        return log.moment(self.window.start)

    @property
    def stop(self) -> int:
        """The first moment after it."""
        return log.moment(self.window.stop)

    @property
    def came_within(self) -> Bools:
        """Those that came within the window."""
        return np.asarray(self.came >= self.start)

    def left_as(self, kind: int) -> Bools:
        """Those that left in one way."""
        return np.asarray(self.kind == kind)

    def where(self, kept: Bools) -> Courses:
        """Some of them."""
        names = ("order", "came", "left", "kind")
        return Courses(self.window, *(getattr(self, name)[kept] for name in names))


def within(
    member: Member, window: Window, *, known: date | None = None, only: OrderFilter
) -> Courses:
    """All stays of a window, by the ledger as it counts."""
    orders, params = ledger.orders(member, only, "accepted_at")
    query = f"""
        WITH d (order_id, currency, company_id, accepted_at) AS NOT MATERIALIZED ({orders}),
             {statement.history(window, known=known, only=only, is_quantity_only=True)},
             {ledger.crossings()},
             ends AS (
                SELECT order_id, occurred_at AS at,
                       (array_agg(kind ORDER BY id DESC) FILTER (WHERE quantity < 0))[1] AS kind
                FROM happened GROUP BY 1, 2)
        SELECT order_id, at, is_open::int::bigint, {_KIND}
        FROM crossed JOIN d USING (order_id) LEFT JOIN ends USING (order_id, at)
        WHERE is_open <> was_open AND at >= %(first)s
        UNION ALL
        SELECT s.order_id, least(coalesce(d.accepted_at, %(first)s), %(first)s), 2, 0
        FROM (SELECT order_id FROM stood WHERE quantity > 0 GROUP BY 1) s JOIN d USING (order_id)
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= statement.asked_params(member, window, known=known, only=only)
    return _paired(window, *copied(query, params, n=4))


#: How an order left at an instant: by what took out the last of it, unless a part was delivered before.
_KIND = f"""
    (CASE WHEN is_open THEN {OWED} WHEN ends.kind = 'fulfilled' THEN {DELIVERED} WHEN ends.kind = 'moved' THEN {MOVED}
     WHEN EXISTS (SELECT 1 FROM backlog_entry r WHERE r.order_id = crossed.order_id AND r.kind = 'fulfilled'
                  AND r.occurred_at <= crossed.at AND {rows.known("backlog_entry")}) THEN {DELIVERED}
     ELSE {CANCELLED} END)::bigint
"""  # noqa: S608 -- fragments of this room; values are parameters


def _paired(window: Window, order: Ints, at: Ints, step: Ints, kind: Ints) -> Courses:
    """Each coming with the leaving that follows it."""
    by = np.lexsort((at, order))
    order, at, step, kind = order[by], at[by], step[by], kind[by]
    comes = np.flatnonzero(step > 0)
    after = np.minimum(comes + 1, len(order) - 1)
    has_left = (comes + 1 < len(order)) & (order[after] == order[comes]) & (step[after] == 0)
    return Courses(
        window=window,
        order=order[comes],
        came=at[comes],
        left=np.where(has_left, at[after], NEVER),
        kind=np.where(has_left, kind[after], OWED),
    )
