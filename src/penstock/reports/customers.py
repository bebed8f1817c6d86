"""New against existing business: who buys for the first time, who again, who no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from penstock.analytics import conversion
from penstock.analytics import customers as buying
from penstock.analytics.conversion import Share
from penstock.analytics.customers import Concentration, Drought, Purchases, Standing
from penstock.analytics.eventlog import UNKNOWN, Bools, exact_sum
from penstock.base.calendar import Window
from penstock.contacts.models import Company
from penstock.reports import log, periods, won
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.pipeline import ALL
from penstock.reports.won import Won
from penstock.users.models import Member

#: What a won deal is to its customer, as an address says it.
KINDS = {"new": buying.NEW, "existing": buying.EXISTING, "unknown": buying.NOBODY}
#: Where a customer stands.
STANDINGS = {
    "new": buying.FIRST,
    "returned": buying.RETURNED,
    "regular": buying.REGULAR,
    "dormant": buying.DORMANT,
    "lost": buying.GONE,
}
N_LARGEST = 10


@dataclass(frozen=True, slots=True)
class Business:
    """Won deals of a period in the workspace's currency, split by what they are to their customer.

    ``recent`` is the part of those whose customer was won within the 365 days before; None where the
    record is not older than that, for then it would be all of it.
    """

    name: str
    window: Window
    n_new: int
    n_existing: int
    n_unknown: int
    n_new_customers: int
    new: Decimal
    existing: Decimal
    unknown: Decimal
    recent: Decimal | None

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.new + self.existing + self.unknown

    @property
    def new_share(self) -> float | None:
        """The share of new business in what has a customer; None without any."""
        return _share(self.new, self.new + self.existing)

    @property
    def new_deals(self) -> Share:
        """How many of the deals that have a customer are new business, with Wilson's interval."""
        return conversion.share(self.n_new, of=self.n_new + self.n_existing)

    @property
    def recent_share(self) -> float | None:
        """The share of customers won within 365 days; None without any, and in a young record."""
        return None if self.recent is None else _share(self.recent, self.new + self.existing)


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer: what it bought in the window, and how it buys."""

    company_id: int
    name: str
    standing: str
    n_purchase_days: int
    first_on: date
    last_on: date
    rest_days: int
    amount: Decimal
    share: float | None


@dataclass(frozen=True, slots=True)
class Customers:
    """New against existing business of a window; money is in the workspace's currency.

    A customer is the company of a won deal. What is new is asked of all won deals that may be seen; the
    slice says which of them are added up. ``standings`` counts customers of the slice.
    """

    window: Window
    known: date | None
    currency: str
    record_from: date | None
    whole: Business
    periods: tuple[Business, ...]
    standings: dict[str, int]
    concentration: Concentration
    largest: tuple[Buyer, ...]
    drought: Drought
    n_without_amount: int
    n_without_rate: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that the figures are made of: won deals, the purchases of all and those of the slice."""

    won: Won
    all: Purchases
    asked: Purchases
    inside: Purchases
    begins: int | None


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> Customers:
    """New against existing business in a window, month by month, as known at the end of a day."""
    found = _found(member, window, known=known, only=only)
    first, last = log.day_number(window.first), log.day_number(window.last)
    standing = _standing(found, first=first, last=last)
    rows = found.won.where(np.isin(np.arange(len(found.won)), found.inside.place))
    return Customers(
        window=window,
        known=known,
        currency=member.workspace.currency,
        record_from=None if found.begins is None else won.day_of(found.begins),
        whole=_business("", window, found),
        periods=tuple(
            _business(span.name, span.window, found) for span in periods.split(window, per="month")
        ),
        standings={name: int((standing.code == code).sum()) for name, code in STANDINGS.items()},
        concentration=buying.concentration(found.inside),
        largest=_largest(member, found, standing),
        drought=buying.drought(
            found.asked, begins=last + 1 if found.begins is None else found.begins, last=last
        ),
        n_without_amount=rows.n_without_amount,
        n_without_rate=rows.n_without_rate,
    )


def deals(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    kind: str = "",
    company: int | None = None,
) -> list[int]:
    """The won deals behind a figure, the last won first; all of the window without a kind."""
    inside = _found(member, window, known=known, only=only)
    bought = inside.inside
    if kind in KINDS:
        bought = bought.where(bought.kind == KINDS[kind])
    if company is not None:
        bought = bought.where(bought.customer == company)
    cases, at = inside.won.case[bought.place], inside.won.at[bought.place]
    return [int(case) for case in cases[np.lexsort((cases, at))][::-1]]


def buyers(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    standing: str = "",
) -> list[Buyer]:
    """The customers of a standing (all without one), those that bought last first."""
    found = _found(member, window, known=known, only=only)
    first, last = log.day_number(window.first), log.day_number(window.last)
    stands = _standing(found, first=first, last=last)
    if standing in STANDINGS:
        stands = stands.where(stands.code == STANDINGS[standing])
    sold = dict(buying.largest(found.inside))
    by = np.lexsort((stands.customer, -stands.last_day))
    return _buyers(member, stands.where(by), sold)


def _found(member: Member, window: Window, *, known: date | None, only: DealFilter) -> _Found:
    source = Source(member, at=window.stop, known=log.known_at(member, known))
    rows = won.load(source, only=only)
    bought = buying.purchases(
        rows.company, rows.day, np.where(rows.amount == UNKNOWN, 0, rows.amount)
    )
    asked = bought.where(rows.is_asked[bought.place])
    return _Found(
        won=rows,
        all=bought,
        asked=asked,
        inside=asked.where(_within(asked, window)),
        begins=int(bought.day.min()) if len(bought) else None,
    )


def _within(bought: Purchases, window: Window) -> Bools:
    first, last = log.day_number(window.first), log.day_number(window.last)
    return np.asarray((bought.day >= first) & (bought.day <= last))


def _standing(found: _Found, *, first: int, last: int) -> Standing:
    """Where the customers of the slice stand, by all that they bought."""
    standing = buying.standing(found.all, first=first, last=last)
    return standing.where(np.isin(standing.customer, found.asked.customer))


def _business(name: str, window: Window, found: _Found) -> Business:
    bought = found.asked.where(_within(found.asked, window))
    kind = bought.kind
    sums = {code: _sum(bought.where(kind == code)) for code in KINDS.values()}
    # A customer of a record that is younger than a year is a recent one whatever it is.
    is_young = found.begins is None or log.day_number(window.first) - found.begins < buying.YEAR
    return Business(
        name=name,
        window=window,
        n_new=int((kind == buying.NEW).sum()),
        n_existing=int((kind == buying.EXISTING).sum()),
        n_unknown=int((kind == buying.NOBODY).sum()),
        n_new_customers=len(np.unique(bought.customer[kind == buying.NEW])),
        new=sums[buying.NEW],
        existing=sums[buying.EXISTING],
        unknown=sums[buying.NOBODY],
        recent=None if is_young else _sum(bought.where(bought.is_of_recent_customer)),
    )


def _largest(member: Member, found: _Found, standing: Standing) -> tuple[Buyer, ...]:
    sold = dict(buying.largest(found.inside)[:N_LARGEST])
    stands = standing.where(np.isin(standing.customer, np.array(list(sold), dtype=np.int64)))
    made = _buyers(member, stands, sold, whole=_sum_known(found.inside))
    return tuple(sorted(made, key=lambda one: (-one.amount, one.name)))


def _buyers(
    member: Member,
    standing: Standing,
    sold: Mapping[int, int],
    *,
    whole: Decimal | None = None,
) -> list[Buyer]:
    numbers = [int(number) for number in standing.customer]
    rows = Company.objects.filter(workspace_id=member.workspace_id, pk__in=numbers)
    names = dict(rows.values_list("pk", "name"))
    codes = {code: name for name, code in STANDINGS.items()}
    return [
        Buyer(
            company_id=number,
            name=names.get(number, ""),
            standing=codes[int(standing.code[place])],
            n_purchase_days=int(standing.n_days[place]),
            first_on=won.day_of(standing.first_day[place]),
            last_on=won.day_of(standing.last_day[place]),
            rest_days=int(standing.rest_days[place]),
            amount=won.money(sold.get(number, 0)),
            share=_share(won.money(sold.get(number, 0)), whole) if whole else None,
        )
        for place, number in enumerate(numbers)
    ]


def _sum(bought: Purchases) -> Decimal:
    return won.money(exact_sum(bought.amount))


def _sum_known(bought: Purchases) -> Decimal:
    return _sum(bought.where((bought.customer != UNKNOWN) & (bought.amount > 0)))


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole else None
