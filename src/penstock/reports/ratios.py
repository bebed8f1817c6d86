"""The backlog against sales: ratio, days of sales, book-to-bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.analytics import backlog as arithmetic
from penstock.base.calendar import Window
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import backlog, ledger, rows
from penstock.reports.backlog import BacklogOnDay
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import TRAILING_DAYS, Moment, months_before
from penstock.users.models import Member

ALL = OrderFilter()
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure with name, definition and window; ``value`` is None where ``note`` says why.

    ``n`` counts the entries of the window on which it rests.
    """

    code: str
    label: str
    definition: str
    window: Window
    n: int
    numerator: Decimal
    denominator: Decimal
    value: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class Ratios:
    """The three figures of one currency."""

    currency: str
    ratio: Ratio
    days_of_sales: Ratio
    book_to_bill: Ratio


@dataclass(frozen=True, slots=True)
class RatiosOnDay:
    """The figures of all currencies in which something is owed or was sold.

    ``in_one`` are those of the workspace's currency where there are others: what is owed at the rates of the
    day, what was booked and sold each at the rate of its own day. ``missing`` are currencies of which
    some day has no rate; they are in none of its sums.
    """

    moment: Moment
    by_currency: tuple[Ratios, ...]
    in_one: Ratios | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sums:
    currency: str
    backlog: Decimal
    sales: Decimal
    n_sales: int
    bookings: Decimal
    billings: Decimal
    n_billings: int


def on_day(
    member: Member, *, on: date | None = None, known: date | None = None, days: int = TRAILING_DAYS
) -> RatiosOnDay:
    """The three figures per currency, of the whole backlog; the windows end with the day.

    Sales (and billings) are the value fulfilled, less what was reversed or returned; bookings the
    value accepted, amended and reinstated, less what was cancelled.
    """
    return of(backlog.on_day(member, on=on, known=known), member=member, days=days)


def of(state: BacklogOnDay, *, member: Member, days: int = TRAILING_DAYS) -> RatiosOnDay:
    """The three figures of a backlog that was told already; see :func:`on_day`."""
    when = state.moment
    quarter = Window(first=months_before(when.on, n=MONTHS), last=when.on, zone=when.zone)
    sales = when.trailing(days)
    found = _sums(member, state, sales=sales, quarter=quarter)
    in_one: Ratios | None = None
    missing: tuple[str, ...] = ()
    if any(sums.currency != member.workspace.currency for sums in found):
        own, missing = _in_one(member, state, sales=sales, quarter=quarter)
        in_one = _three(own, sales=sales, quarter=quarter)
    return RatiosOnDay(
        moment=when,
        by_currency=tuple(_three(sums, sales=sales, quarter=quarter) for sums in found),
        in_one=in_one,
        missing=missing,
    )


def _three(sums: _Sums, *, sales: Window, quarter: Window) -> Ratios:
    return Ratios(
        currency=sums.currency,
        ratio=_ratio(sums, sales),
        days_of_sales=_days(sums, sales),
        book_to_bill=_book_to_bill(sums, quarter),
    )


def _sums(member: Member, state: BacklogOnDay, *, sales: Window, quarter: Window) -> list[_Sums]:
    owed = state.owed.value
    flowed = _flowed(member, state.moment, sales=sales, quarter=quarter)
    nothing = (ZERO, 0, ZERO, ZERO, 0)
    return [
        _Sums(currency, owed.get(currency, ZERO), *flowed.get(currency, nothing))
        for currency in sorted({*owed, *flowed})
    ]


def _in_one(
    member: Member, state: BacklogOnDay, *, sales: Window, quarter: Window
) -> tuple[_Sums, tuple[str, ...]]:
    """All currencies as one, each flow at the rate of its own day; and those that some day has no rate of."""
    when = state.moment
    rates = Exchange(member.workspace, day=when.on, known=when.known_at)
    rows_ = _flowed_by_day(member, when, sales=sales, quarter=quarter)
    rates.learn(Part(currency, ZERO, day=day) for currency, day, *_rest in rows_)
    missing = set(state.owed.in_one.missing)
    sums, counts = [ZERO, ZERO, ZERO], [0, 0]
    for currency, day, sold, n_sold, booked, billed, n_billed in rows_:
        rate = rates.rate_of(Part(currency, ZERO, day=day))
        if rate is None:
            missing.add(currency)
            continue
        sums = [
            one + exact(more * rate) for one, more in zip(sums, (sold, booked, billed), strict=True)
        ]
        counts = [counts[0] + n_sold, counts[1] + n_billed]
    own = _Sums(
        currency=rates.own,
        backlog=state.owed.in_one.total,
        sales=sums[0],
        n_sales=counts[0],
        bookings=sums[1],
        billings=sums[2],
        n_billings=counts[1],
    )
    return own, tuple(sorted(missing))


def _flowed_by_day(
    member: Member, when: Moment, *, sales: Window, quarter: Window
) -> list[tuple[str, date, Decimal, int, Decimal, Decimal, int]]:
    """The same as :func:`_flowed`, by the day on which it happened."""
    orders, params = ledger.orders(member, ALL)
    query = f"""
        WITH d (order_id, currency, company_id) AS ({orders}), {ledger.happened(ALL)}
        SELECT currency, (occurred_at AT TIME ZONE %(zone)s)::date, {_FLOWS}
        FROM happened JOIN d USING (order_id) GROUP BY 1, 2
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= _flow_params(member, when, sales=sales, quarter=quarter) | {"zone": str(when.zone)}
    return [tuple(row) for row in rows.ask(query, params)]


def _flowed(
    member: Member, when: Moment, *, sales: Window, quarter: Window
) -> dict[str, tuple[Decimal, int, Decimal, Decimal, int]]:
    """Sales, their number, bookings, billings and their number per currency."""
    orders, params = ledger.orders(member, ALL)
    query = f"""
        WITH d (order_id, currency, company_id) AS ({orders}), {ledger.happened(ALL)}
        SELECT currency, {_FLOWS} FROM happened JOIN d USING (order_id) GROUP BY 1
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= _flow_params(member, when, sales=sales, quarter=quarter)
    return {row[0]: row[1:] for row in rows.ask(query, params)}


_SOLD = "kind IN ('fulfilled', 'reversed', 'returned')"
_BOOKED = "kind IN ('accepted', 'amended', 'reinstated', 'cancelled')"
_IN_SALES, _IN_QUARTER = "occurred_at >= %(sales)s", "occurred_at >= %(quarter)s"
_FLOWS = f"""
    -coalesce(sum(value) FILTER (WHERE {_SOLD} AND {_IN_SALES}), 0),
    count(*) FILTER (WHERE {_SOLD} AND {_IN_SALES}),
    coalesce(sum(value) FILTER (WHERE {_BOOKED} AND {_IN_QUARTER}), 0),
    -coalesce(sum(value) FILTER (WHERE {_SOLD} AND {_IN_QUARTER}), 0),
    count(*) FILTER (WHERE {_SOLD} AND {_IN_QUARTER})
"""


def _flow_params(member: Member, when: Moment, *, sales: Window, quarter: Window) -> rows.Params:
    params = ledger.params(member, ALL) | rows.times(at=when.at, known=when.known_at)
    params |= {"sales": sales.start, "quarter": quarter.start}
    return params | {"first": min(sales.start, quarter.start)}


def _ratio(sums: _Sums, window: Window) -> Ratio:
    return Ratio(
        code="backlog_ratio",
        label=_label_of_days(
            ngettext(
                "Backlog to sales of %(n)d day", "Backlog to sales of %(n)d days", window.n_days
            ),
            window,
        ),
        definition=_(
            "Value of all that is owed on the day, divided by the value fulfilled in the window, "
            "less what was reversed or returned."
        ),
        window=window,
        n=sums.n_sales,
        numerator=sums.backlog,
        denominator=sums.sales,
        value=arithmetic.ratio(sums.backlog, sales=sums.sales),
        note=_note(sums.sales),
    )


def _days(sums: _Sums, window: Window) -> Ratio:
    return Ratio(
        code="days_of_sales",
        label=_label_of_days(
            ngettext(
                "Days of sales, at the pace of %(n)d day",
                "Days of sales, at the pace of %(n)d days",
                window.n_days,
            ),
            window,
        ),
        definition=_(
            "How many days the backlog lasts if as much is fulfilled per day as in the window: "
            "the ratio times the days of the window."
        ),
        window=window,
        n=sums.n_sales,
        numerator=sums.backlog,
        denominator=sums.sales,
        value=arithmetic.days_of_sales(sums.backlog, sales=sums.sales, n_days=window.n_days),
        note=_note(sums.sales),
    )


def _book_to_bill(sums: _Sums, window: Window) -> Ratio:
    return Ratio(
        code="book_to_bill",
        label=_("Book-to-bill over three months"),
        definition=_(
            "Value accepted, amended and reinstated less what was cancelled, divided by the value "
            "fulfilled less what was reversed or returned, both in the three months that end with "
            "the day. Above 1 the backlog grows."
        ),
        window=window,
        n=sums.n_billings,
        numerator=sums.bookings,
        denominator=sums.billings,
        value=arithmetic.book_to_bill(sums.bookings, billings=sums.billings),
        note=_note(sums.billings),
    )


def _label_of_days(text: str, window: Window) -> str:
    return text % {"n": window.n_days}


def _note(sales: Decimal) -> str:
    if sales > ZERO:
        return ""
    return _("This cannot be computed: there were no sales in the window.")
