"""Which answers a deal already has, for the gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from penstock.analytics.evidence import CONFIRMED, STATED
from penstock.flow.models import Item
from penstock.sales import evidence
from penstock.sales.models import Deal, DealPerson, PlayedTask, Topic

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
    "playbook",
    *EVIDENCE,
)
#: What people call them.
LABELS: dict[str, Promise] = {
    "company": _("Company"),
    "product": _("Product"),
    "amount": _("Amount"),
    "close_on": _("Expected close"),
    "channel": _("Channel"),
    "owner": _("Owner"),
    "person": _("A person"),
    "proposal_sent": _("A proposal was sent"),
    "decider": _("Somebody who decides"),
    "next_step": _("A next step is planned"),
    "playbook": _("Required tasks are done"),
    "need": _("Need, stated"),
    "need_confirmed": _("Need, confirmed"),
    "budget": _("Budget, stated"),
    "budget_confirmed": _("Budget, confirmed"),
    "authority": _("Authority, stated"),
    "authority_confirmed": _("Authority, confirmed"),
    "timeline": _("Timeline, stated"),
    "timeline_confirmed": _("Timeline, confirmed"),
}


def of(item: Item) -> set[str]:
    """Names of the answers that are known of a deal."""
    return of_many([item])[item.pk]


def of_many(items: Iterable[Item]) -> dict[int, set[str]]:
    """The same of many deals of one workspace, in a handful of queries."""
    listed = {item.pk: item for item in items}
    if not listed:
        return {}
    parts: dict[int, set[str]] = defaultdict(set)
    people = DealPerson.objects.filter(deal__in=listed).values_list("deal_id", "part")
    for pk, part in people:
        parts[pk].add(part)
    workspace_id = next(iter(listed.values())).workspace_id
    known = evidence.of_many(listed, workspace_id=workspace_id)
    found = Deal.objects.in_bulk(list(listed))
    waiting = _waiting(listed)
    return {
        pk: _plain(found[pk], listed[pk], parts[pk])
        | _evidence(known[pk])
        | (set() if pk in waiting else {"playbook"})
        for pk in listed
    }


def _waiting(items: Mapping[int, Item]) -> set[int]:
    """The deals that have a required task of their stage left, planned by its playbook and not done."""
    rows = PlayedTask.objects.filter(
        item__in=items,
        task__is_required=True,
        activity__done_at=None,
        activity__cancelled_at=None,
    )
    return {
        pk
        for pk, stage_id in rows.values_list("item_id", "task__stage_id")
        if items[pk].stage_id == stage_id
    }


def _plain(deal: Deal, item: Item, parts: set[str]) -> set[str]:
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
    return {answer for answer, value in known.items() if value}


def _evidence(found: evidence.Evidence) -> set[str]:
    return {
        answer
        for answer, (topic, at_least) in EVIDENCE.items()
        if found.holds(topic, at_least=at_least)
    }
