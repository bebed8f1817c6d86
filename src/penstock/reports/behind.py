"""The deals behind a figure: what a table of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from penstock.sales import access
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class DealBehind:
    """One deal of today's columns; its page tells its past."""

    pk: int
    key: str
    title: str
    company: str
    owner: str
    stage: str
    outcome: str
    opened_at: datetime
    amount: Decimal | None
    currency: str


def deals(member: Member, item_ids: Sequence[int]) -> list[DealBehind]:
    """Some deals, in the order in which they are named; those not to be seen are left out."""
    found = {
        deal.pk: deal
        for deal in access.deals_for(member)
        .filter(pk__in=list(item_ids))
        .select_related("item__stage", "item__owner", "company")
    }
    return [
        DealBehind(
            pk=deal.pk,
            key=deal.item.key,
            title=deal.item.title,
            company=deal.company.name if deal.company else "",
            owner=deal.item.owner.name if deal.item.owner else "",
            stage=deal.item.stage.label,
            outcome=deal.item.outcome,
            opened_at=deal.item.opened_at,
            amount=deal.amount,
            currency=deal.currency,
        )
        for deal in (found[pk] for pk in item_ids if pk in found)
    ]
