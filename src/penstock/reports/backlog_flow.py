"""How orders flow: what comes in and goes out week by week, how long it takes, and for how long the backlog lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from penstock.analytics import ageing, flow_times, survival
from penstock.analytics import backlog as arithmetic
from penstock.analytics.ageing import Ages
from penstock.analytics.conversion import Share, share
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, Ints
from penstock.analytics.flow_times import Little, Spread
from penstock.analytics.survival import Duration
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.catalog import calendars
from penstock.reports import courses as told
from penstock.reports import ledger, log, order_places, periods, rows, statement
from penstock.reports.column_files import NEVER
from penstock.reports.courses import CANCELLED, DELIVERED, Courses
from penstock.reports.filters import OrderFilter
from penstock.reports.order_places import CumulativeFlow
from penstock.users.models import Member

ALL = OrderFilter()
#: Fewer cases have no median that says anything.
MIN_CASES = 5


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """From acceptance to the delivery of the last part.

    Attributes:
        accepted: Of the orders accepted in the window; those still owed are counted as still running, those
            cancelled or gone into another order as watched until then.
        delivered: Of the orders delivered in it: what customers saw.
    """

    accepted: Duration
    delivered: Ages


@dataclass(frozen=True, slots=True)
class Week:
    """What came in and went out in a calendar week, or in the part of it that lies in the window.

    ``hours`` and ``n_hours_unknown`` are of what was delivered, less what came back. ``n_inside`` are owed at its
    end. ``is_whole``: the window holds all of it. ``ran_out``: at the end of some day nothing could be worked on.
    """

    name: str
    window: Window
    n_in: int
    n_out: int
    n_cancelled: int
    n_inside: int
    hours: Decimal
    work_days: int
    is_whole: bool
    ran_out: bool

    @property
    def counts(self) -> bool:
        """Whether it says what can be done in a week."""
        return self.is_whole and not self.ran_out and self.work_days > 0


@dataclass(frozen=True, slots=True)
class BacklogFlow:
    """The flow of the backlog in a window.

    ``orders_per_week`` and ``hours_per_week`` are what whole weeks brought in which work never ran out, per five
    working days. ``cancelled_of_accepted`` are orders cancelled of those that came in or were cancelled in the window;
    ``cancelled_of_owed`` of those owed at its begin.
    """

    window: Window
    known: date | None
    flow: CumulativeFlow
    lead: LeadTimes
    little: Little
    weeks: tuple[Week, ...]
    orders_per_week: Spread
    hours_per_week: Spread
    n_in: int
    n_out: int
    n_cancelled: int
    n_opening: int
    n_lines_without_hours: int

    @property
    def n_whole_weeks(self) -> int:
        """Whole calendar weeks of the window."""
        return sum(week.is_whole for week in self.weeks)

    @property
    def n_weeks_run_out(self) -> int:
        """Of these, those left out because there was nothing to work on for a time."""
        return sum(week.is_whole and week.ran_out for week in self.weeks)

    @property
    def cancelled_of_accepted(self) -> Share:
        """Orders cancelled in the window against those accepted in it (gross)."""
        return _rate(self.n_cancelled, self.n_in)

    @property
    def cancelled_of_owed(self) -> Share:
        """Orders cancelled in the window against those owed at its begin."""
        return _rate(self.n_cancelled, self.n_opening)


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: OrderFilter = ALL
) -> BacklogFlow:
    """The flow of a window, as it was and as it was known."""
    found = told.within(member, window, known=known, only=only)
    flow = order_places.by_day(member, found, known=known)
    hours, n_unknown = _hours(member, window, known=known, only=only)
    weeks = _weeks(member, found, flow, hours)
    counted = [week for week in weeks if week.counts]
    days = np.array([float(week.work_days) for week in counted])
    is_busy = np.ones(len(counted), dtype=bool)
    done = found.left_as(DELIVERED)
    return BacklogFlow(
        window=window,
        known=known,
        flow=flow,
        lead=_lead(found),
        little=_little(found),
        weeks=weeks,
        orders_per_week=flow_times.done_when_busy(
            np.array([float(week.n_out) for week in counted]), days, is_busy=is_busy
        ),
        hours_per_week=flow_times.done_when_busy(
            np.array([float(week.hours) for week in counted]), days, is_busy=is_busy
        ),
        n_in=int(found.came_within.sum()),
        n_out=int(done.sum()),
        n_cancelled=int(found.left_as(CANCELLED).sum()),
        n_opening=int((~found.came_within).sum()),
        n_lines_without_hours=n_unknown,
    )


#: The parts of the flow that an address can ask the orders of.
PARTS = ("came", "delivered", "cancelled", "opening", "inside", "running")


def orders(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter = ALL,
    part: str,
    stage_id: int | None = None,
) -> list[tuple[int, float]]:
    """The orders behind a figure, each with its days in the backlog until the end of the window; the longest first."""
    found = told.within(member, window, known=known, only=only)
    if part == "inside" and stage_id is not None:
        there = set(order_places.orders_at(member, found, known=known, stage_id=stage_id))
        kept = (found.left == NEVER) & np.isin(found.order, list(there))
    else:
        kept = {
            "came": found.came_within,
            "delivered": found.left_as(DELIVERED),
            "cancelled": found.left_as(CANCELLED),
            "opening": ~found.came_within,
            "inside": found.left == NEVER,
            "running": found.came_within & (found.left == NEVER),
        }.get(part, found.came_within)
    rows_ = found.where(kept)
    days = _days(np.minimum(rows_.left, found.stop) - rows_.came)
    return [
        (int(rows_.order[at]), float(days[at])) for at in np.lexsort((rows_.order, -days)).tolist()
    ]


def _rate(n: int, of: int) -> Share:
    found = arithmetic.cancel_rate(Decimal(n), of=Decimal(of))
    # More can be cancelled in a window than came in it: then it is a rate above one, without an interval.
    if n > of:
        return Share(n, of, None if found is None else float(found), None, None)
    return share(n, of=of)


def _lead(found: Courses) -> LeadTimes:
    came = found.where(found.came_within)
    done = found.where(found.left_as(DELIVERED))
    return LeadTimes(
        accepted=survival.duration(
            _days(np.minimum(came.left, found.stop) - came.came), came.left_as(DELIVERED)
        ),
        delivered=ageing.ages(_days(done.left - done.came).tolist()),
    )


def _little(found: Courses) -> Little:
    start, stop = (_days(np.array([one]))[0] for one in (found.start, found.stop))
    left = np.where(found.left == NEVER, np.inf, found.left / MICROSECONDS_A_DAY)
    return flow_times.little(
        found.came / MICROSECONDS_A_DAY, left, start=float(start), stop=float(stop)
    )


def _weeks(
    member: Member, found: Courses, flow: CumulativeFlow, hours: dict[int, Decimal]
) -> tuple[Week, ...]:
    calendar = calendars.of(member.workspace)
    first = found.window.first
    return tuple(
        Week(
            name=one.name,
            window=one.window,
            n_in=_n_within(found.came, one.window),
            n_out=_n_within(found.left[found.left_as(DELIVERED)], one.window),
            n_cancelled=_n_within(found.left[found.left_as(CANCELLED)], one.window),
            n_inside=int(flow.inside[(one.window.last - first).days]),
            hours=hours.get(number, ZERO),
            work_days=sum(map(calendar.is_working_day, _days_of(one.window))),
            is_whole=one.window.n_days == 7,
            ran_out=bool((flow.workable[_places(one.window, first)] == 0).any()),
        )
        for number, one in enumerate(periods.split(found.window, per="week"))
    )


def _n_within(at: Ints, window: Window) -> int:
    return int(((at >= log.moment(window.start)) & (at < log.moment(window.stop))).sum())


def _places(window: Window, first: date) -> slice:
    return slice((window.first - first).days, (window.last - first).days + 1)


def _days_of(window: Window) -> Sequence[date]:
    return [window.first + timedelta(days=number) for number in range(window.n_days)]


def _hours(
    member: Member, window: Window, *, known: date | None, only: OrderFilter
) -> tuple[dict[int, Decimal], int]:
    """Hours of what was delivered, less what came back, by the number of the week; and lines of unknown hours."""
    orders_, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders_}), {ledger.happened(only)}
        SELECT width_bucket(happened.occurred_at, %(starts)s::timestamptz[]) - 1,
               -coalesce(sum(happened.hours), 0),
               count(DISTINCT happened.line_id) FILTER (WHERE happened.hours IS NULL AND l.sort <> 'charge')
        FROM happened JOIN d USING (order_id) JOIN backlog_line l ON l.id = happened.line_id
        WHERE kind IN ('fulfilled', 'reversed', 'returned') GROUP BY 1
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= statement.asked_params(member, window, known=known, only=only)
    params |= {"starts": [one.window.start for one in periods.split(window, per="week")]}
    found = rows.ask(query, params)
    return {number: hours for number, hours, _n in found}, sum(n for _number, _hours_, n in found)


def _days(spans: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(spans / MICROSECONDS_A_DAY, dtype=np.float64)
