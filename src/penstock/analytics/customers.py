"""Who buys for the first time, who again, who no longer, and how much hangs on few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penstock.analytics import counts
from penstock.analytics.counts import Change
from penstock.analytics.eventlog import UNKNOWN, Bools, Ints, exact_sum

#: What a purchase is to its customer; NOBODY where no company is named.
NOBODY, NEW, EXISTING = 0, 1, 2
#: Where a customer stands on a day.
FIRST, RETURNED, REGULAR, DORMANT, GONE = 0, 1, 2, 3, 4

YEAR = 365
#: From so many days of purchase on a customer has a rhythm of its own.
MIN_PURCHASES = 3
SHORTEST_REST = 90
#: The warning compares these days with the year before them.
RECENT = 90
SHORTEST_BASE = 90


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases in order of customer and day.

    Args:
        customer: A number per customer, UNKNOWN where nobody is named.
        day: Day as a number.
        amount: Ten-thousandths of one currency; 0 for an unknown one.
        first_day: The day of the first purchase of each one's customer; UNKNOWN where nobody is named.
        place: Which row of the source each is.
    """

    customer: Ints
    day: Ints
    amount: Ints
    first_day: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def kind(self) -> Ints:
        """NOBODY, NEW on the first day on which the customer bought, EXISTING after it."""
        later = np.where(self.day == self.first_day, NEW, EXISTING)
        return np.where(self.customer == UNKNOWN, NOBODY, later)

    @property
    def is_of_recent_customer(self) -> Bools:
        """Whether the customer bought for the first time within the last 365 days, this one included."""
        is_known = self.customer != UNKNOWN
        return np.asarray(is_known & (self.day - np.where(is_known, self.first_day, 0) < YEAR))

    def where(self, kept: Bools) -> Purchases:
        """Only some of them."""
        return Purchases(*(getattr(self, name)[kept] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Standing:
    """Customers in rising order and where each stands; days are numbers.

    ``rest_days`` is after how many days without a purchase a customer is dormant: twice its own mean
    distance between days of purchase (at least 90) from three such days on, else 365. After twice that
    it is gone.
    """

    customer: Ints
    first_day: Ints
    last_day: Ints
    n_days: Ints
    rest_days: Ints
    code: Ints

    def where(self, kept: Bools | Ints) -> Standing:
        """Only some of them, or all in another order."""
        return Standing(*(getattr(self, name)[kept] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of a sum hangs on few customers; shares in [0, 1], None without a positive sum.

    ``herfindahl`` is the sum of the squared shares, ``effective`` its reciprocal: as many equal
    customers would be as concentrated.
    """

    n: int
    top_1: float | None
    top_5: float | None
    top_10: float | None
    herfindahl: float | None
    effective: float | None


@dataclass(frozen=True, slots=True)
class Drought:
    """Whether new customers become fewer; ``change`` is None where the record is too short to say.

    ``n_a_year_ago`` are the new customers of the same days a year before, None where the base does not
    reach back so far. ``needs_days`` is how long the record must be for a verdict.
    """

    change: Change | None
    n_a_year_ago: int | None
    record_days: int
    needs_days: int

    @property
    def is_drying_up(self) -> bool:
        """Fewer than before beyond chance, and not only because the season is a weak one."""
        if self.change is None or not self.change.has_fallen:
            return False
        return self.n_a_year_ago is None or self.change.n < self.n_a_year_ago


def purchases(customer: Ints, day: Ints, amount: Ints) -> Purchases:
    """Purchases from rows in any order.

    >>> purchases(np.array([7, 7]), np.array([9, 3]), np.array([1, 2])).kind.tolist()
    [1, 2]
    """
    by = np.lexsort((day, customer))
    customer, day = customer[by], day[by]
    first = day[np.maximum.accumulate(np.where(_starts(customer), np.arange(len(by)), 0))]
    return Purchases(customer, day, amount[by], np.where(customer == UNKNOWN, UNKNOWN, first), by)


def standing(bought: Purchases, *, first: int, last: int) -> Standing:
    """Where every customer stands at the end of the day ``last``, with a window from ``first`` on.

    Dormant and gone come first; of the others, those whose first purchase lies in the window are new,
    those who bought in it after a rest are returned, the rest are regular.

    Args:
        bought: Purchases; those after ``last`` and those of nobody are left out.
        first: First day of the window.
        last: Its last day.

    Example:
        >>> found = standing(
        ...     purchases(np.array([1, 2]), np.array([0, 390]), np.array([0, 0])), first=300, last=400
        ... )
        >>> found.code.tolist() == [DORMANT, FIRST]
        True
    """
    kept = bought.where((bought.day <= last) & (bought.customer != UNKNOWN))
    is_new_day = _starts(kept.customer) | np.append(True, np.diff(kept.day) != 0)[: len(kept)]
    days = kept.where(is_new_day)
    starts = np.flatnonzero(_starts(days.customer))
    ends = np.append(starts[1:], len(days)) - 1 if len(days) else starts
    number = np.arange(len(days)) - np.repeat(starts, ends - starts + 1)
    rest = _rest(days.day - days.first_day, number)
    # Whether a purchase came after a rest is judged by what was known of the customer before it.
    came_back = np.zeros(len(days), dtype=bool)
    came_back[1:] = (np.diff(days.day) > rest[:-1]) & (number[1:] > 0)
    came_back &= days.day >= first
    has_returned = np.bitwise_or.reduceat(came_back, starts) if len(starts) else came_back
    first_day, last_day, rest_days = days.day[starts], days.day[ends], rest[ends]
    quiet = last - last_day
    code = np.select(
        [quiet > 2 * rest_days, quiet > rest_days, first_day >= first, has_returned],
        [GONE, DORMANT, FIRST, RETURNED],
        REGULAR,
    )
    return Standing(days.customer[starts], first_day, last_day, number[ends] + 1, rest_days, code)


def standing_of(days: Sequence[int], *, first: int, last: int) -> int:
    """Where one customer stands at the end of the day ``last``; see :func:`standing`.

    Args:
        days: The days on which it bought, at least one of them not after ``last``.
        first: First day of the window.
        last: Its last day.

    >>> standing_of([0, 390], first=380, last=400) == RETURNED
    True
    """
    one = purchases(np.zeros(len(days), np.int64), np.asarray(days), np.zeros(len(days), np.int64))
    return int(standing(one, first=first, last=last).code[0])


def concentration(bought: Purchases) -> Concentration:
    """How unevenly purchases are spread over customers; those of nobody are left out.

    Source:
        A. O. Hirschman, "The Paternity of an Index", American Economic Review 54 (1964), p. 761.

    >>> found = concentration(purchases(np.array([1, 2]), np.array([0, 0]), np.array([75, 25])))
    >>> found.top_1, found.herfindahl, found.effective
    (0.75, 0.625, 1.6)
    """
    sold = largest(bought)
    if not sold:
        return Concentration(0, None, None, None, None, None)
    whole = sum(amount for _customer, amount in sold)
    shares = [amount / whole for _customer, amount in sold]
    index = sum(share**2 for share in shares)
    top_1, top_5, top_10 = (
        sum(amount for _customer, amount in sold[:n]) / whole for n in (1, 5, 10)
    )
    return Concentration(len(sold), top_1, top_5, top_10, index, 1 / index)


def largest(bought: Purchases) -> list[tuple[int, int]]:
    """Every customer to whom something was sold, with the exact amount, the most first."""
    kept = bought.where((bought.customer != UNKNOWN) & (bought.amount > 0))
    starts = np.flatnonzero(_starts(kept.customer))
    parts = np.split(kept.amount, starts[1:]) if len(starts) else []
    sold = zip(kept.customer[starts].tolist(), map(exact_sum, parts), strict=True)
    return sorted(sold, key=lambda one: (-one[1], one[0]))


def drought(bought: Purchases, *, begins: int, last: int) -> Drought:
    """Whether fewer new customers come than used to, as of a day.

    The new customers of the last 90 days are compared with those of up to 365 days before. In the first
    year of a record every customer looks new, so the base begins 365 days after the record does, and
    must be 90 days long.

    Args:
        bought: Purchases; those after ``last`` are left out.
        begins: First day of the record.
        last: The day.

    Example:
        >>> some = purchases(np.array([1]), np.array([0]), np.array([0]))
        >>> drought(some, begins=0, last=100).needs_days
        545
    """
    needs = YEAR + SHORTEST_BASE + RECENT
    record = last - begins + 1
    if record < needs:
        return Drought(None, None, max(record, 0), needs)
    new = bought.where((bought.kind == NEW) & (bought.day <= last))
    firsts = new.day[_starts(new.customer)]
    since = last - RECENT + 1
    base = max(since - YEAR, begins + YEAR)

    def n_from(start: int, stop: int) -> int:
        return int(((firsts >= start) & (firsts < stop)).sum())

    found = counts.change(
        n_from(since, last + 1),
        days=RECENT,
        n_before=n_from(base, since),
        days_before=since - base,
    )
    has_season = base <= since - YEAR
    season = n_from(since - YEAR, last + 1 - YEAR) if has_season else None
    return Drought(found, season, record, needs)


def _rest(span: Ints, number: Ints) -> Ints:
    """After how many days a customer is dormant, known after each of its days of purchase."""
    rhythm = 2 * span // np.maximum(number, 1)
    return np.where(number + 1 >= MIN_PURCHASES, np.maximum(rhythm, SHORTEST_REST), YEAR)


def _starts(customer: Ints) -> Bools:
    """Whether each is the first of its customer."""
    return np.append(True, customer[1:] != customer[:-1])[: len(customer)]
