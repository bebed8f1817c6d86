"""The backlog against sales: ratio, days of sales, book-to-bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window
from penstock.reports.moment import Moment
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure with its name, definition and window; ``value`` is None and ``note`` says why if it cannot be."""

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


def on_day(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    days: int = 90,
) -> tuple[Moment, tuple[Ratios, ...]]:
    """The three figures per currency; the sales window ends with the day."""
    raise NotImplementedError
