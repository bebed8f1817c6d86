"""If we sign this, when can we deliver, and who waits longer: the same paths with and without the new order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

import numpy as np

from penstock.analytics import ready
from penstock.analytics.sequencing import Job
from penstock.backlog import waiting
from penstock.backlog.models import Order, QueueRule
from penstock.backlog.waiting import Clock, Queue
from penstock.backlog.waiting import Facts as QueueFacts
from penstock.reports import promise_facts, promises, promises_kept
from penstock.reports.promise_facts import Facts, Unit
from penstock.reports.promises import Calendar, Days
from penstock.users.models import Member

#: Quick enough to be waited for: so many paths, or for a long queue so many draws.
N_PATHS, LEAST_PATHS, MOST_DRAWS = 1000, 100, 1_500_000
#: Whoever waits longest is named; the rest is counted.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that is not placed yet.

    Attributes:
        hours: Of its work.
        promised_on: What the customer would be promised; None for nothing yet.
        cost_of_delay: What a working day of waiting would cost, in the workspace's currency.
        team_id: Whose work it would be; None for any team.
        place: In the queue, from 1; None as the policy says.
    """

    hours: float
    promised_on: date | None = None
    cost_of_delay: float | None = None
    team_id: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """An order that would wait longer.

    Attributes:
        order_id: Which.
        key: How people call it.
        title: What it is about.
        promised_on: What it was promised for.
        before: Ready in 85 of 100 cases, without the new order.
        after: With it; None beyond the horizon.
        days: By so many days later in the mean.
        late: How much likelier it is late.
        cost: What that costs: mean working days of more lateness × cost of a day.
    """

    order_id: int
    key: str
    title: str
    promised_on: date | None
    before: date | None
    after: date | None
    days: float
    late: float
    cost: float


@dataclass(frozen=True, slots=True)
class Quote:
    """What signing means.

    Attributes:
        wanted: What was asked.
        ready: Its days at 50, 85 and 95 of 100, and how likely it is on time.
        place: Where it would stand among what is not begun, of ``n``.
        later: Who waits longer, the costliest first.
        n_later: How many.
        n_newly_late: Orders that are late in 85 of 100 cases only with it.
        break_even: What the slot has to earn: the cost of all that wait longer, in the workspace's currency.
        problem: Why there is no day, by code.
        horizon_on: How far is looked.
        is_assumed: Whether there is too little history to draw from.
        n_history: Past weeks behind it.
    """

    wanted: Wanted
    ready: Days
    place: int
    n: int
    later: tuple[Later, ...]
    n_later: int
    n_newly_late: int
    break_even: float
    problem: str
    horizon_on: date
    is_assumed: bool
    n_history: int


def quote(member: Member, wanted: Wanted, *, now: datetime) -> Quote:
    """Draw the queue with and without a new order, on the same paths."""
    facts = promise_facts.read(member, now=now)
    queue = waiting.read(member.workspace, rule=QueueRule.of(member.workspace), now=now)
    at, place = _place(member, facts, queue, wanted, now=now)
    extra = _unit(wanted, facts)
    n = len(facts.units) * len(facts.way.stages)
    n_paths = max(min(N_PATHS, MOST_DRAWS // max(n, 1)), LEAST_PATHS)
    without = promises.draw(facts, rng=promises.seed_of(member, now), n_paths=n_paths)
    with_it = promises.draw(
        facts, rng=promises.seed_of(member, now), n_paths=n_paths, extra=extra, at=at
    )
    calendar, levels = Calendar(member, now), promises_kept.levels(member)
    others = np.delete(with_it.ready, at, axis=0)
    later, n_newly = _later(
        member, facts, queue, without.ready, others, calendar=calendar, levels=levels
    )
    later.sort(key=lambda one: (-one.cost, -one.days, one.order_id))
    return Quote(
        wanted=wanted,
        ready=promises.days_of(with_it.ready[at], [extra], levels=levels, calendar=calendar),
        place=place,
        n=len(_ordered(facts)) + 1,
        later=tuple(later[:NAMED]),
        n_later=len(later),
        n_newly_late=n_newly,
        break_even=sum(one.cost for one in later),
        problem=promises.problem([extra], facts),
        horizon_on=(now + promises.HORIZON).date(),
        is_assumed=with_it.pace.method == "assumed",
        n_history=with_it.pace.n_history,
    )


def _unit(wanted: Wanted, facts: Facts) -> Unit:
    return Unit(
        work_id=0,
        line_id=None,
        order_id=None,
        team_id=wanted.team_id,
        hours=wanted.hours,
        is_guessed=False,
        promised_on=wanted.promised_on,
        is_held=False,
        held_until=None,
        parts=facts.way.left(facts.way.usual),
    )


def _place(
    member: Member, facts: Facts, queue: Queue, wanted: Wanted, *, now: datetime
) -> tuple[int, int]:
    """Before which unit it goes, and its place among the orders: as told, or as the policy says."""
    order = _ordered(facts)
    if wanted.place is not None:
        number = min(wanted.place - 1, len(order))
    else:
        number = _by_policy(member, queue, wanted, order, now=now)
    begun = sum(unit.is_begun for unit in facts.units)
    if number >= len(order):
        return len(facts.units), len(order) + 1
    first = next(
        (
            place
            for place, unit in enumerate(facts.units)
            if not unit.is_begun and unit.order_id == order[number]
        ),
        begun,
    )
    return first, number + 1


def _ordered(facts: Facts) -> list[int]:
    """The orders in the order in which their first work stands that is not begun yet."""
    found: dict[int, None] = {}
    for unit in facts.units:
        if unit.order_id is not None and not unit.is_begun:
            found.setdefault(unit.order_id)
    return list(found)


def _by_policy(
    member: Member, queue: Queue, wanted: Wanted, order: list[int], *, now: datetime
) -> int:
    rule = QueueRule.of(member.workspace)
    clock = Clock(member.workspace, now)
    usual = [one.job.ratio for one in queue.facts.values()]
    cost = wanted.cost_of_delay
    job = Job(
        key=0,
        work=max(wanted.hours, 0.01),
        # Nobody said what waiting costs: it is taken to save as much for an hour as the middle order.
        weight=float(np.median(usual)) * wanted.hours if cost is None and usual else cost or 0.0,
        due=clock.until(wanted.promised_on) if wanted.promised_on else inf,
        since=0.0,
    )
    fresh = QueueFacts(0, job, now, wanted.promised_on, ())
    both = replace(queue, facts={**queue.facts, 0: fresh})
    keys = waiting.keys(both, rule=rule)
    mine = keys[0]
    urgent = set(
        Order.objects.filter(
            workspace_id=member.workspace_id, pk__in=order, is_expedited=True
        ).values_list("pk", flat=True)
    )
    first = urgent | set(queue.ranked)
    before = [number for number in order if number in first or keys.get(number, mine) <= mine]
    return len(before)


def _later(  # noqa: PLR0913 -- both drawings of one queue
    member: Member,
    facts: Facts,
    queue: Queue,
    before: np.ndarray,
    after: np.ndarray,
    *,
    calendar: Calendar,
    levels: tuple[float, ...],
) -> tuple[list[Later], int]:
    """Every order that is ready later in the mean, and how many are late at 85 of 100 only now."""
    by_order: dict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(facts.units):
        if unit.order_id is not None:
            by_order[unit.order_id].append(place)
    found, n_newly = [], 0
    for number, places in by_order.items():
        was, now_ = before[places].max(axis=0), after[places].max(axis=0)
        days = ready.harm(was, now_, due=0.0) / 24
        units = [facts.units[place] for place in places]
        old = promises.days_of(was, units, levels=levels, calendar=calendar)
        new = promises.days_of(now_, units, levels=levels, calendar=calendar)
        if days < 1 / 24 and new.days[1] == old.days[1]:
            continue
        n_newly += _is_newly_late(old, new, units)
        cost = queue.facts[number].job.weight if number in queue.facts else 0.0
        found.append(
            Later(
                order_id=number,
                key="",
                title="",
                promised_on=max((u.promised_on for u in units if u.promised_on), default=None),
                before=old.days[1],
                after=new.days[1],
                days=days,
                late=(old.by_promise or 0.0) - (new.by_promise or 0.0),
                cost=_cost(was, now_, units, calendar=calendar) * cost,
            )
        )
    return _named(member, found), n_newly


def _cost(was: np.ndarray, now: np.ndarray, units: list[Unit], *, calendar: Calendar) -> float:
    """Working days of more lateness in the mean; of waiting, where nothing is promised."""
    promised = max((unit.promised_on for unit in units if unit.promised_on), default=None)
    due = max(calendar.until(promised), 0.0) if promised else 0.0
    return max(ready.harm(was, now, due=due), 0.0) / 24 * calendar.worked_share


def _is_newly_late(old: Days, new: Days, units: list[Unit]) -> bool:
    promised = max((unit.promised_on for unit in units if unit.promised_on), default=None)
    if promised is None or old.days[1] is None or old.days[1] > promised:
        return False
    return new.days[1] is None or new.days[1] > promised


def _named(member: Member, found: list[Later]) -> list[Later]:
    numbers = [one.order_id for one in found]
    rows = (
        Order.objects.visible_to(member)
        .filter(pk__in=numbers)
        .values_list("pk", "item__key", "item__title")
    )
    names = {number: (key, title) for number, key, title in rows}
    return [
        replace(one, key=names[one.order_id][0], title=names[one.order_id][1])
        for one in found
        if one.order_id in names
    ]
