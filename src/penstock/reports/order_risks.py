"""How cancellation goes with lateness in the history of a workspace: spells of orders under each of their promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from penstock.analytics import cancellation, survival
from penstock.analytics.cancellation import CUSTOMER, GOES_ON, OURS, Hazard, Owed, Spells
from penstock.analytics.cancellation import DELIVERED as WAS_DELIVERED
from penstock.analytics.eventlog import (
    MICROSECONDS_A_DAY,
    UNKNOWN,
    Facts,
    Ints,
    Timeline,
    in_order,
    timeline,
)
from penstock.analytics.survival import Incidence
from penstock.base.calendar import Window, end_of, trailing
from penstock.reports import courses, ledger, log, order_places, rows
from penstock.reports.backlog import ALL
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.courses import CANCELLED, DELIVERED, Courses
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member

#: So far back orders are watched.
DAYS = 730
#: Reasons for which we cancel, or for which it never was an order; every other one is the customer's.
OUR_REASONS = ("unavailable", "deal_reopened", "mistake")
_WEEK = 7 * MICROSECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class History:
    """What was learned of a window, and every order as it stands at its end.

    Attributes:
        hazard: The chance of a week, by lateness.
        ended: How orders accepted in the window ended: delivered, cancelled by the customer, by us.
        order: The orders that are owed.
        owed: Their age, lateness and the rest, without when they are delivered.
        came: When each came in, a moment of ``reports.log``.
    """

    window: Window
    hazard: Hazard
    ended: Incidence
    order: Ints
    owed: Owed
    came: Ints


def history(member: Member, *, moment: Moment, only: OrderFilter = ALL) -> History:
    """Learn from two years of orders up to a day, as it was known."""
    window = trailing(until=moment.on, days=DAYS, zone=moment.zone)
    found = courses.within(member, window, known=moment.known, only=only)
    line = _line(member, found, moment)
    is_inside = line.values["state"] == order_places.INSIDE
    after = _next(line, last=found.stop)
    goes = _kinds(member, found, moment, line)
    # Two years before the window's end nobody was watched: what began earlier is seen from then on.
    start = np.maximum(line.at, found.start)
    kept = is_inside & (after > start)
    spells = Spells(
        accepted=line.values["came"][kept] / _WEEK,
        start=start[kept] / _WEEK,
        stop=after[kept] / _WEEK,
        promised=_weeks(line.values["promise"][kept]),
        kind=goes[kept],
        changes=np.where(line.values["changes"] == UNKNOWN, 0, line.values["changes"])[kept],
        is_partial=(line.values["part"] == 1)[kept],
    )
    last = np.append(line.is_first[1:], True)[: len(line)] & is_inside
    now = found.stop / _WEEK
    return History(
        window=window,
        hazard=cancellation.hazard(spells),
        ended=_ended(found, line, goes),
        order=line.case[last],
        owed=Owed(
            age=now - line.values["came"][last] / _WEEK,
            late=now - _weeks(line.values["promise"][last]),
            left=np.full(int(last.sum()), np.nan),
            changes=np.where(line.values["changes"] == UNKNOWN, 0, line.values["changes"])[last],
            is_partial=(line.values["part"] == 1)[last],
        ),
        came=line.values["came"][last],
    )


def _weeks(moments: Ints) -> NDArray[np.float64]:
    return np.where(moments == UNKNOWN, np.nan, moments / _WEEK)


def _line(member: Member, found: Courses, moment: Moment) -> Timeline:
    """All that changes for an order on one line of time."""
    cases = np.unique(found.order)
    params = {"workspace": member.workspace_id}
    params |= rows.times(at=moment.at, known=moment.known_at)
    promise = _promises(params, moment).of(cases)
    return timeline(
        {
            "state": order_places.states(found),
            "came": Facts(*(one[_by(found)] for one in (found.order, found.came, found.came))),
            "promise": promise,
            "changes": _put_off(promise),
            "part": _parts(params).of(cases),
        }
    )


def _next(line: Timeline, *, last: int) -> Ints:
    """When the next thing happens to the same order; ``last`` where nothing does."""
    after = np.append(line.at[1:], last)[: len(line)]
    after[np.append(line.is_first[1:], True)[: len(line)]] = last
    return np.asarray(after)


def _by(found: Courses) -> Ints:
    return in_order(found.order, found.came)


def _promises(params: rows.Params, moment: Moment) -> Facts:
    """The end of the day promised, from when on; UNKNOWN where a promise was taken back."""
    query = f"""
        SELECT r.item_id, r.occurred_at, coalesce((r.value::date - '2000-01-01'::date)::bigint, {UNKNOWN})
        FROM flow_fieldchange r JOIN backlog_order o ON o.item_id = r.item_id
        WHERE r.field = 'promised_on' AND {rows.counting("flow_fieldchange")} ORDER BY r.id
    """  # noqa: S608 -- fragments of this room; values are parameters
    case, at, day = copied(query, params, n=3)
    order = in_order(case, at)
    days, places = np.unique(day, return_inverse=True)
    ends = [
        UNKNOWN
        if one == UNKNOWN
        else log.moment(end_of(log.DAY_ZERO + timedelta(days=one), zone=moment.zone))
        for one in days.tolist()
    ]
    value = np.array(ends, dtype=np.int64)[places.ravel()] if len(days) else day
    return Facts(case[order], at[order], value[order])


def _put_off(promise: Facts) -> Facts:
    """How many times the promise had been put off, from when on."""
    if not len(promise):
        return promise
    is_later = np.zeros(len(promise), dtype=bool)
    is_later[1:] = (
        (promise.case[1:] == promise.case[:-1])
        & (promise.value[:-1] != UNKNOWN)
        & (promise.value[1:] > promise.value[:-1])
    )
    total = np.cumsum(is_later)
    is_first = np.append(True, promise.case[1:] != promise.case[:-1])
    start = np.maximum.accumulate(np.where(is_first, total - is_later, 0))
    return Facts(promise.case, promise.at, total - start)


def _parts(params: rows.Params) -> Facts:
    """From when on a part of each order was delivered."""
    query = f"""
        SELECT r.order_id, min(r.occurred_at), 1::bigint FROM backlog_entry r
        WHERE r.kind = 'fulfilled' AND {rows.counting("backlog_entry")} GROUP BY 1
    """  # noqa: S608 -- fragments of this room; values are parameters
    case, at, value = copied(query, params, n=3)
    order = in_order(case, at)
    return Facts(case[order], at[order], value[order])


def _kinds(member: Member, found: Courses, moment: Moment, line: Timeline) -> Ints:
    """How the spell that begins at each moment of the line ends."""
    ours = _ours(member, found, moment)
    kinds = np.full(len(found), GOES_ON)
    kinds[found.left_as(DELIVERED)] = WAS_DELIVERED
    cancelled = found.left_as(CANCELLED)
    kinds[cancelled] = np.where(np.isin(found.order[cancelled], ours), OURS, CUSTOMER)
    gone = found.left != NEVER
    ends = dict(
        zip(
            zip(found.order[gone].tolist(), found.left[gone].tolist(), strict=True),
            kinds[gone].tolist(),
            strict=True,
        )
    )
    after = _next(line, last=NEVER)
    return np.array(
        [ends.get(key, GOES_ON) for key in zip(line.case.tolist(), after.tolist(), strict=True)],
        dtype=np.int64,
    )


def _ours(member: Member, found: Courses, moment: Moment) -> Ints:
    """Orders whose last cancellation was ours."""
    query = f"""
        SELECT order_id FROM (
            SELECT DISTINCT ON (r.order_id) r.order_id, r.reason FROM backlog_entry r
            WHERE r.kind = 'cancelled' AND r.order_id = ANY (%(orders)s::bigint[])
              AND {rows.counting("backlog_entry")} ORDER BY r.order_id, r.occurred_at DESC, r.id DESC) last
        WHERE reason = ANY (%(reasons)s::text[])
    """  # noqa: S608 -- fragments of this room; values are parameters
    cancelled = np.unique(found.order[found.left_as(CANCELLED)]).tolist()
    params = {"workspace": member.workspace_id, "orders": cancelled, "reasons": list(OUR_REASONS)}
    params |= rows.times(at=moment.at, known=moment.known_at)
    return copied(query, params, n=1)[0]


def _ended(found: Courses, line: Timeline, goes: Ints) -> Incidence:
    """How what came in the window ended, the ways competing with one another (Aalen–Johansen)."""
    came = found.where(found.came_within)
    days = (np.minimum(came.left, found.stop) - came.came) / MICROSECONDS_A_DAY
    known = dict(
        zip(
            zip(line.case.tolist(), _next(line, last=NEVER).tolist(), strict=True),
            goes.tolist(),
            strict=True,
        )
    )
    kinds = [
        known.get(key, GOES_ON) for key in zip(came.order.tolist(), came.left.tolist(), strict=True)
    ]
    order = {WAS_DELIVERED: 1, CUSTOMER: 2, OURS: 3}
    return survival.incidence(
        days, np.array([order.get(kind, 0) for kind in kinds], dtype=np.int64), n_kinds=3
    )


def owed_values(
    member: Member, *, moment: Moment, only: OrderFilter = ALL
) -> list[tuple[int, str, Decimal]]:
    """What is owed of each order, in its own currency."""
    orders, params = ledger.orders(member, only)
    if moment.is_now:
        query = f"""
            WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders})
            SELECT l.order_id, d.currency, sum(l.remaining_value) FROM ({ledger.rest(only)}) l
            JOIN d USING (order_id) WHERE l.remaining_quantity > 0 GROUP BY 1, 2
        """  # noqa: S608 -- fragments of this room; values are parameters
    else:
        stood = ledger.stood(only, at="%(at)s", known=moment.known_at)
        query = f"""
            WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}), {stood}
            SELECT stood.order_id, d.currency, sum(stood.value) FROM stood JOIN d USING (order_id)
            WHERE stood.quantity > 0 GROUP BY 1, 2
        """  # noqa: S608 -- fragments of this room; values are parameters
    params |= ledger.params(member, only) | rows.times(at=moment.at, known=moment.known_at)
    return [(row[0], row[1], row[2]) for row in rows.ask(query, params)]
