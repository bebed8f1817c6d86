"""Which answers a deal already has, for the gates."""

from __future__ import annotations

from penstock.analytics.evidence import CONFIRMED, STATED
from penstock.flow.models import Item
from penstock.sales import evidence
from penstock.sales.models import Deal, DealPerson, Topic

#: The evidence that a gate can ask for: a topic at least stated, or confirmed.
EVIDENCE: dict[str, tuple[str, str]] = {
    **{topic.value: (topic.value, STATED) for topic in Topic},
    **{f"{topic.value}_confirmed": (topic.value, CONFIRMED) for topic in Topic},
}
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
    "decider",
    "next_step",
    *EVIDENCE,
)


def of(item: Item) -> set[str]:
    """Names of the answers that are known of a deal."""
    deal = Deal.objects.get(pk=item.pk)
    parts = set(deal.people.values_list("part", flat=True))
    known = {
        "company": deal.company_id,
        "product": deal.product_id,
        "amount": deal.amount is not None,
        "close_on": deal.close_on,
        "channel": deal.channel,
        "owner": item.owner_id,
        "person": parts,
        "decider": DealPerson.Part.DECIDES in parts,
        "next_step": deal.next_step_id,
        "proposal_sent": deal.offered_amount is not None,
    }
    return {answer for answer, value in known.items() if value} | _evidence(item)


def _evidence(item: Item) -> set[str]:
    found = evidence.of(item.pk, workspace_id=item.workspace_id)
    return {
        answer
        for answer, (topic, at_least) in EVIDENCE.items()
        if found.holds(topic, at_least=at_least)
    }
