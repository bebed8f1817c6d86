"""Why the backlog changed over some weeks, against what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

from penstock.analytics import backlog_change
from penstock.analytics.backlog_change import CAPACITY, CHANGED, FACTORS, Course
from penstock.backlog.models import Baseline
from penstock.base.calendar import Window
from penstock.reports import impact_causes, impact_weeks
from penstock.reports.impact_weeks import ORDERS, Past, Week
from penstock.users.models import Member

#: How many weeks can be asked for; a year is 52 of them.
SPANS = (4, 8, 13, 26)
YEAR_WEEKS = 52
#: Over so many weeks before the middle is taken.
MEDIAN_WEEKS = 26
BEFORE, YEAR, MEDIAN = "before", "year", "median"
BASELINES = (BEFORE, YEAR, MEDIAN)
#: What is asked: why it grew over the weeks, or why it is not what it was at the end of the baseline.
GROWTH, LEVEL = "growth", "level"
#: What the flows of the baseline do by themselves; what other working days than the baseline's do.
PACE, DAYS = "pace", "days"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which weeks, in which measure, against what; ``kept`` is a stored baseline and goes first."""

    on: date
    n_weeks: int
    measure: str = ORDERS
    against: str = BEFORE
    kept: Baseline | None = None
    question: str = GROWTH
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """Why the backlog changed.

    Attributes:
        asked: What was asked.
        window: The weeks asked for.
        baseline: The weeks that they are compared with; None for a plan.
        before: What the change is counted from.
        closing: Owed at the end of the window.
        shares: What each factor brought, and the pace of the baseline; they sum to the change exactly.
        inside: What is inside the share of capacity, summing to it; empty where no hours are recorded.
        lost: Hours that each recorded cause took, week by week.
        weeks: The weeks of the window.
        n_without_rest: Weeks of both in which work ran out, so that their capacity is estimated.
        currency: Of values.
        missing: Currencies without a rate, in no figure.
    """

    asked: Asked
    window: Window
    baseline: Window | None
    before: Decimal
    closing: Decimal
    shares: Mapping[str, Fraction]
    inside: Mapping[str, Fraction]
    lost: Mapping[str, Sequence[Decimal]]
    weeks: tuple[Week, ...]
    n_without_rest: int
    currency: str
    missing: tuple[str, ...]

    @property
    def change(self) -> Decimal:
        """By how much it grew."""
        return self.closing - self.before


@dataclass(frozen=True, slots=True)
class _Compared:
    """A baseline: its course laid over the window, and the weeks behind it, if there are any."""

    course: Course
    weeks: tuple[Week, ...]
    window: Window | None
    closing: Decimal


def n_weeks(asked: Asked) -> int:
    """So many weeks must be known: those asked for, and those they are compared with."""
    return asked.n_weeks + _back(asked)


def of(member: Member, asked: Asked, *, past: Past | None = None) -> Impact:
    """Share the change of the backlog out to demand, capacity, cancellations and other changes.

    Over the weeks (growth) both begin with the same backlog, and what the baseline does by itself is its
    pace. Against the end of the baseline (level) the opening is a factor too.

    ``past`` are weeks until that day that were asked for already, at least :func:`n_weeks`.
    """
    found = past or impact_weeks.past(
        member, on=asked.on, n_weeks=n_weeks(asked), measure=asked.measure, known=asked.known
    )
    now = found.weeks[-asked.n_weeks :]
    was = _compared(asked, found.weeks[-n_weeks(asked) :], now)
    both = _capacities([*was.weeks, *now])
    actual = _course(now, both[len(was.weeks) :])
    is_level = asked.question == LEVEL and asked.kept is None and asked.against != MEDIAN
    baseline = was.course if is_level else replace(was.course, opening=actual.opening)
    before = was.closing if is_level else now[0].opening
    causes = impact_causes.of(member, now, was.weeks or None, known=asked.known)
    taken = backlog_change.attribute_in_pieces(
        actual, baseline=baseline, pieces=causes.pieces if causes else ()
    )
    inside = {name: share for name, share in taken.shares.items() if name not in FACTORS}
    shares = {name: taken.shares.get(name, Fraction(0)) for name in FACTORS}
    shares[CAPACITY] = sum(inside.values(), Fraction(0))
    # Lines of impossible history: the walk never falls below nothing, and their sums may.
    shares[CHANGED] += Fraction(now[-1].closing) - Fraction(taken.after)
    rest = Fraction(backlog_change.closing(baseline)) - Fraction(before)
    return Impact(
        asked=asked,
        window=_over(now),
        baseline=was.window,
        before=before,
        closing=now[-1].closing,
        shares=shares | {DAYS if is_level else PACE: rest},
        inside=inside if causes else {},
        lost=causes.lost if causes else {},
        weeks=now,
        n_without_rest=sum(not week.is_busy for week in (*was.weeks, *now)),
        currency=found.currency,
        missing=found.missing,
    )


def course_now(member: Member, asked: Asked) -> list[dict[str, str]]:
    """The weeks asked for as a baseline keeps them: capacity as it was taken to be."""
    found = impact_weeks.past(
        member, on=asked.on, n_weeks=asked.n_weeks, measure=asked.measure, known=asked.known
    )
    return [
        {
            "days": str(week.days),
            "demand": str(week.accepted),
            "capacity": str(capacity.quantize(Decimal("0.0001"))),
            "cancelled": str(week.cancelled),
            "changed": str(week.changed),
        }
        for week, capacity in zip(found.weeks, _capacities(found.weeks), strict=True)
    ]


def window_of(member: Member, asked: Asked) -> Window:
    """The days of the weeks asked for."""
    first = asked.on - timedelta(days=7 * asked.n_weeks - 1)
    return Window(first, asked.on, member.workspace.zone)


def _back(asked: Asked) -> int:
    if asked.kept is not None:
        return 0
    return {BEFORE: asked.n_weeks, YEAR: YEAR_WEEKS, MEDIAN: MEDIAN_WEEKS}[asked.against]


def _compared(asked: Asked, weeks: tuple[Week, ...], now: Sequence[Week]) -> _Compared:
    onto = [week.days for week in now]
    if asked.kept is not None:
        return _kept(asked.kept, onto)
    if asked.against == MEDIAN:
        return _middle(weeks[:MEDIAN_WEEKS], onto)
    was = weeks[: asked.n_weeks]
    course = _aligned(_course(was, _capacities(was)), [week.days for week in was], onto)
    return _Compared(course, was, _over(was), was[-1].closing)


def _kept(row: Baseline, onto: Sequence[int]) -> _Compared:
    told = {name: [Decimal(week[name]) for week in row.weeks] for name in row.weeks[0]}
    course = Course(
        Decimal(0),
        demand=told["demand"],
        capacity=told["capacity"],
        cancelled=told["cancelled"],
        changed=told["changed"],
    )
    days = [int(n) for n in told["days"]]
    return _Compared(_aligned(course, days, onto), (), row.window, Decimal(0))


def _middle(was: tuple[Week, ...], onto: Sequence[int]) -> _Compared:
    """Each series at the middle of its weeks, per working day."""
    worked = [week for week in was if week.days]
    capacities = [amount for week, amount in zip(was, _capacities(was), strict=True) if week.days]

    def laid(amounts: Sequence[Decimal]) -> list[Decimal]:
        rates = [amount / week.days for amount, week in zip(amounts, worked, strict=True)]
        middle = median(rates) if rates else Decimal(0)
        return [middle * days for days in onto]

    course = Course(
        Decimal(0),
        demand=laid([week.accepted for week in worked]),
        capacity=laid(capacities),
        cancelled=laid([week.cancelled for week in worked]),
        changed=laid([week.changed for week in worked]),
    )
    return _Compared(course, was, _over(was), Decimal(0))


def _capacities(found: Sequence[Week]) -> list[Decimal]:
    """What could have been done: in weeks in which work ran out, as much a working day as in the others."""
    busy = [week for week in found if week.is_busy]
    n_days = sum(week.days for week in busy)
    rate = sum((week.done for week in busy), Decimal(0)) / n_days if n_days else Decimal(0)
    return [week.done if week.is_busy else max(week.done, rate * week.days) for week in found]


def _course(found: Sequence[Week], capacities: Sequence[Decimal]) -> Course:
    return Course(
        max(found[0].opening, Decimal(0)),
        demand=[week.accepted for week in found],
        capacity=capacities,
        cancelled=[week.cancelled for week in found],
        changed=[week.changed for week in found],
    )


def _aligned(course: Course, days: Sequence[int], onto: Sequence[int]) -> Course:
    def laid(series: Sequence[Decimal]) -> list[Decimal]:
        return backlog_change.aligned(series, days=days, onto=onto)

    return Course(
        course.opening,
        demand=laid(course.demand),
        capacity=laid(course.capacity),
        cancelled=laid(course.cancelled),
        changed=laid(course.changed),
    )


def _over(found: Sequence[Week]) -> Window:
    return Window(found[0].window.first, found[-1].window.last, found[0].window.zone)
