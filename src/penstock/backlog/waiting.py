"""What waits, as jobs: how much work is left, what waiting costs, when it is promised; and their keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf, nextafter
from statistics import median
from typing import Any

from django.db.models import Sum

from penstock.analytics import sequencing
from penstock.analytics.sequencing import Job
from penstock.backlog.models import Dependency, Entry, Line, Order, QueueRule
from penstock.base.calendar import end_of
from penstock.base.money import ZERO
from penstock.base.working_time import NoWorkingTime, WorkingTime
from penstock.catalog import calendars
from penstock.catalog.exchange import Exchange, Part
from penstock.flow.models import FieldChange
from penstock.users.models import Workspace

Policy = QueueRule.Policy
#: Hours of a working day, for costs that are said per day and bounds in days.
DAY_HOURS = 8.0
#: So many orders at the head of an ATC queue are put in order by search as well.
SEARCHED = 40
#: Horn's order of what needs other work is looked for among so many; more keep the order and wait.
MOST_HORN = 300
#: An order without any hours takes as long as the middle one; if no hours are known at all, a day.
UNKNOWN_HOURS = DAY_HOURS


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of one order; ``is_guessed`` names what nobody said."""

    number: int
    job: Job
    accepted_at: datetime | None
    promised_on: date | None
    is_guessed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """All that waits.

    Attributes:
        facts: By number of the order, in order of acceptance.
        ranked: Those that people put first.
        needs: Of an order, those whose work comes before some of its own.
        alpha: How fast orders age, per hour; 0 without a bound.
    """

    facts: Mapping[int, Facts]
    ranked: Mapping[int, float]
    needs: Mapping[int, frozenset[int]]
    alpha: float

    @property
    def jobs(self) -> list[Job]:
        """All of them, in order of acceptance."""
        return [one.job for one in self.facts.values()]


class Clock:
    """Working hours from now to the ends of days, each asked once."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._zone, self._now = workspace.zone, now
        self._hours: dict[date, float] = {}
        try:
            self._worked: WorkingTime | None = calendars.of(workspace)
        except NoWorkingTime:
            self._worked = None

    def until(self, day: date) -> float:
        """Working hours until a day is over; below 0 for one that is."""
        if day not in self._hours:
            self._hours[day] = self._between(end_of(day, zone=self._zone))
        return self._hours[day]

    def since(self, instant: datetime) -> float:
        """Working hours since the day of an instant began, as a number below 0."""
        return self.until(instant.astimezone(self._zone).date() - timedelta(days=1))

    def _between(self, at: datetime) -> float:
        if self._worked is None:
            # Without any working day time goes on all the same: five days of eight hours a week.
            return (at - self._now).total_seconds() / 3600 * 40 / 168
        return self._worked.hours_between(self._now, at)


def read(
    workspace: Workspace,
    *,
    rule: QueueRule,
    now: datetime,
    among: Collection[int] | None = None,
) -> Queue:
    """Everything that is owed, by order, or some orders of it: what is usual is then usual among them."""
    rows = list(_rows(workspace, among))
    clock = Clock(workspace, now)
    known = [float(row["hours"]) for row in rows if row["hours"]]
    usual = median(known) if known else UNKNOWN_HOURS
    exchange = Exchange(workspace, day=now.astimezone(workspace.zone).date())
    exchange.learn(Part(row["currency"], ZERO) for row in rows)
    facts = {
        row["pk"]: _facts(row, rule=rule, clock=clock, usual=usual, exchange=exchange)
        for row in rows
    }
    jobs = [one.job for one in facts.values()]
    return Queue(
        facts=facts,
        ranked={row["pk"]: row["manual_rank"] for row in rows if row["manual_rank"] is not None},
        needs=_needs(workspace, set(facts)),
        alpha=_alpha(jobs, rule),
    )


def _rows(workspace: Workspace, among: Collection[int] | None) -> Any:
    orders = Order.objects.filter(
        workspace=workspace, fulfilled_at=None, item__outcome="", item__withdrawn_at=None
    )
    lines = Line.objects.filter(workspace=workspace, remaining_quantity__gt=0)
    if among is not None:
        orders, lines = orders.filter(pk__in=among), lines.filter(order__in=among)
    sums = {
        row["order_id"]: row
        for row in lines.values("order_id").annotate(
            hours=Sum("remaining_hours"), value=Sum("remaining_value")
        )
    }
    columns = (
        "pk",
        "currency",
        "accepted_at",
        "promised_on",
        "manual_rank",
        "cost_of_delay",
        "contribution",
    )
    for row in orders.order_by("accepted_at", "pk").values(*columns):
        if row["pk"] in sums:
            yield row | sums[row["pk"]]


def _facts(
    row: Mapping[str, Any], *, rule: QueueRule, clock: Clock, usual: float, exchange: Exchange
) -> Facts:
    guessed = []
    hours = float(row["hours"] or 0)
    if hours <= 0:
        guessed.append("hours")
        hours = usual
    rate = float(exchange.rate_of(Part(row["currency"], ZERO)) or 0)
    named = "contribution" if rule.policy == Policy.CONTRIBUTION else "cost_of_delay"
    said = row[named]
    if said is None:
        guessed.append(named)
        said = row["value"] * (1 if named == "contribution" else rule.delay_share)
    accepted, promised = row["accepted_at"], row["promised_on"]
    return Facts(
        number=row["pk"],
        job=Job(
            key=row["pk"],
            work=hours,
            weight=float(said) * rate,
            due=clock.until(promised) if promised else inf,
            since=clock.since(accepted) if accepted else 0.0,
        ),
        accepted_at=accepted,
        promised_on=promised,
        is_guessed=tuple(guessed),
    )


def _alpha(jobs: Sequence[Job], rule: QueueRule) -> float:
    if rule.bound_days is None or not jobs:
        return 0.0
    return sequencing.alpha_for(jobs, longest_wait=rule.bound_days * DAY_HOURS)


def _needs(workspace: Workspace, numbers: set[int]) -> dict[int, frozenset[int]]:
    rows = Dependency.objects.filter(
        workspace=workspace, before__item__outcome="", before__item__withdrawn_at=None
    )
    found: dict[int, set[int]] = {}
    for after, before in rows.values_list("after__line__order_id", "before__line__order_id"):
        if after != before and {after, before} <= numbers:
            found.setdefault(after, set()).add(before)
    return {after: frozenset(before) for after, before in found.items()}


def moved_since(workspace: Workspace, at: datetime) -> bool:
    """Whether anything was written of orders since an instant."""
    entries = Entry.objects.filter(workspace=workspace, recorded_at__gte=at)
    said = FieldChange.objects.filter(
        workspace=workspace,
        recorded_at__gte=at,
        field__in=("promised_on", "cost_of_delay", "contribution"),
    )
    return entries.exists() or said.exists()


def keys(queue: Queue, *, rule: QueueRule) -> dict[int, float]:
    """What each order is sorted by under the policy, the least first; what needs others stands behind them."""
    found = _plain_keys(queue, rule)
    single = {after: min(before) for after, before in queue.needs.items() if len(before) == 1}
    if (
        queue.needs
        and len(single) == len(queue.needs)
        and rule.policy in (Policy.WSPT, Policy.CONTRIBUTION)
        and not queue.alpha
        and len(queue.facts) <= MOST_HORN
    ):
        order = sequencing.after_others(queue.jobs, needs=single)
        return {job.key: float(place) for place, job in enumerate(order)}
    return _behind(found, queue.needs)


def _plain_keys(queue: Queue, rule: QueueRule) -> dict[int, float]:
    if rule.policy == Policy.ATC:
        return _atc(queue.jobs, k=float(rule.k))
    # All age alike, so what waits keeps its distance from hour to hour.
    key: Callable[[Job], float] = {
        Policy.RATIO.value: lambda job: job.due / job.work,
        Policy.EDD.value: lambda job: job.due,
        Policy.FCFS.value: lambda job: job.since,
    }.get(rule.policy, lambda job: -(job.ratio - queue.alpha * job.since))
    return {job.key: key(job) for job in queue.jobs}


def _atc(jobs: Sequence[Job], *, k: float) -> dict[int, float]:
    """Places by the index of now; the head of the queue is bettered by search."""
    indices = sequencing.atc_now(jobs, k=k)
    ranked = sorted(jobs, key=lambda job: (-indices[job.key], job.since, job.key))
    head = sequencing.atc_with_search(ranked[:SEARCHED], k=k)
    return {job.key: float(place) for place, job in enumerate([*head, *ranked[SEARCHED:]])}


def _behind(found: Mapping[int, float], needs: Mapping[int, frozenset[int]]) -> dict[int, float]:
    """The same keys, but nobody before what it needs; rings are impossible, and would be left as they are."""
    fixed = dict(found)
    for _round in range(len(needs)):
        changed = False
        for after, before in needs.items():
            least = max(fixed[number] for number in before)
            if fixed[after] <= least:
                fixed[after] = nextafter(least, inf)
                changed = True
        if not changed:
            break
    return fixed
