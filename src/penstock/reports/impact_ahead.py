"""What the backlog comes to: as things are, and if something is changed, on the same drawn weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from penstock.analytics import weeks, whatif
from penstock.analytics.weeks import Draws, History
from penstock.analytics.whatif import Costs, Crew, Outcome, Queue, Scenario, Stop
from penstock.base.calendar import Window
from penstock.reports import impact_queue, impact_weeks
from penstock.reports.impact_queue import EDD
from penstock.reports.impact_weeks import ORDERS, Past, Week
from penstock.reports.moment import Moment
from penstock.users.models import Member

#: How many weeks the draws may look back on.
LOOK_BACK = 52
#: Enough for the 5th of a hundred and quick enough for a page; the draws of a day are always the same.
N_PATHS = 2000
#: What is called off or held: an amount, or all that is overdue now.
AMOUNT, OVERDUE = "amount", "overdue"


@dataclass(frozen=True, slots=True)
class Levers:
    """What is changed, as people say it: shares in per cent, weeks counted from 1.

    Attributes:
        demand: More or less comes in.
        capacity: More or less can be done.
        overtime: More can be done, and is paid for.
        crew: So much a full week is added by somebody who joins, from a week on, growing into it.
        stop_lost: So much stands still from one week to another, both included.
        out: So much is called off at once; with ``out_of`` overdue all that is.
        held: So much is held at once, and comes back in the week ``until`` if there is one.
        policy: In which order what waits is worked on.
    """

    demand: int = 0
    capacity: int = 0
    overtime: int = 0
    overtime_cost: float = 0
    crew: float = 0
    crew_from: int = 1
    crew_ramp: int = 0
    crew_cost: float = 0
    stop_lost: int = 0
    stop_first: int = 1
    stop_last: int = 1
    out: float = 0
    out_of: str = AMOUNT
    held: float = 0
    until: int | None = None
    policy: str = EDD
    overdue_cost: float = 0

    def scenario(self, *, overdue: float) -> Scenario:
        """What it is for the walk."""
        crews = (
            Crew(
                since=self.crew_from - 1,
                per_week=self.crew,
                ramp=tuple((week + 1) / (self.crew_ramp + 1) for week in range(self.crew_ramp)),
                cost_per_week=self.crew_cost,
            ),
        )
        stops = (Stop(self.stop_first - 1, self.stop_last - 1, self.stop_lost / 100),)
        return Scenario(
            demand=self.demand / 100,
            capacity=self.capacity / 100,
            overtime=self.overtime / 100,
            crews=crews if self.crew else (),
            stops=stops if self.stop_lost else (),
            taken_out=overdue if self.out_of == OVERDUE else self.out,
            held=self.held,
            until=None if self.until is None else self.until - 1,
        )

    @property
    def costs(self) -> Costs:
        """What things cost."""
        return Costs(overtime=self.overtime_cost, overdue=self.overdue_cost)


AS_IS = Levers()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How far ahead, in which measure, and which backlog is not to be passed."""

    n_weeks: int = 13
    measure: str = ORDERS
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is ahead.

    Attributes:
        opening: Owed now.
        overdue: Past its promise now; None for a day of the past.
        window: The past weeks that are drawn from.
        ends: The last day of each week ahead.
        draws: The weeks that were drawn, and what is to be known of them.
        outcomes: What each scenario comes to, in the order in which they were given.
        currency: Of values.
        missing: Currencies without a rate, in no figure.
    """

    opening: float
    overdue: float | None
    window: Window | None
    ends: tuple[date, ...]
    draws: Draws
    outcomes: tuple[Outcome, ...]
    currency: str = ""
    missing: tuple[str, ...] = field(default=())


def ahead(
    member: Member,
    moment: Moment,
    scenarios: Sequence[Levers],
    wanted: Wanted,
    *,
    past: Past | None = None,
) -> Ahead:
    """Walk the weeks to come under several scenarios, all on the same draws of past weeks.

    They differ by what is changed and not by luck. Drawn are at most the 52 weeks that end with the day;
    ``past`` are weeks until it that were asked for already, at least so many.
    """
    past = past or impact_weeks.past(
        member, on=moment.on, n_weeks=LOOK_BACK, measure=wanted.measure, known=moment.known
    )
    lived = _lived(past.weeks[-LOOK_BACK:])
    ends = tuple(moment.on + timedelta(days=7 * n) for n in range(1, wanted.n_weeks + 1))
    opening = float(past.weeks[-1].closing)
    draws = weeks.drawn(
        _drawable(lived),
        days=np.array(_days(member, ends), dtype=np.float64),
        n_paths=N_PATHS,
        rng=np.random.default_rng([member.workspace_id, moment.on.toordinal()]),
        unit=_unit(lived),
    )
    queues = _queues(member, moment, scenarios, wanted=wanted, past=past)
    late = _late(queues.get(EDD)) if moment.is_now else None
    return Ahead(
        opening=opening,
        overdue=late,
        window=_over(lived),
        ends=ends,
        draws=draws,
        outcomes=tuple(
            whatif.outcome(
                opening,
                draws,
                scenario=one.scenario(overdue=late or 0.0),
                queue=queues.get(one.policy),
                threshold=wanted.threshold,
                costs=one.costs,
            )
            for one in scenarios
        ),
        currency=past.currency,
        missing=past.missing,
    )


def _queues(
    member: Member,
    moment: Moment,
    scenarios: Sequence[Levers],
    *,
    wanted: Wanted,
    past: Past,
) -> Mapping[str, Queue]:
    """What waits now, in each order of work that is asked for; of a past day nobody kept it."""
    if not moment.is_now:
        return {}
    last = moment.on + timedelta(days=7 * wanted.n_weeks)
    return {
        policy: impact_queue.of(
            member, policy=policy, measure=wanted.measure, on=moment.on, last=last
        )
        for policy in {EDD, *(one.policy for one in scenarios)}
    }


def _late(queue: Queue | None) -> float | None:
    return None if queue is None else float(queue.amounts[queue.due < 0].sum())


def _days(member: Member, ends: Sequence[date]) -> list[int]:
    worked = impact_weeks.working_time(member)
    if worked is None:
        return [0] * len(ends)
    return [worked.working_days(end - timedelta(days=6), end) for end in ends]


def _lived(found: Sequence[Week]) -> list[Week]:
    """Weeks since the first in which there was anything at all."""
    for number, week in enumerate(found):
        if week.opening or week.accepted or week.changed:
            return list(found[number:])
    return []


def _unit(lived: Sequence[Week]) -> float:
    """The size of a step in this measure: what usually came in, in a week in which anything did."""
    came = [float(week.accepted) for week in lived if week.accepted > 0]
    return max(min(came, default=1.0), 1e-9)


def _drawable(past: Sequence[Week]) -> History:
    """Cancelled orders and other changes are taken as demand that did not come, or came besides."""

    def series(amounts: Sequence[Decimal | int]) -> weeks.Floats:
        return np.array([max(float(one), 0.0) for one in amounts], dtype=np.float64)

    return History(
        demand=series([week.accepted + week.changed - week.cancelled for week in past]),
        done=series([week.done for week in past]),
        is_busy=np.array([week.is_busy for week in past], dtype=np.bool_),
        days=series([week.days for week in past]),
    )


def _over(found: Sequence[Week]) -> Window | None:
    if not found:
        return None
    return Window(found[0].window.first, found[-1].window.last, found[0].window.zone)
