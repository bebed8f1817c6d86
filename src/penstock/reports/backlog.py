"""The backlog on a day: what was owed, how old and how late, summed from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics.ageing import Ages
from penstock.base.calendar import Window
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member

Money = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left to deliver. Money is per currency; ``hours`` leaves out the lines without any."""

    n_orders: int
    n_lines: int
    value: Money
    goods: Money
    charges: Money
    hours: Decimal
    n_lines_without_hours: int


@dataclass(frozen=True, slots=True)
class GroupOwed:
    """What is owed in one stage or to one customer; an unknown one has no id and an empty name."""

    group_id: int | None
    name: str
    owed: Owed


@dataclass(frozen=True, slots=True)
class Impossible:
    """Lines whose remainder on the day is below zero: their history cannot be so, and they are in no sum."""

    n_lines: int
    value: Money


@dataclass(frozen=True, slots=True)
class BacklogOnDay:
    """All that is owed at the end of a day. ``overdue`` was promised for a day before it."""

    moment: Moment
    owed: Owed
    overdue: Owed
    ages: Ages
    impossible: Impossible
    by_stage: tuple[GroupOwed, ...]
    by_company: tuple[GroupOwed, ...]


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The backlog at the end of one day."""

    day: date
    n_orders: int
    value: Money


@dataclass(frozen=True, slots=True)
class Daily:
    """The backlog at the end of each day of a window, and the day on which most orders were owed."""

    window: Window
    days: tuple[DayEnd, ...]
    peak: DayEnd


def on_day(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    only: OrderFilter = OrderFilter(),  # noqa: B008 -- frozen
) -> BacklogOnDay:
    """What was owed at the end of a day; without a day, now."""
    raise NotImplementedError


def daily(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: OrderFilter = OrderFilter(),  # noqa: B008 -- frozen
) -> Daily:
    """The backlog at the end of each day of a window."""
    raise NotImplementedError
