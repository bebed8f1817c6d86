"""Why the backlog changed: opening + in − out = closing, by orders, value and hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Account:
    """One measure over a window; every change is signed as it changes the backlog.

    ``left_out`` is what lines of impossible history would have changed: they are in no backlog.
    """

    opening: Decimal
    accepted: Decimal
    amended_up: Decimal
    amended_down: Decimal
    reversed: Decimal
    reinstated: Decimal
    returned: Decimal
    fulfilled: Decimal
    cancelled: Decimal
    revalued: Decimal
    left_out: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a window: per currency by value, over all by hours and by orders.

    An order enters when something of it begins to be owed, and leaves with the entry that ends this.
    ``orders_net`` leaves out the ``n_at_once`` orders that were accepted and closed at the same instant.
    """

    window: Window
    known: date | None
    value: Mapping[str, Account]
    hours: Account
    orders: Account
    orders_net: Account
    n_at_once: int


def statement(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter = OrderFilter(),  # noqa: B008 -- frozen
) -> Statement:
    """What changed the backlog within a window; each account ties out."""
    raise NotImplementedError
