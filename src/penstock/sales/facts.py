"""Which answers a deal already has, for the gates."""

from __future__ import annotations

from penstock.flow.models import Item
from penstock.sales.models import Deal

# Every answer that a gate of a sales stage can ask for.
ANSWERS = (
    "company",
    "product",
    "amount",
    "close_on",
    "channel",
    "owner",
    "person",
    "proposal_sent",
)


def of(item: Item) -> set[str]:
    """Names of the answers that are known of a deal."""
    deal = Deal.objects.get(pk=item.pk)
    known = {
        "company": deal.company_id,
        "product": deal.product_id,
        "amount": deal.amount is not None,
        "close_on": deal.close_on,
        "channel": deal.channel,
        "owner": item.owner_id,
        "person": deal.people.exists(),
        "proposal_sent": deal.offered_amount is not None,
    }
    return {answer for answer, value in known.items() if value}
