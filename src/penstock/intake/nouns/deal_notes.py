"""What a file of deals says about need, budget, authority and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.run import Run
from penstock.sales import bulk_claims
from penstock.sales.bulk_claims import Noted
from penstock.sales.models import Deal, Topic

FIELDS = (
    Field(
        "need",
        _("Need"),
        Sort.TEXT,
        ("needs", "pain", "requirement", "requirements", "потребность", "потребности"),
    ),
    Field(
        "budget",
        _("Budget"),
        Sort.NUMBER,
        ("budget amount", "customer budget", "бюджет клиента", "бюджет заказчика"),
    ),
    Field(
        "authority",
        _("Authority"),
        Sort.TEXT,
        ("decision maker", "decider", "who decides", "лпр", "кто решает", "полномочия"),
    ),
    Field(
        "timeline",
        _("Timeline"),
        Sort.DAY,
        ("needed by", "decision date", "purchase date", "срок покупки", "нужно к"),
    ),
)


def write(run: Run, rows: Iterable[tuple[int, Parsed, bool]]) -> dict[int, list[str]]:
    """Note what rows say about their deals: since its opening for a new deal, from now on for another.

    The same note of a deal is written once, however often a file brings it; another one stands beside
    it, and whoever reads the deal sees both.

    Returns:
        By deal, the topics of which something new was said.
    """
    told = [
        (pk, row, is_new) for pk, row, is_new in rows if any(row.has(one.name) for one in FIELDS)
    ]
    if not told:
        return {}
    deals = Deal.objects.select_related("item").in_bulk([pk for pk, _row, _new in told])
    notes = [
        noted
        for pk, row, is_new in told
        if pk in deals
        for noted in _notes(run, deals[pk], row, is_new=is_new)
    ]
    written = bulk_claims.note(notes, batch=run.batch)
    run.made["claims"] += len(written)
    topics: dict[int, list[str]] = {}
    for one in written:
        topics.setdefault(one.deal_id, []).append(one.topic.value)
    return topics


def _notes(run: Run, deal: Deal, row: Parsed, *, is_new: bool) -> Iterator[Noted]:
    at = deal.item.opened_at if is_new else max(run.now, deal.item.opened_at)
    for field in FIELDS:
        if not row.has(field.name):
            continue
        value = row.get(field.name)
        # Words are no part of a key: they may name somebody, and keys are never erased.
        print_ = sha256(str(value).strip().casefold().encode()).hexdigest()[:24]
        yield Noted(
            deal_id=deal.pk,
            topic=Topic(field.name),
            at=at,
            key=run.batch.key("claim", deal.pk, field.name, print_) or "",
            text=value if field.sort == Sort.TEXT else "",
            amount=value if field.name == Topic.BUDGET else None,
            currency=deal.currency,
            due_on=value if field.name == Topic.TIMELINE else None,
        )
