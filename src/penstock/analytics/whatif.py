"""What the backlog comes to, if: a line for the plan, a fan for what may happen, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from penstock.analytics.weeks import Draws, Floats, Ints

#: The percentiles of a fan, and of when it is cleared.
FAN = (0.05, 0.15, 0.50, 0.85, 0.95)
CLEARED = (0.50, 0.85, 0.95)
#: A percentile at share q needs at least 10 / (1 - q) paths.
N_PATHS = 5000


@dataclass(frozen=True, slots=True)
class Crew:
    """Somebody who joins: so much capacity in a full week, from a week on (0 is the first).

    ``ramp`` has the share of it in each of the first weeks; after them it is whole.
    """

    since: int
    per_week: float
    ramp: tuple[float, ...] = ()
    cost_per_week: float = 0.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A share of the capacity that is missing in some weeks, first and last included."""

    first: int
    last: int
    lost: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is changed; with nothing said all goes on as it is.

    Attributes:
        demand: Added share of what comes in: 0.1 is ten per cent more.
        capacity: Added share of what can be done.
        overtime: Added share of what can be done, for which is paid.
        crews: Who joins.
        stops: What stands still.
        taken_out: Of the backlog, called off at once.
        held: Of the backlog, held at once until the week ``until``.
        until: The week in which what is held comes back; None for not within sight.
    """

    demand: float = 0.0
    capacity: float = 0.0
    overtime: float = 0.0
    crews: tuple[Crew, ...] = ()
    stops: tuple[Stop, ...] = ()
    taken_out: float = 0.0
    held: float = 0.0
    until: int | None = None

    def __post_init__(self) -> None:
        if min(self.demand, self.capacity, self.overtime) < -1:
            raise ValueError("no more than all of it can be taken away")
        if any(not 0 <= stop.lost <= 1 for stop in self.stops):
            raise ValueError("a stop takes a share from 0 to 1")
        if min(self.taken_out, self.held) < 0:
            raise ValueError("what is taken out of the backlog is 0 or more")


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, in the order of work; an order is late as a whole until all of it is done.

    Attributes:
        ends: How much must be done until each is: running sums of amounts, those without a promise too.
        amounts: Of each that is promised.
        due: The week at whose end each is promised, below 0 for one that is late already.
    """

    ends: Floats
    amounts: Floats
    due: Ints


@dataclass(frozen=True, slots=True)
class Costs:
    """What things cost: a unit done in overtime, and a unit that is overdue at the end of a week."""

    overtime: float = 0.0
    overdue: float = 0.0


@dataclass(frozen=True, slots=True)
class Cleared:
    """When nothing is left: weeks from now at each percentile, None beyond the horizon; and how likely at all.

    ``mean`` is over the paths on which it was cleared, ``n`` counts them.
    """

    weeks: tuple[int | None, ...]
    share: float
    mean: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario leads to.

    Attributes:
        line: The backlog at the end of each week if every week were the mean week.
        fan: For each of :data:`FAN`, the backlog at the end of each week.
        mean: Its mean over the paths, per week.
        overdue: Mean backlog past its promise, per week, in the order of work that was given.
        cleared: When nothing is left.
        passes: How likely it is above the threshold at the end; None without one.
        cost: Expected cost over the horizon.
        n_paths: How many paths.
    """

    line: tuple[float, ...]
    fan: tuple[tuple[float, ...], ...]
    mean: tuple[float, ...]
    overdue: tuple[float, ...]
    cleared: Cleared
    passes: float | None
    cost: float
    n_paths: int


def walk(opening: float, demand: Floats, capacity: Floats) -> Floats:
    """The backlog at the end of each week: ``max(0, backlog + demand - capacity)``, path by path.

    Args:
        opening: The backlog now.
        demand: Per week in the last axis; any number of paths before it.
        capacity: Of the same shape.

    >>> walk(0, np.full(10, 110.0), np.full(10, 100.0))[-1], walk(0, np.full(10, 110.0), np.full(10, 90.0))[-1]
    (np.float64(100.0), np.float64(200.0))
    """
    ends = np.empty(demand.shape)
    left: Floats = np.full(demand.shape[:-1], float(opening))
    for week in range(demand.shape[-1]):
        left = np.maximum(0.0, left + demand[..., week] - capacity[..., week])
        ends[..., week] = left
    return ends


def weeks_to_clear(opening: float, *, demand: float, capacity: float) -> float:
    """How long a backlog lasts at steady rates; infinite when as much comes in as goes out.

    >>> weeks_to_clear(100, demand=110, capacity=120), weeks_to_clear(100, demand=110, capacity=110)
    (10.0, inf)
    """
    if opening <= 0:
        return 0.0
    return opening / (capacity - demand) if capacity > demand else inf


def weeks_to_wait(backlog: float, *, capacity: Floats) -> float | None:
    """When an order that comes last is done: the first moment at which the capacities sum to the backlog.

    None when the weeks told do not suffice.

    >>> weeks_to_wait(100, capacity=np.full(8, 100.0)), weeks_to_wait(250, capacity=np.full(2, 100.0))
    (1.0, None)
    """
    if backlog <= 0:
        return 0.0
    done = np.cumsum(capacity)
    week = int(np.searchsorted(done, backlog))
    if week == len(done):
        return None
    before = float(done[week - 1]) if week else 0.0
    return week + (backlog - before) / float(capacity[week])


def outcome(
    opening: float,
    draws: Draws,
    *,
    scenario: Scenario,
    queue: Queue | None = None,
    threshold: float | None = None,
    costs: Costs | None = None,
) -> Outcome:
    """What a scenario leads to, on given draws.

    Two scenarios on the same draws differ by what was changed and not by luck (common random numbers).

    Args:
        opening: The backlog now.
        draws: Weeks to come.
        scenario: What is changed.
        queue: What waits now with its promises, in the order of work; nothing is overdue if left out.
        threshold: A backlog that is not to be passed.
        costs: What overtime and lateness cost; nothing if left out.

    >>> even = Draws(np.full((200, 4), 110.0), np.full((200, 4), 100.0), "blocks", 30, ())
    >>> found = outcome(50, even, scenario=Scenario(overtime=0.4), threshold=20)
    >>> found.line, found.cleared.weeks, found.passes
    ((20.0, 0.0, 0.0, 0.0), (2, 2, 2), 0.0)
    """
    costs = costs or Costs()
    start = max(0.0, opening - scenario.taken_out - scenario.held)
    demand, capacity = changed(scenario, draws.demand, draws.capacity, opening=opening)
    ends = walk(start, demand, capacity)
    line = walk(
        start,
        *changed(scenario, draws.demand.mean(axis=0), draws.capacity.mean(axis=0), opening=opening),
    )
    late = overdue(queue, capacity)
    return Outcome(
        line=tuple(line.tolist()),
        fan=tuple(
            tuple(row) for row in np.quantile(ends, FAN, axis=0, method="inverted_cdf").tolist()
        ),
        mean=tuple(ends.mean(axis=0).tolist()),
        overdue=tuple(late.mean(axis=0).tolist()),
        cleared=cleared(ends),
        passes=None if threshold is None else float((ends[:, -1] > threshold).mean()),
        cost=_cost(scenario, draws, late, costs=costs),
        n_paths=len(ends),
    )


def changed(
    scenario: Scenario, demand: Floats, capacity: Floats, *, opening: float
) -> tuple[Floats, Floats]:
    """Demand and capacity under a scenario; what was held comes back as demand.

    >>> half = Scenario(stops=(Stop(1, 1, 0.5),), crews=(Crew(1, 10, ramp=(0.5,)),))
    >>> changed(half, np.full(3, 5.0), np.full(3, 40.0), opening=0)[1].tolist()
    [40.0, 25.0, 50.0]
    """
    n_weeks = demand.shape[-1]
    comes = demand * (1 + scenario.demand)
    stopped = _left(scenario.stops, n_weeks)
    can = capacity * max(0.0, 1 + scenario.capacity + scenario.overtime) * stopped
    can = can + sum((_joined(crew, n_weeks) for crew in scenario.crews), np.zeros(n_weeks))
    if scenario.held and scenario.until is not None and scenario.until < n_weeks:
        comes[..., scenario.until] += min(scenario.held, max(0.0, opening - scenario.taken_out))
    return comes, can


def cleared(ends: Floats) -> Cleared:
    """When the backlog is down to nothing, over paths × weeks; without paths nothing is claimed.

    >>> cleared(np.array([[3.0, 0.0, 1.0], [3.0, 2.0, 0.0], [3.0, 2.0, 1.0]])).weeks
    (3, None, None)
    """
    n_paths, n_weeks = ends.shape
    is_clear = ends <= 0
    when = np.where(is_clear.any(axis=1), is_clear.argmax(axis=1) + 1, n_weeks + 1)
    inside = when[when <= n_weeks]
    if n_paths == 0:
        return Cleared((None,) * len(CLEARED), 0.0, None, 0)
    cuts = np.quantile(when, CLEARED, method="inverted_cdf").tolist()
    return Cleared(
        weeks=tuple(int(cut) if cut <= n_weeks else None for cut in cuts),
        share=len(inside) / n_paths,
        mean=float(inside.mean()) if len(inside) else None,
        n=len(inside),
    )


def overdue(queue: Queue | None, capacity: Floats) -> Floats:
    """How much of what waits is past its promise at the end of each week; what comes later goes behind.

    Args:
        queue: What waits; None for nothing.
        capacity: What can be done, per week in the last axis.

    >>> two = Queue(ends=np.array([4.0, 10.0]), amounts=np.array([4.0, 6.0]), due=np.array([0, 1]))
    >>> overdue(two, np.array([[3.0, 3.0, 3.0, 3.0]])).tolist()
    [[4.0, 6.0, 6.0, 0.0]]
    """
    late = np.zeros(capacity.shape)
    if queue is None:
        return late
    done = np.cumsum(capacity, axis=-1)
    for week in range(capacity.shape[-1]):
        mine = queue.due <= week
        sums = np.concatenate([[0.0], np.cumsum(queue.amounts[mine])])
        # Running sums of many small amounts differ from their total by rounding.
        places = np.searchsorted(queue.ends[mine], done[..., week] + 1e-9, side="right")
        late[..., week] = sums[-1] - sums[places]
    return late


def _joined(crew: Crew, n_weeks: int) -> Floats:
    full = np.zeros(n_weeks)
    full[crew.since :] = crew.per_week
    for number, share in enumerate(crew.ramp):
        if crew.since + number < n_weeks:
            full[crew.since + number] *= share
    return full


def _left(stops: tuple[Stop, ...], n_weeks: int) -> Floats:
    left = np.ones(n_weeks)
    for stop in stops:
        left[stop.first : stop.last + 1] *= 1 - stop.lost
    return left


def _cost(scenario: Scenario, draws: Draws, late: Floats, *, costs: Costs) -> float:
    n_weeks = draws.capacity.shape[-1]
    stopped = _left(scenario.stops, n_weeks)
    overtime = float((draws.capacity * stopped).sum(axis=-1).mean()) * scenario.overtime
    crews = sum(crew.cost_per_week * max(n_weeks - crew.since, 0) for crew in scenario.crews)
    overdue = float(late.sum(axis=-1).mean())
    return float(overtime * costs.overtime + crews + overdue * costs.overdue)
