"""Goals and the pace towards them, as of a day, as known on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from penstock.analytics import pace
from penstock.analytics.eventlog import Ints
from penstock.analytics.pace import Expected, Past, Projection
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.catalog import calendars
from penstock.reports import goal_costs, goal_days, goal_facts, log
from penstock.reports.goal_costs import LeadCost
from penstock.reports.goal_days import Days
from penstock.reports.goal_facts import Counted, Rows, Subject
from penstock.reports.moment import Moment
from penstock.sales import access, goals
from penstock.sales.models import Goal, GoalPeriod, Metric
from penstock.users.models import Member

#: How far back past periods are looked at, in months.
MONTHS_BACK = 36
MONTHS_PROJECTED = 24
SEED = 1886


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One goal and how far it is; money is in the workspace's currency.

    ``expected`` is what usually is in on this day times the goal. ``needed`` is what each of the
    ``days_left`` working days must bring; None when none is left.
    """

    goal_id: int
    metric: str
    activity: str
    period: str
    window: Window
    subject: Subject
    name: str
    currency: str
    goal: Decimal
    result: Decimal
    n: int
    n_unknown: int
    usual: Expected
    days_left: int
    needed: Decimal | None

    @property
    def share(self) -> float:
        """How much of the goal is reached."""
        return float(self.result / self.goal)

    @property
    def expected(self) -> Decimal:
        """What usually is in on this day of such a period, of this goal."""
        return self.goal * Decimal(str(self.usual.share))

    @property
    def is_behind(self) -> bool:
        """Less is in than usual."""
        return self.result < self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace(Reached):
    """One goal, how far it is, and what its period may come to."""

    projection: Projection


@dataclass(frozen=True, slots=True)
class Parts:
    """What the goals of teams, people, products or channels add up to, beside the workspace's goal."""

    metric: str
    activity: str
    period: str
    window: Window
    dimension: str
    n: int
    total: Decimal
    whole: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Goals:
    """All goals whose period holds the day; ``costs`` are those that say what a lead may cost."""

    moment: Moment
    paces: tuple[Pace, ...]
    parts: tuple[Parts, ...]
    costs: tuple[LeadCost, ...]


class _WorkingDays:
    """Working days counted once for all goals."""

    def __init__(self, member: Member, *, first: date, last: date) -> None:
        working = calendars.of(member.workspace)
        n_days = (last - first).days + 1
        works = [working.is_working_day(first + timedelta(days=n)) for n in range(n_days)]
        self._first = log.day_number(first)
        self._done = np.concatenate(([0], np.cumsum(works)))

    def between(self, first: date, last: date) -> int:
        """How many from one day to another, both included."""
        return int(self._until(log.day_number(last)) - self._until(log.day_number(first) - 1))

    def elapsed(self, window: Window, days: Ints) -> np.ndarray:
        """The share of the working days of a window that have gone by at the end of each day."""
        whole = max(self.between(window.first, window.last), 1)
        before = self._until(log.day_number(window.first) - 1)
        return np.asarray((self._until(days) - before) / whole, dtype=np.float64)

    def _until(self, day: Ints | int) -> np.ndarray:
        return np.asarray(self._done[np.clip(np.asarray(day) - self._first + 1, 0, None)])


def on_day(member: Member, *, moment: Moment, only: Mapping[str, int | str] | None = None) -> Goals:
    """Every goal whose period holds a day, and the pace towards it at the end of that day.

    Goals are those in force on the day, as known; results and past periods as they were known, too.
    ``only`` leaves the goals of one team, owner, product or channel.
    """
    found = [
        goal for goal in _visible(member, moment) if not only or goal.subject in set(only.items())
    ]
    costly = [goal for goal in found if goal.metric == Metric.COST_PER_LEAD]
    found = [goal for goal in found if goal.metric != Metric.COST_PER_LEAD]
    facts = _counted(member, moment, found)
    first, last = _span(member, moment, found)
    working = _WorkingDays(member, first=first, last=last)
    paces = [_pace(goal, facts, working, moment) for goal in found]
    return Goals(
        moment=moment,
        paces=tuple(sorted(paces, key=_order)),
        parts=_parts(paces),
        costs=tuple(sorted(goal_costs.so_far(member, moment, costly), key=_cost_order)),
    )


def nearest(member: Member, *, moment: Moment) -> Reached | None:
    """The one goal that is nearest to a member, and how far it is now; None where no goal is theirs to see.

    Their own before their team's, and that before the workspace's; of these money before other
    things, and the shortest period.
    """
    whose: list[Subject] = [("owner", member.pk), ("team", member.team_id), ("", None)]
    # What a lead may cost at most is nothing to reach: it has no pace.
    found = [
        goal
        for goal in _visible(member, moment)
        if goal.subject in whose and goal.metric != Metric.COST_PER_LEAD
    ]
    if not found:
        return None
    goal = min(found, key=lambda one: (whose.index(one.subject), *_order_of(one)))
    first, last = _span(member, moment, [goal])
    working = _WorkingDays(member, first=first, last=last)
    days = goal_days.of(member, goal, since=first)
    return Reached(**_reached(goal, days, working, member=member, moment=moment))


def _order_of(goal: Goal) -> tuple[int, int, str]:
    metrics, periods = list(Metric.values), list(GoalPeriod.values)
    return metrics.index(goal.metric), periods.index(goal.period), goal.activity


def deals(member: Member, *, moment: Moment, goal_id: int) -> list[int]:
    """The items of the deals behind the result of a goal on a day, the last first.

    Raises:
        NotFound: ``sales.no_goal``: there is none, or it is not this member's to see.
    """
    goal = access.goal_for(member, goal_id)
    window = _window(goal, member)
    if moment.on < window.first:
        return []
    if goal.metric == Metric.COST_PER_LEAD:
        return goal_costs.deals(member, moment, goal)
    last = min(moment.on, window.last)
    rows = _counted(member, moment, [goal]).of(goal)
    return rows.items(log.day_number(window.first), log.day_number(last))


def _counted(member: Member, moment: Moment, found: Iterable[Goal]) -> Counted:
    return Counted(member, moment, sorted({goal.channel for goal in found if goal.channel}))


def _visible(member: Member, moment: Moment) -> list[Goal]:
    said = goals.in_force(member.workspace, on=moment.on, known=moment.known_at)
    return [
        goal
        for goal in access.goals_for(member, said)
        if _window(goal, member).first <= moment.on <= _window(goal, member).last
    ]


def _window(goal: Goal, member: Member) -> Window:
    return goals.window_of(goal.period, goal.first_on, member.workspace)


def _span(member: Member, moment: Moment, found: Iterable[Goal]) -> tuple[date, date]:
    back = moment.on.replace(day=1) - timedelta(days=31 * MONTHS_BACK + 366)
    last = [_window(goal, member).last for goal in found]
    return back, max([moment.on, *last])


def _pace(goal: Goal, facts: Counted, working: _WorkingDays, moment: Moment) -> Pace:
    rows, member, window = facts.of(goal), facts.member, _window(goal, facts.member)
    reached = _reached(goal, rows, working, member=member, moment=moment)
    month = _around(moment.on, member, per=GoalPeriod.MONTH)
    months = _past(rows, working, _before(month, member, per=GoalPeriod.MONTH))
    projection = pace.projection(
        months[:MONTHS_PROJECTED],
        result=float(reached["result"]),
        goal=float(reached["goal"]),
        parts=_left(window, member, working, moment),
        rng=np.random.default_rng(SEED),
    )
    return Pace(**reached, projection=projection)


def _reached(
    goal: Goal, rows: Rows | Days, working: _WorkingDays, *, member: Member, moment: Moment
) -> dict[str, Any]:
    """The columns of :class:`Reached`."""
    window, whole = _window(goal, member), goal.value or ZERO
    first, today = log.day_number(window.first), log.day_number(moment.on)
    result = rows.total(first, today)
    elapsed = float(working.elapsed(window, np.array([today]))[0])
    days_left = working.between(moment.on + timedelta(days=1), window.last)
    need = pace.needed(result=float(result), goal=float(whole), days_left=days_left)
    past = _past(rows, working, _before(window, member, per=goal.period))
    return {
        "goal_id": goal.pk,
        "metric": goal.metric,
        "activity": goal.activity,
        "period": goal.period,
        "window": window,
        "subject": goal.subject,
        "name": goal_facts.name_of(goal),
        "currency": goal.currency,
        "goal": whole,
        "result": result,
        "n": rows.n(first, today),
        "n_unknown": rows.n_unknown(first, today),
        "usual": pace.expected(past, elapsed=elapsed),
        "days_left": days_left,
        "needed": None if need is None else Decimal(str(need)),
    }


def _past(rows: Rows | Days, working: _WorkingDays, windows: Iterable[Window]) -> list[Past]:
    """What came in in some past periods, of those that lie on record as a whole."""
    found = []
    for window in windows:
        first, last = log.day_number(window.first), log.day_number(window.last)
        if rows.begins is not None and first >= rows.begins:
            days, amounts = rows.between(first, last)
            found.append(Past(working.elapsed(window, days), amounts))
    return found


def _before(window: Window, member: Member, *, per: str) -> list[Window]:
    """The periods of a length before a window, the last first, as far back as is looked."""
    n = {GoalPeriod.MONTH: MONTHS_BACK, GoalPeriod.QUARTER: MONTHS_BACK // 3}.get(
        GoalPeriod(per), MONTHS_BACK // 12
    )
    found = []
    for _back in range(n):
        window = _around(window.first - timedelta(days=1), member, per=per)
        found.append(window)
    return found


def _around(day: date, member: Member, *, per: str) -> Window:
    first = day.replace(day=1)
    if per == GoalPeriod.QUARTER:
        first = first.replace(month=day.month - (day.month - 1) % 3)
    elif per == GoalPeriod.YEAR:
        first = first.replace(month=1)
    return goals.window_of(per, first, member.workspace)


def _left(window: Window, member: Member, working: _WorkingDays, moment: Moment) -> list[float]:
    """For every month of a period that is not over, the share of its working days gone by."""
    if moment.on >= window.last:
        return []
    month = _around(moment.on, member, per=GoalPeriod.MONTH)
    today = np.array([log.day_number(moment.on)])
    parts = [float(working.elapsed(month, today)[0])]
    while month.last < window.last:
        month = _around(month.last + timedelta(days=1), member, per=GoalPeriod.MONTH)
        parts.append(0.0)
    return parts


def _parts(paces: Iterable[Pace]) -> tuple[Parts, ...]:
    """Beside every goal of the workspace what the goals of a dimension add up to, if there are any."""
    groups: dict[tuple[str, str, str, Window], list[Pace]] = defaultdict(list)
    for one in paces:
        groups[one.metric, one.activity, one.period, one.window].append(one)
    found = []
    for (metric, activity, period, window), group in groups.items():
        whole = next((one for one in group if not one.subject[0]), None)
        for dimension in goals.DIMENSIONS if whole else ():
            mine = [one.goal for one in group if one.subject[0] == dimension]
            if whole and mine:
                found.append(
                    Parts(
                        metric=metric,
                        activity=activity,
                        period=period,
                        window=window,
                        dimension=dimension,
                        n=len(mine),
                        total=sum(mine, ZERO),
                        whole=whole.goal,
                        currency=whole.currency,
                    )
                )
    return tuple(found)


def _cost_order(one: LeadCost) -> tuple[int, bool, str]:
    """As below: the workspace first."""
    return list(GoalPeriod.values).index(one.period), bool(one.subject[0]), one.name


def _order(one: Pace) -> tuple[int, int, str, int, str]:
    """Longer periods last, then what is counted, then whose: the workspace first."""
    dimensions = ("", *goals.DIMENSIONS)
    return (
        list(GoalPeriod.values).index(one.period),
        list(Metric.values).index(one.metric),
        one.activity,
        dimensions.index(one.subject[0]),
        one.name,
    )
