"""What happened to deals in a window: opened, won, lost, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from penstock.analytics.conversion import Share
from penstock.base.calendar import Window
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import Money
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Moved:
    """Deals opened, won, lost and reopened in a window (or group); money per currency.

    ``conversion`` is the share of won ones of the deals closed in the window. A deal that was closed and
    reopened within the window counts as reopened only.
    """

    name: str
    window: Window
    n_opened: int
    n_won: int
    n_lost: int
    n_reopened: int
    won: Money
    lost: Money
    n_won_without_amount: int
    conversion: Share


@dataclass(frozen=True, slots=True)
class ChannelLeads:
    """Leads of one channel and how many of all of them were won; an empty channel is an unknown one."""

    channel: str
    n_leads: int
    n_won: int
    won: Money
    share: Share


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """One deal behind a figure of won or lost ones."""

    key: str
    title: str
    company: str
    owner: str
    closed_at: datetime
    amount: Decimal | None
    currency: str
    reason: str


def in_window(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> Moved:
    """What happened in a window."""
    raise NotImplementedError


def by_period(
    member: Member,
    window: Window,
    *,
    per: str = "month",
    known: date | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> tuple[Moved, ...]:
    """What happened in each week, month or quarter of a window, empty ones included; the monthly report."""
    raise NotImplementedError


def by_owner(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> tuple[Moved, ...]:
    """What happened in a window, per owner on its last day; unassigned deals have an empty name."""
    raise NotImplementedError


def by_team(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> tuple[Moved, ...]:
    """What happened in a window, per team of the owner."""
    raise NotImplementedError


def by_channel(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    opened: Window | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> tuple[ChannelLeads, ...]:
    """Leads opened up to a day (or in a window), per channel, and how many of them were won by that day."""
    raise NotImplementedError


def deals(member: Member, window: Window, *, verdict: str, limit: int = 100) -> list[ClosedDeal]:
    """Who was won or lost in a window, newest first."""
    raise NotImplementedError
