"""Which deals or orders a figure is about."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.catalog.models import Product
from penstock.contacts.models import Company
from penstock.flow.models import Pipeline
from penstock.users.models import Member, Team


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Only these deals; None means all.

    Owner, company, channel and product are those in force on the day asked; the team is the owner's and
    the segment the company's of today.
    """

    pipeline: Pipeline | None = None
    owner: Member | None = None
    team: Team | None = None
    company: Company | None = None
    channel: str | None = None
    product: Product | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Only these orders, and only lines of this sort (``goods`` or ``charge``); None means all.

    Of a product or a team only its lines count: an order is in the backlog while one of them is owed. The team is
    the one that has the work of a line today.
    """

    company: Company | None = None
    sort: str | None = None
    pipeline: Pipeline | None = None
    product: Product | None = None
    team: Team | None = None
