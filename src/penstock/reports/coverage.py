"""Whether the pipeline that is due in a period covers what is missing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from penstock.analytics import bridge as walking
from penstock.analytics import coverage as covering
from penstock.analytics.bridge import Walk
from penstock.analytics.coverage import Coverage, Past
from penstock.analytics.eventlog import UNKNOWN, Bools, Facts, Ints, exact_sum, in_force, member_of
from penstock.base.calendar import Window, end_of, month_of, quarter_of, start_of
from penstock.reports import bridge, log, won
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.moment import Moment
from penstock.reports.pipeline import ALL
from penstock.reports.won import Won
from penstock.sales import access, goals
from penstock.sales.models import Goal, Metric
from penstock.users.models import Member

PERIODS = ("month", "quarter")
N_PAST = 12
SEED = 1886
_LONGEST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A period as it stood some days before its end; money is in the workspace's currency.

    ``due`` is what was open and expected to close in the rest of the period, ``n_due`` how many deals
    that were. ``won_of_due`` and ``won_besides`` came in after that day, ``won_before`` until then.
    """

    window: Window
    on: date
    n_due: int
    due: Decimal
    won_before: Decimal
    won_of_due: Decimal
    won_besides: Decimal

    @property
    def share(self) -> float | None:
        """The share of the due pipeline that was won in its period."""
        return float(self.won_of_due / self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Covered:
    """The running period, what earlier ones say of it, and the goal, if there is one."""

    moment: Moment
    period: str
    window: Window
    days_left: int
    currency: str
    now: Snapshot
    target: Decimal | None
    coverage: Coverage
    past: tuple[Snapshot, ...]

    @property
    def missing(self) -> Decimal | None:
        """What is still to be won; None without a goal."""
        if self.target is None:
            return None
        return max(self.target - self.now.won_before, Decimal(0))

    @property
    def times(self) -> float | None:
        """The due pipeline by what is missing; None without a goal, and when nothing is missing."""
        return float(self.now.due / self.missing) if self.missing else None


@dataclass(frozen=True, slots=True)
class _Log:
    """Everything that snapshots are taken of."""

    source: Source
    walk: Walk
    close_on: Facts
    won: Won
    begins: int | None


def on_day(
    member: Member, *, moment: Moment, only: DealFilter = ALL, period: str = "quarter"
) -> Covered:
    """What the open pipeline that is due in the running period may bring by its end.

    Earlier periods are looked at as many days before their end as are left now. The goal is that of the
    workspace, or of the team, owner, product or channel if the slice is exactly that.
    """
    period = period if period in PERIODS else "quarter"
    window = _around(moment.on, member, period=period)
    told = _log(member, moment, only=only)
    days_left = (window.last - moment.on).days
    now = _snapshot(told, window, on=moment.on)
    past = []
    earlier = window
    for _number in range(N_PAST):
        earlier = _around(earlier.first - timedelta(days=1), member, period=period)
        on = max(earlier.last - timedelta(days=days_left), earlier.first - timedelta(days=1))
        if told.begins is None or log.day_number(earlier.first) < told.begins:
            break
        past.append(_snapshot(told, earlier, on=on))
    target = _target(member, moment, only=only, period=period, window=window)
    return Covered(
        moment=moment,
        period=period,
        window=window,
        days_left=days_left,
        currency=member.workspace.currency,
        now=now,
        target=target,
        coverage=covering.coverage(
            [Past(float(one.due), float(one.won_of_due), float(one.won_besides)) for one in past],
            due=float(now.due),
            won=float(now.won_before),
            target=None if target is None else float(target),
            rng=np.random.default_rng(SEED),
        ),
        past=tuple(past),
    )


def deals(
    member: Member,
    *,
    moment: Moment,
    only: DealFilter = ALL,
    period: str = "quarter",
    first: date | None = None,
    is_won: bool = False,
) -> list[int]:
    """The deals that were due in the running period, or in an earlier one that begins on a day."""
    found = on_day(member, moment=moment, only=only, period=period)
    told = _log(member, moment, only=only)
    for one in (found.now, *found.past):
        if first is None or one.window.first == first:
            due = _due(told, one.window, on=one.on)[0]
            if is_won:
                due = due[
                    member_of(due, told.won.case[_won_between(told, one.on, one.window.last)])
                ]
            return [int(case) for case in due[::-1]]
    return []


def _log(member: Member, moment: Moment, *, only: DealFilter) -> _Log:
    source = Source(member, at=moment.at, known=moment.known_at)
    since = moment.on - timedelta(days=(N_PAST + 1) * _LONGEST_DAYS)
    told = bridge.told(source, only=only)
    opened = told.opened
    rows = won.load(source, only=only)
    begins = int(won.days_of(opened.at[[opened.at.argmin()]], source)[0]) if len(opened) else None
    return _Log(
        source=source,
        walk=walking.walk(told.since(log.moment(start_of(since, zone=moment.zone)))),
        close_on=log.field(source, "close_on"),
        won=rows.where(rows.is_asked),
        begins=begins,
    )


def _snapshot(told: _Log, window: Window, *, on: date) -> Snapshot:
    due, amount = _due(told, window, on=on)
    until, after = (
        _won_between(told, window.first - timedelta(days=1), on),
        _won_between(told, on, window.last),
    )
    of_due = after & member_of(told.won.case, due)
    known = amount != UNKNOWN
    return Snapshot(
        window=window,
        on=on,
        n_due=len(due),
        due=won.money(exact_sum(amount[known])),
        won_before=told.won.where(until).total,
        won_of_due=told.won.where(of_due).total,
        won_besides=told.won.where(after & ~of_due).total,
    )


def _due(told: _Log, window: Window, *, on: date) -> tuple[Ints, Ints]:
    """Deals that were open at the end of a day and due in the rest of a window, with their amounts."""
    stop = log.moment(end_of(on, zone=window.zone))
    held = told.walk.held(stop)
    close = in_force(held.case, told.close_on, before=stop)
    is_due = (close > log.day_number(on)) & (close <= log.day_number(window.last))
    native = np.where(held.has_amount, held.amount, UNKNOWN)[is_due]
    day = np.full(len(native), log.day_number(on))
    return held.case[is_due], won.in_own(told.source, native, held.currency[is_due], day)


def _won_between(told: _Log, after: date, last: date) -> Bools:
    day = told.won.day
    return np.asarray((day > log.day_number(after)) & (day <= log.day_number(last)))


def _around(day: date, member: Member, *, period: str) -> Window:
    around = month_of if period == "month" else quarter_of
    return around(day, zone=member.workspace.zone)


def _target(
    member: Member, moment: Moment, *, only: DealFilter, period: str, window: Window
) -> Decimal | None:
    said = goals.in_force(member.workspace, on=moment.on, known=moment.known_at, of=window)
    cut = {
        name: getattr(only, name) for name in ("pipeline", "company", "segment", *goals.DIMENSIONS)
    }
    named = [(name, getattr(one, "pk", one)) for name, one in cut.items() if one is not None]
    if len(named) > 1:
        return None
    subject = named[0] if named else ("", None)
    for goal in access.goals_for(member, said):
        if _is_meant(goal, subject, period=period, window=window):
            return goal.value
    return None


def _is_meant(
    goal: Goal, subject: tuple[str, int | str | None], *, period: str, window: Window
) -> bool:
    is_same = (goal.metric, goal.period, goal.first_on) == (
        Metric.WON_AMOUNT,
        period,
        window.first,
    )
    return is_same and goal.subject == subject
