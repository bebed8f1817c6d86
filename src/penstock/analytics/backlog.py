"""What a backlog is measured against: sales, bookings, and its own statement."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

#: Sums of hours may miss the whole by a hair.
_HAIR = 1e-9


def ratio(backlog: Decimal, *, sales: Decimal) -> Decimal | None:
    """Backlog on a day ÷ sales of a window; None when there were no sales to compare with.

    Source:
        AccountingTools, "Backlog ratio", example Henderson Mills (sales 9.5, backlog 4.0 million).

    >>> f"{ratio(Decimal('4.0'), sales=Decimal('9.5')):.4f}"
    '0.4211'
    """
    return backlog / sales if sales > 0 else None


def days_of_sales(backlog: Decimal, *, sales: Decimal, n_days: int) -> Decimal | None:
    """Days that the backlog would last at the sales per day of a window of ``n_days``; None without sales.

    >>> f"{days_of_sales(Decimal('4.0'), sales=Decimal('9.5'), n_days=90):.2f}"
    '37.89'
    """
    found = ratio(backlog, sales=sales)
    return None if found is None else found * n_days


def book_to_bill(bookings: Decimal, *, billings: Decimal) -> Decimal | None:
    """Bookings ÷ billings of the same window; above 1 the backlog grows. None without billings.

    The ratio of two three-month moving averages is the ratio of the two three-month sums.

    Source:
        SEMI, North American semiconductor equipment book-to-bill report, January 2015
        (three-month averages 1.314 and 1.276 billion US dollars).

    >>> f"{book_to_bill(Decimal('1.314'), billings=Decimal('1.276')):.2f}"
    '1.03'
    """
    return ratio(bookings, sales=billings)


def closing(opening: Decimal, *, changes: Iterable[Decimal]) -> Decimal:
    """Opening and all signed changes of a period: what must stand at its end.

    Source:
        Meritage Homes, units in 2018: 2,875 + 2,358 ordered − 1,725 closed = 3,508.

    >>> closing(Decimal(2875), changes=[Decimal(2358), Decimal(-1725)])
    Decimal('3508')
    """
    return sum(changes, start=opening)


def ties(opening: Decimal, *, changes: Iterable[Decimal], closed_at: Decimal) -> bool:
    """Whether a statement ties out, to the last stored digit.

    >>> ties(Decimal(3508), changes=[Decimal(2250), Decimal(-2139)], closed_at=Decimal(3619))
    True
    """
    return closing(opening, changes=changes) == closed_at


def coverage_weeks(hours: float, *, capacity: Iterable[float]) -> int | None:
    """How many weeks of capacity the hours of the backlog are: the first by whose end they are worked off.

    Args:
        hours: Work that is left.
        capacity: Hours that can be worked in each week from now on.

    Returns:
        None where the weeks given are not enough; 0 where nothing is left.

    >>> coverage_weeks(90, capacity=[40, 40, 0, 40])
    4
    """
    left = hours
    if left <= 0:
        return 0
    for week, most in enumerate(capacity, start=1):
        left -= most
        if left <= _HAIR:
            return week
    return None


def cancel_rate(cancelled: Decimal, *, of: Decimal) -> Decimal | None:
    """What part was cancelled: of what was accepted in the same window, or of what was owed at its begin.

    Both are in use and differ; name the one that is meant. None of nothing.

    Source:
        Hovnanian Enterprises reports both in its quarterly filings (Form 10-Q), under "cancellation rates".

    >>> cancel_rate(Decimal(12), of=Decimal(80))
    Decimal('0.15')
    """
    return ratio(cancelled, sales=of)
