"""The workspace's own past under each policy: the orders that came, done by the pace that was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from statistics import median

import numpy as np
from django.db.models import Q

from penstock.analytics import policy_lab, sequencing
from penstock.analytics.policy_lab import Replayed
from penstock.analytics.sequencing import Job
from penstock.backlog.models import Place, QueueRule
from penstock.backlog.waiting import DAY_HOURS
from penstock.base.calendar import Window, end_of
from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import impact_weeks, rows
from penstock.reports.impact_weeks import HOURS, ORDERS
from penstock.users.models import Member

Policy = QueueRule.Policy
#: The latest so many orders are replayed at most: a second or two.
MOST_JOBS = 10_000
#: Fewer orders tell no policy from another.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Lab:
    """A replay of the past; times in working hours.

    Attributes:
        window: Orders that were owed in it at any time.
        n: So many.
        n_before: Of these, accepted before it.
        n_open: Of these, not delivered by its end.
        n_guessed: Of these, with hours that nobody said: they are taken to be the middle ones.
        measure: What the pace counts: hours, or orders where few have hours.
        pace: How much was delivered in a working hour while something was owed.
        n_teams: So many work at once, each at its part of the pace.
        rows: Each policy, and what it would have come to.
        actual: What it came to in fact; what is not delivered yet counts until the end of the window.
        bound_days: Whoever waits longer than so many working days before it is begun is starved.
    """

    window: Window
    n: int
    n_before: int
    n_open: int
    n_guessed: int
    measure: str
    pace: float
    n_teams: int
    rows: tuple[tuple[str, Replayed], ...]
    actual: Replayed | None
    bound_days: int


@dataclass(frozen=True, slots=True)
class _Past:
    """One order of the past."""

    number: int
    accepted_at: datetime
    fulfilled_at: datetime | None
    promised_on: date | None
    hours: float | None
    cost_of_delay: float
    contribution: float


class _Clock:
    """Working hours since the beginning of a window."""

    def __init__(self, member: Member, window: Window) -> None:
        self._worked = impact_weeks.working_time(member)
        self._start, self._zone = window.start, window.zone

    def at(self, instant: datetime) -> float:
        """So many working hours after the beginning; below 0 before it."""
        if self._worked is None:
            return (instant - self._start).total_seconds() / 3600 * 40 / 168
        return self._worked.hours_between(self._start, instant)

    def until(self, day: date) -> float:
        """Until a day is over."""
        return self.at(end_of(day, zone=self._zone))


def of(member: Member, window: Window, *, bound_days: int) -> Lab:
    """Replay the orders of a window under every policy: the same orders, the same pace, nothing foreseen."""
    rule = QueueRule.of(member.workspace)
    clock = _Clock(member, window)
    found = _past(member, window, rule=rule)[-MOST_JOBS:]
    known = [one.hours for one in found if one.hours]
    measure = HOURS if 2 * len(known) > len(found) else ORDERS
    pace = _pace(member, window, measure, clock)
    n_teams = _places(member, window.last) if measure == HOURS else 1
    jobs: list[Job] = []
    if pace > 0 and len(found) >= FEWEST:
        usual = median(known) if known else 1.0
        work = [(one.hours or usual) if measure == HOURS else 1.0 for one in found]
        each = pace / n_teams
        jobs = [_job(one, clock, work=n / each) for one, n in zip(found, work, strict=True)]
    return Lab(
        window=window,
        n=len(found),
        n_before=sum(one.accepted_at < window.start for one in found),
        n_open=sum(not _is_delivered(one, window) for one in found),
        n_guessed=len(found) - len(known) if measure == HOURS else 0,
        measure=measure,
        pace=pace,
        n_teams=n_teams,
        rows=_replayed(jobs, found, rule=rule, n_teams=n_teams, bound_days=bound_days),
        actual=_actual(jobs, found, window, clock) if jobs else None,
        bound_days=bound_days,
    )


def _replayed(
    jobs: Sequence[Job], found: Sequence[_Past], *, rule: QueueRule, n_teams: int, bound_days: int
) -> tuple[tuple[str, Replayed], ...]:
    if not jobs:
        return ()
    gains = [
        replace(job, weight=one.contribution / DAY_HOURS)
        for job, one in zip(jobs, found, strict=True)
    ]
    rows_ = []
    for policy in Policy.values:
        ranked = gains if policy == Policy.CONTRIBUTION else jobs
        name, alpha = _policy(policy, ranked, rule)
        start = policy_lab.begun(
            ranked, name, n_teams=n_teams, k=float(rule.k), alpha=alpha, opens=0.0
        )
        rows_.append((policy, policy_lab.summed(jobs, start, bound_days * DAY_HOURS)))
    return tuple(rows_)


def _policy(policy: str, jobs: Sequence[Job], rule: QueueRule) -> tuple[str, float]:
    """What a policy of the queue is called in the arithmetic, and how fast orders age under it."""
    if policy not in (Policy.WSPT, Policy.CONTRIBUTION):
        return policy, 0.0
    if rule.bound_days is None:
        return sequencing.WSPT, 0.0
    return sequencing.AGEING, sequencing.alpha_for(jobs, longest_wait=rule.bound_days * DAY_HOURS)


def _pace(member: Member, window: Window, measure: str, clock: _Clock) -> float:
    """What was delivered in a working hour, in weeks that ended with something owed."""
    n_weeks = max(window.n_days // 7, 1)
    weeks = impact_weeks.past(member, on=window.last, n_weeks=n_weeks, measure=measure).weeks
    busy = [week for week in weeks if week.is_busy]
    hours = sum(clock.at(week.window.stop) - clock.at(week.window.start) for week in busy)
    return max(float(sum(week.done for week in busy)) / hours, 0.0) if hours > 0 else 0.0


def _places(member: Member, on: date) -> int:
    """How many work at once."""
    there = Place.objects.filter(
        workspace_id=member.workspace_id,
        withdrawn_at=None,
        team__retired_at=None,
        from_on__lte=on,
    ).filter(Q(until_on=None) | Q(until_on__gte=on))
    return max(there.count(), 1)


def _job(one: _Past, clock: _Clock, *, work: float) -> Job:
    return Job(
        key=one.number,
        work=work,
        weight=one.cost_of_delay / DAY_HOURS,
        due=clock.until(one.promised_on) if one.promised_on else inf,
        since=clock.at(one.accepted_at),
    )


def _is_delivered(one: _Past, window: Window) -> bool:
    return one.fulfilled_at is not None and one.fulfilled_at < window.stop


def _actual(jobs: Sequence[Job], found: Sequence[_Past], window: Window, clock: _Clock) -> Replayed:
    ends = np.array(
        [
            clock.at(one.fulfilled_at)
            if one.fulfilled_at is not None and _is_delivered(one, window)
            else clock.at(window.stop)
            for one in found
        ]
    )
    return policy_lab.summed(jobs, ends - np.array([job.work for job in jobs]))


def _past(member: Member, window: Window, *, rule: QueueRule) -> list[_Past]:
    """Orders that were owed in a window, with what was left of them when it began; not the cancelled ones."""
    query = f"""
        SELECT o.item_id, o.accepted_at, o.fulfilled_at, coalesce(o.first_promised_on, o.promised_on),
               o.currency, o.cost_of_delay, o.contribution, e.hours, e.value
        FROM backlog_order o
        JOIN flow_item i ON i.id = o.item_id AND i.withdrawn_at IS NULL
        JOIN (
            SELECT r.order_id, sum(r.hours) AS hours, sum(r.value) AS value,
                   sum(r.quantity) AS quantity
            FROM backlog_entry r
            WHERE {rows.known("backlog_entry")}
              AND (r.kind NOT IN ('fulfilled', 'reversed', 'returned') OR r.occurred_at < %(first)s)
            GROUP BY 1) e ON e.order_id = o.item_id
        WHERE o.workspace_id = %(workspace)s AND o.accepted_at < %(stop)s AND e.quantity > 0
          AND (o.fulfilled_at IS NULL OR o.fulfilled_at >= %(first)s)
          AND NOT (i.outcome <> '' AND o.fulfilled_at IS NULL)
        ORDER BY o.accepted_at, o.item_id
    """  # noqa: S608 -- fragments of this room; values are parameters
    values = {"first": window.start, "stop": window.stop, "known": "infinity"}
    found = rows.ask(query, {"workspace": member.workspace_id, **values})
    exchange = Exchange(member.workspace, day=window.last)
    exchange.learn(Part(row[4], ZERO) for row in found)
    told = []
    for number, accepted, fulfilled, promised, currency, cost, contribution, hours, value in found:
        rate = float(exchange.rate_of(Part(currency, ZERO)) or 0)
        told.append(
            _Past(
                number=number,
                accepted_at=accepted,
                fulfilled_at=fulfilled,
                promised_on=promised,
                hours=float(hours) if hours and hours > 0 else None,
                cost_of_delay=rate * float(value * rule.delay_share if cost is None else cost),
                contribution=rate * float(value if contribution is None else contribution),
            )
        )
    return told
