"""Won deals as arrays: when, to whom, and for how much in the workspace's currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from penstock.analytics import bridge
from penstock.analytics.eventlog import UNKNOWN, Bools, Facts, Ints, exact_sum, looked_up, member_of
from penstock.base.calendar import end_of
from penstock.base.money import exact
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import log
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.pipeline import ALL

PLACES = 4


@dataclass(frozen=True, slots=True)
class Won:
    """Deals that are won at the moment of the source, in rising order of their items.

    ``amount`` is in ten-thousandths of the workspace's currency at the rate of the day of the win, UNKNOWN
    for none; ``has_no_rate`` where there is an amount and no rate turns it. ``is_asked`` says which deals
    belong to the slice.
    """

    case: Ints
    at: Ints
    day: Ints
    company: Ints
    amount: Ints
    has_no_rate: Bools
    is_asked: Bools

    def __len__(self) -> int:
        return len(self.case)

    def where(self, kept: Bools) -> Won:
        """Only some of them."""
        return Won(*(getattr(self, name)[kept] for name in self.__slots__))

    @property
    def total(self) -> Decimal:
        """The sum of the amounts that are known."""
        return money(exact_sum(self.amount[self.amount != UNKNOWN]))

    @property
    def n_without_amount(self) -> int:
        """How many have no amount."""
        return int(((self.amount == UNKNOWN) & ~self.has_no_rate).sum())

    @property
    def n_without_rate(self) -> int:
        """How many have an amount that no rate turns into the workspace's currency."""
        return int(self.has_no_rate.sum())


def load(source: Source, *, only: DealFilter = ALL) -> Won:
    """All won deals that may be seen, with those of a slice marked; amounts are those in force at the moment."""
    ends = log.outcomes(source).last()
    ends = _only(ends, ends.value == bridge.WON)
    ends = ends.of(log.belonging(source, ALL))
    day = days_of(ends.at, source)
    native = looked_up(ends.case, log.field(source, "amount").last())
    currency = looked_up(ends.case, log.field(source, "currency").last())
    amount = in_own(source, native, currency, day)
    asked = np.ones(len(ends), dtype=bool)
    if only != ALL:
        asked = member_of(ends.case, log.belonging(source, only))
    return Won(
        case=ends.case,
        at=ends.at,
        day=day,
        company=looked_up(ends.case, log.field(source, "company").last()),
        amount=amount,
        has_no_rate=(native != UNKNOWN) & (amount == UNKNOWN),
        is_asked=asked,
    )


def days_of(at: Ints, source: Source) -> Ints:
    """The days of some moments in the workspace's zone, as numbers."""
    if not len(at):
        return at
    first = log.instant(int(at.min())).date() - timedelta(days=1)
    n = (log.instant(int(at.max())).date() - first).days + 1
    zone = source.member.workspace.zone
    starts = [log.moment(end_of(first + timedelta(days=back), zone=zone)) for back in range(n)]
    return log.day_number(first) + np.searchsorted(np.array(starts), at, side="right")


def day_of(number: int) -> date:
    """The day that a number stands for."""
    return log.DAY_ZERO + timedelta(days=int(number))


def money(amount: int) -> Decimal:
    """Ten-thousandths as money."""
    return Decimal(amount).scaleb(-PLACES)


def in_own(source: Source, native: Ints, currency: Ints, day: Ints) -> Ints:
    """Amounts in the workspace's currency, each at the rate of its day; UNKNOWN without a rate."""
    own = source.member.workspace.currency
    turned = native.copy()
    is_foreign = (native != UNKNOWN) & (currency != UNKNOWN)
    places = np.flatnonzero(is_foreign)
    if not len(places):
        return turned
    parts = [
        Part(
            log.currency_code(int(currency[place]), own=own),
            money(int(native[place])),
            1,
            day_of(day[place]),
        )
        for place in places
    ]
    turned[places] = _turned(source, parts)
    return turned


def _turned(source: Source, parts: Sequence[Part]) -> list[int]:
    exchange = Exchange(source.member.workspace, day=source.at.date(), known=source.known)
    exchange.learn(parts)
    rates = [exchange.rate_of(part) for part in parts]
    return [
        UNKNOWN if rate is None else int(exact(part.amount * rate).scaleb(PLACES))
        for part, rate in zip(parts, rates, strict=True)
    ]


def _only(told: Facts, kept: Bools) -> Facts:
    return Facts(told.case[kept], told.at[kept], told.value[kept])
