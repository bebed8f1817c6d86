"""What was said about a deal's need, budget, authority and time: said, replaced, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.base.money import exact
from penstock.contacts import merging
from penstock.contacts.models import Person
from penstock.contacts.models.merge import Noun
from penstock.flow import bus, items
from penstock.flow.dating import When, when
from penstock.flow.models import Item
from penstock.sales import deals
from penstock.sales.models import Claim, ClaimWording, Deal, DealPerson, HalfLife, Manner, Topic
from penstock.users import audit
from penstock.users.models import Member, Workspace

#: How sure one usually is, by how it is known.
CONFIDENCE = {
    Manner.DOCUMENT: Decimal("0.90"),
    Manner.MEETING: Decimal("0.70"),
    Manner.EMAIL: Decimal("0.70"),
    Manner.CALL: Decimal("0.60"),
    Manner.GUESS: Decimal("0.30"),
}
#: Days in which a claim loses half of its weight, unless a workspace says otherwise.
HALF_LIFE_DAYS = {Topic.NEED: 180, Topic.BUDGET: 90, Topic.AUTHORITY: 180, Topic.TIMELINE: 60}


#: The columns in which a claim says something.
SAID = "topic, is_for, manner, confidence, amount, currency, is_approved, person_id, part, due_on, said_by_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said about a topic; which details belong to it, its topic decides.

    ``confidence`` None is the usual one of the manner; ``said_by`` None is the member who writes it.
    """

    topic: str
    manner: str = Manner.CALL
    is_for: bool = True
    confidence: Decimal | None = None
    said_by: Person | None = None
    amount: Decimal | None = None
    currency: str = ""
    is_approved: bool = False
    person: Person | None = None
    part: str = ""
    due_on: date | None = None
    text: str = ""


def state(
    deal: Deal,
    *,
    said: Said,
    by: Member | None,
    at: datetime | None = None,
    source_key: str | None = None,
) -> Claim:
    """Write what was said about a deal; whoever is named with a part is put on the deal with it.

    Safe to call twice with one source key.

    Raises:
        RuleBroken: ``sales.claim_topic``, ``sales.claim_manner``, ``sales.claim_empty``,
            ``sales.claim_confidence``, ``sales.part``, ``sales.amount_negative``,
            ``flow.before_opening``, ``flow.future``.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        if source_key and (told := _told_before(item, source_key)):
            return told
        times = when(at)
        claim = _write(item, _checked(said, deal), by=by, times=times, source_key=source_key)
        if claim.person is not None and claim.is_for:
            deals.add_person(deal, person=claim.person, part=claim.part, by=by)
        return claim


def replace(claim: Claim, *, said: Said, by: Member | None) -> Claim:
    """Say that something else was said than was written, at the same time.

    Raises:
        Conflict: ``sales.claim_gone`` when it was replaced or withdrawn before.
        RuleBroken: Those of :func:`state`.
    """
    with transaction.atomic():
        item = items.lock(claim.item_id)
        claim = _counting(claim)
        deal = Deal.objects.get(pk=claim.item_id)
        return _write(item, _checked(said, deal), by=by, times=_correcting(claim), supersedes=claim)


def withdraw(claim: Claim, *, by: Member | None) -> None:
    """Take a claim back: history keeps it, but from now on nobody said it. Its words stay until erased.

    Raises:
        Conflict: ``sales.claim_gone`` when it was replaced or withdrawn before.
    """
    with transaction.atomic():
        item = items.lock(claim.item_id)
        claim = _counting(claim)
        Claim.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            topic=claim.topic,
            manner=claim.manner,
            confidence=claim.confidence,
            is_void=True,
            supersedes=claim,
            by=by,
            **_correcting(claim).columns(),
        )
        _announce(item)


def set_half_lives(workspace: Workspace, *, days: Mapping[str, int], by: Member | None) -> None:
    """Say of several topics in how many days a claim loses half of its weight; only changes are written.

    Raises:
        RuleBroken: Those of :func:`set_half_life`.
    """
    with transaction.atomic():
        own = dict(HalfLife.objects.filter(workspace=workspace).values_list("topic", "days"))
        for topic, number in days.items():
            if number != own.get(topic, HALF_LIFE_DAYS[Topic(topic)]):
                set_half_life(workspace, topic=topic, days=number, by=by)


def set_half_life(workspace: Workspace, *, topic: str, days: int, by: Member | None) -> HalfLife:
    """Say in how many days a claim about a topic loses half of its weight.

    Raises:
        RuleBroken: ``sales.half_life`` for less than a day or more than ten years,
            ``sales.claim_topic``.
    """
    if topic not in Topic.values:
        raise RuleBroken("sales.claim_topic", _("Choose one of the topics offered."))
    if not 1 <= days <= 3650:
        raise RuleBroken(
            "sales.half_life", _("Enter a half-life from 1 to 3,650 days."), needs=[topic]
        )
    with transaction.atomic():
        row, _made = HalfLife.objects.update_or_create(
            workspace=workspace, topic=topic, defaults={"days": days}
        )
        audit.record(
            workspace_id=workspace.pk, by=by, action="evidence.half_life", target=row, days=days
        )
        return row


def forget(person: Person) -> None:
    """Erase the words of what a person said, of what was said of them, and where they are named."""
    wordings = ClaimWording.objects.filter(workspace_id=person.workspace_id)
    wordings.filter(claim__said_by=person).delete()
    wordings.filter(claim__person=person).delete()
    for named in (person.name, person.email, person.phone):
        if len(named) >= SHORTEST_NAME:
            wordings.filter(text__icontains=named).delete()


def told_of(item: Item) -> QuerySet[Claim]:
    """All claims about an item, for its history."""
    return Claim.objects.filter(item=item).select_related("by", "said_by", "person", "wording")


# A shorter name would be found within other words.
SHORTEST_NAME = 4
_NOTHING = {
    Topic.NEED: ("text", _("Write in a few words what they need.")),
    Topic.BUDGET: ("amount", _("Enter the amount, or write what was said.")),
    Topic.AUTHORITY: ("person", _("Say who it is, or write what was said.")),
    Topic.TIMELINE: ("due_on", _("Enter the date, or write what was said.")),
}


def _checked(said: Said, deal: Deal) -> dict[str, Any]:
    """The columns of a claim, with only the details that belong to its topic."""
    _check_codes(said)
    confidence = CONFIDENCE[Manner(said.manner)] if said.confidence is None else said.confidence
    if not 0 <= confidence <= 1:
        raise RuleBroken(
            "sales.claim_confidence",
            _("A confidence lies between 0 % and 100 %."),
            needs=["confidence"],
        )
    details = _details(said, deal)
    if not said.text.strip() and not any(details.values()) and said.is_for:
        need, text = _NOTHING[Topic(said.topic)]
        raise RuleBroken("sales.claim_empty", text, needs=[need])
    return {
        "topic": said.topic,
        "manner": said.manner,
        "is_for": said.is_for,
        "confidence": confidence,
        "said_by": said.said_by,
        "text": said.text.strip(),
        **details,
    }


def _check_codes(said: Said) -> None:
    if said.topic not in Topic.values:
        raise RuleBroken("sales.claim_topic", _("Choose one of the topics offered."))
    if said.manner not in Manner.values:
        raise RuleBroken(
            "sales.claim_manner", _("Choose one of the ways offered."), needs=["manner"]
        )
    if said.part and said.part not in DealPerson.Part.values:
        raise RuleBroken("sales.part", _("Choose one of the parts offered."), needs=["part"])
    if said.amount is not None and said.amount < 0:
        raise RuleBroken("sales.amount_negative", _("An amount is zero or more."), needs=["amount"])


def _details(said: Said, deal: Deal) -> dict[str, Any]:
    if said.topic == Topic.BUDGET and said.amount is not None:
        return {
            "amount": exact(said.amount),
            "currency": said.currency or deal.currency,
            "is_approved": said.is_approved,
        }
    if said.topic == Topic.AUTHORITY and said.person is not None:
        return {"person": said.person, "part": said.part or DealPerson.Part.DECIDES}
    if said.topic == Topic.TIMELINE and said.due_on is not None:
        return {"due_on": said.due_on}
    return {}


def _write(
    item: Item,
    columns: dict[str, Any],
    *,
    by: Member | None,
    times: When,
    supersedes: Claim | None = None,
    source_key: str | None = None,
) -> Claim:
    items.check_time(item, at=times.occurred_at)
    text = columns.pop("text")
    claim = Claim.objects.create(
        workspace_id=item.workspace_id,
        item=item,
        by=by,
        supersedes=supersedes,
        source_key=source_key,
        **columns,
        **times.columns(),
    )
    if text:
        ClaimWording.objects.create(workspace_id=item.workspace_id, claim=claim, text=text[:2000])
    _announce(item)
    return claim


def _counting(claim: Claim) -> Claim:
    found = Claim.objects.filter(pk=claim.pk, is_void=False, superseded_by=None).first()
    if found is None:
        raise Conflict(
            "sales.claim_gone", _("This was already replaced or withdrawn. Reload the page.")
        )
    return found


def _correcting(claim: Claim) -> When:
    times = when(None, not_before=claim.known_at)
    return When(occurred_at=claim.occurred_at, known_at=times.known_at, batch=times.batch)


def _told_before(item: Item, source_key: str) -> Claim | None:
    row = Claim.objects.filter(workspace_id=item.workspace_id, source_key=source_key).first()
    if row is not None and row.item_id != item.pk:
        raise Conflict(
            "flow.source_key",
            _("This record was taken in before for another deal. Give it a key of its own."),
        )
    return row


def _announce(item: Item) -> None:
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])


def claim_of(deal: Deal, claim_id: int) -> Claim:
    """A claim of a deal or of one that was merged into it, whether it counts or not.

    Raises:
        NotFound: ``sales.no_claim``.
    """
    ours = merging.answered_by(Noun.DEAL, deal.pk)
    row = Claim.objects.filter(pk=claim_id, item_id__in=ours, is_void=False).first()
    if row is None:
        raise NotFound("sales.no_claim", _("There is no such statement. Reload the page."))
    return row
