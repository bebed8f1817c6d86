"""Why the backlog is not what it was: more came in, less could be done, or less was called off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from penstock.analytics import shapley

ZERO = Decimal(0)
#: What a backlog is made of, in the order in which it is told.
OPENING, DEMAND, CAPACITY, CANCELLED, CHANGED = (
    "opening",
    "demand",
    "capacity",
    "cancelled",
    "changed",
)
FACTORS = (OPENING, DEMAND, CAPACITY, CANCELLED, CHANGED)
UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Course:
    """What moved a backlog, week by week, in one measure: orders, value or hours.

    Attributes:
        opening: The backlog before the first week, 0 or more.
        demand: Accepted in each week.
        capacity: What could have been fulfilled in each week, more than was fulfilled where work ran out.
        cancelled: Called off in each week.
        changed: Other changes, signed: amended, reopened, returned; left out it is nothing.
    """

    opening: Decimal
    demand: Sequence[Decimal]
    capacity: Sequence[Decimal]
    cancelled: Sequence[Decimal] = ()
    changed: Sequence[Decimal] = ()

    @property
    def n_weeks(self) -> int:
        """How many weeks it has."""
        return len(self.demand)


@dataclass(frozen=True, slots=True)
class Attributed:
    """The difference of two closings, taken apart exactly.

    Attributes:
        before: Closing of the baseline.
        after: Closing of what came about.
        shares: What each factor brought; they sum to ``change``.
    """

    before: Decimal
    after: Decimal
    shares: Mapping[str, Fraction]

    @property
    def change(self) -> Decimal:
        """By how much the backlog is larger than under the baseline."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Loss:
    """Capacity that a recorded disruption took in each week, by its cause; 0 or more."""

    cause: str
    taken: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Piece:
    """A known part of capacity, signed, in each week: what it came to, and what it was in the baseline."""

    name: str
    actual: Sequence[Decimal]
    baseline: Sequence[Decimal]


def course_of(course: Course) -> list[Decimal]:
    """The backlog at the end of each week: it falls by what can be done, but not below nothing.

    Raises:
        ValueError: The series differ in length, or the opening is below nothing.

    >>> ten = [Decimal(110)] * 10
    >>> course_of(Course(Decimal(0), demand=ten, capacity=[Decimal(100)] * 10))[-1]
    Decimal('100')
    >>> course_of(Course(Decimal(7), demand=[], capacity=[]))
    []
    """
    if course.opening < 0:
        raise ValueError("a backlog is never below nothing")
    left, ends = course.opening, []
    for demand, capacity, cancelled, changed in _weeks(course):
        left = max(ZERO, left + demand + changed - cancelled - capacity)
        ends.append(left)
    return ends


def closing(course: Course) -> Decimal:
    """The backlog at the end of the last week; the opening when there is none."""
    return [course.opening, *course_of(course)][-1]


def attribute(actual: Course, *, baseline: Course) -> Attributed:
    """Share the change of a backlog out to opening, demand, capacity, cancellations and other changes.

    The backlog stops at nothing, so effects depend on each other and on the order in which they are
    taken away: each factor has the mean over all orders (Shapley).

    Args:
        actual: What came about.
        baseline: What it is compared with, over as many weeks.

    >>> weeks = lambda number: [Decimal(number)] * 10
    >>> was = Course(Decimal(0), demand=weeks(90), capacity=weeks(100))
    >>> now = Course(Decimal(0), demand=weeks(105), capacity=weeks(95))
    >>> found = attribute(now, baseline=was)
    >>> found.change, str(found.shares["demand"]), str(found.shares["capacity"])
    (Decimal('100'), '75', '25')
    """
    value = _between(actual, baseline)
    return Attributed(
        before=closing(baseline), after=closing(actual), shares=shapley.exact(value, FACTORS)
    )


def by_sequence(
    actual: Course, *, baseline: Course, order: Sequence[str] = FACTORS
) -> dict[str, Fraction]:
    """The same change, factors replaced one after the other: for an auditor, with the reverse beside it."""
    return shapley.sequential(_between(actual, baseline), order)


def attribute_with_causes(
    actual: Course, *, baseline: Course, losses: Sequence[Loss]
) -> Attributed:
    """The same, with capacity split into what recorded disruptions took and what nobody recorded.

    Disruptions are never scaled to fit: what the capacity differs from the baseline by, beyond what was
    recorded, is ``unexplained``, with its sign. The factors inside capacity sum to its share (Owen), so
    recording more moves nothing between demand and capacity.

    Args:
        actual: What came about, its capacity after all losses.
        baseline: What it is compared with; its capacity is taken to have had no losses.
        losses: Of the actual weeks; those of one cause are one factor.

    >>> flat = [Decimal(100)] * 6
    >>> quiet = Course(Decimal(0), demand=[Decimal(n) for n in (100, 100, 100, 80, 100, 100)], capacity=flat)
    >>> lost = [Loss("press", [Decimal(n) for n in (0, 30, 20, 0, 10, 0)])]
    >>> short = [a - b for a, b in zip(flat, lost[0].taken)]
    >>> found = attribute_with_causes(replace(quiet, capacity=short), baseline=quiet, losses=lost)
    >>> str(found.shares["press"]), str(found.shares["unexplained"])
    ('40', '0')
    """
    taken = _by_cause(losses, n_weeks=actual.n_weeks)
    none = [ZERO] * actual.n_weeks
    return attribute_in_pieces(
        actual,
        baseline=baseline,
        pieces=[
            Piece(cause, actual=[-amount for amount in series], baseline=none)
            for cause, series in taken.items()
        ],
    )


def attribute_in_pieces(actual: Course, *, baseline: Course, pieces: Sequence[Piece]) -> Attributed:
    """The same, with capacity split into pieces that are known on both sides, and what they leave open.

    A piece that was the same in the baseline changes nothing and has nothing: a press that stands still
    as often as ever is no cause. What the pieces do not add up to is ``unexplained``.

    Args:
        actual: What came about.
        baseline: What it is compared with.
        pieces: Of capacity, at most eleven; no name twice.

    >>> flat = [Decimal(10)] * 2
    >>> was = Course(Decimal(0), demand=flat, capacity=flat)
    >>> now = Course(Decimal(0), demand=flat, capacity=[Decimal(7)] * 2)
    >>> same, more = [Decimal(-1)] * 2, [Decimal(-3)] * 2
    >>> found = attribute_in_pieces(now, baseline=was, pieces=[Piece("press", actual=more, baseline=same)])
    >>> str(found.shares["press"]), str(found.shares["unexplained"])
    ('4', '2')
    """
    names = [piece.name for piece in pieces]
    if reserved := (set(FACTORS) | {UNEXPLAINED}) & set(names):
        raise ValueError(f"a cause has the name of a factor: {min(reserved)}")
    if len(set(names)) < len(names):
        raise ValueError("a piece stands twice")
    rest = {
        True: _rest(actual.capacity, [piece.actual for piece in pieces]),
        False: _rest(baseline.capacity, [piece.baseline for piece in pieces]),
    }

    def value(on: frozenset[str]) -> Decimal:
        chosen = [piece.actual if piece.name in on else piece.baseline for piece in pieces]
        # Unlike a backlog, capacity may fall below nothing on the way: only so nothing is lost in between.
        capacity = [
            amount + sum((series[week] for series in chosen), ZERO)
            for week, amount in enumerate(rest[UNEXPLAINED in on])
        ]
        return closing(replace(_mixed(actual, baseline, on), capacity=capacity))

    groups: dict[str, Sequence[str]] = {name: (name,) for name in FACTORS if name != CAPACITY}
    groups[CAPACITY] = (UNEXPLAINED, *names)
    return Attributed(
        before=closing(baseline), after=closing(actual), shares=shapley.owen(value, groups)
    )


def _rest(capacity: Sequence[Decimal], pieces: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    return [
        amount - sum((series[week] for series in pieces), ZERO)
        for week, amount in enumerate(capacity)
    ]


def attribute_product(
    actual: Mapping[str, Fraction], *, baseline: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Why a product of factors changed: capacity as hours × availability × efficiency × orders per hour.

    Args:
        actual: Each factor; hours per order come in as their reciprocal.
        baseline: The same names.

    >>> was = {"hours": Fraction(400), "per_hour": Fraction(1, 4)}
    >>> now = {"hours": Fraction(360), "per_hour": Fraction(1, 4)}
    >>> {name: int(share) for name, share in attribute_product(now, baseline=was).items()}
    {'hours': -10, 'per_hour': 0}
    """

    def value(on: frozenset[str]) -> Fraction:
        product = Fraction(1)
        for name in baseline:
            product *= actual[name] if name in on else baseline[name]
        return product

    return shapley.exact(value, list(baseline))


def aligned(
    series: Sequence[Decimal], *, days: Sequence[int], onto: Sequence[int]
) -> list[Decimal]:
    """A baseline laid over other weeks, at its rate per working day.

    Week by week where both have as many weeks, so that a season keeps its form; otherwise at the mean
    rate. A baseline without any working day is nothing.

    Args:
        series: Its amounts per week.
        days: Its working days per week.
        onto: The working days of the weeks that it is laid over.

    >>> aligned([Decimal(50), Decimal(40)], days=[5, 4], onto=[4, 5])
    [Decimal('40'), Decimal('50')]
    >>> aligned([Decimal(50), Decimal(40)], days=[5, 4], onto=[5, 5, 2])
    [Decimal('50'), Decimal('50'), Decimal('20')]
    """
    if len(series) != len(days):
        raise ValueError("every week needs its number of working days")
    whole = sum(series, ZERO)
    n_days = sum(days)
    if n_days == 0:
        return [ZERO for _week in onto]
    if len(days) == len(onto) and all(days):
        return [amount / n * to for amount, n, to in zip(series, days, onto, strict=True)]
    return [whole * to / n_days for to in onto]


def stretches(taken: Sequence[Decimal]) -> list[tuple[int, int]]:
    """Runs of weeks in which something was lost, first and last, counted from 0.

    >>> stretches([Decimal(n) for n in (0, 3, 1, 0, 2)])
    [(1, 2), (4, 4)]
    """
    edges = [0, *(int(bool(loss)) for loss in taken), 0]
    starts = [week for week, (was, now) in enumerate(pairwise(edges)) if now > was]
    ends = [week - 1 for week, (was, now) in enumerate(pairwise(edges)) if now < was]
    return list(zip(starts, ends, strict=True))


def _between(actual: Course, baseline: Course) -> shapley.Value:
    return lambda on: closing(_mixed(actual, baseline, on))


def _mixed(actual: Course, baseline: Course, on: frozenset[str]) -> Course:
    """The factors in ``on`` as they came about, the others as in the baseline."""
    if actual.n_weeks != baseline.n_weeks:
        raise ValueError("both need as many weeks: align the baseline first")
    taken = {
        field.name: getattr(actual if field.name in on else baseline, field.name)
        for field in fields(Course)
    }
    return Course(**taken)


def _weeks(course: Course) -> Iterator[tuple[Decimal, Decimal, Decimal, Decimal]]:
    n = course.n_weeks
    nothing = [ZERO] * n
    series = (
        course.demand,
        course.capacity,
        course.cancelled or nothing,
        course.changed or nothing,
    )
    if any(len(one) != n for one in series):
        raise ValueError("every series needs as many weeks as the demand")
    return zip(*series, strict=True)


def _by_cause(losses: Sequence[Loss], *, n_weeks: int) -> dict[str, list[Decimal]]:
    taken: dict[str, list[Decimal]] = {}
    for loss in losses:
        if len(loss.taken) != n_weeks or any(amount < 0 for amount in loss.taken):
            raise ValueError("a loss is 0 or more in every week")
        series = taken.setdefault(loss.cause, [ZERO] * n_weeks)
        for week, amount in enumerate(loss.taken):
            series[week] += amount
    return taken
