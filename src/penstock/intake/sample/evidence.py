"""What the sample company knows of its deals: said by customers, guessed, contradicted; and a gate that asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from penstock.contacts.models import Person
from penstock.flow import dating, pipelines
from penstock.flow.models import Stage
from penstock.intake.sample.company import Cast
from penstock.sales import claims, deals
from penstock.sales.claims import Said
from penstock.sales.models import Deal, Manner, Topic

STAGES = ("needs_assessment", "first_contact", "proposal", "negotiation")
N_DEALS = 24
#: What Proposal asks before a deal leaves it.
NEEDS = ["amount", "owner"]


def gather(cast: Cast) -> None:
    """Let customers say what they need, have, decide and wait for; then set the gate, and pass it once."""
    standing = Deal.objects.open().filter(
        workspace=cast.workspace, item__stage__canonical__in=STAGES, item__parked_until=None
    )
    rows = standing.select_related("item__owner", "company").order_by("pk")[:N_DEALS]
    for number, deal in enumerate(rows):
        people = cast.people.get(deal.company_id or 0, [])
        if people:
            _ask(cast, deal, people, number=number)
    _set_gate(cast)


def _ask(cast: Cast, deal: Deal, people: list[Person], *, number: int) -> None:
    first, last = people[0], people[-1]
    amount = (deal.amount or Decimal(9000)) * Decimal("1.1")
    need = Said(
        topic=Topic.NEED, manner=Manner.CALL, said_by=first, text=cast.rng.choice(cast.words.needs)
    )
    _say(cast, deal, need, share=0.2)
    if number % 2 == 0:
        _say(cast, deal, Said(topic=Topic.BUDGET, said_by=first, amount=amount), share=0.4)
    if number % 4 == 0 and last != first:
        other = Said(
            topic=Topic.BUDGET, manner=Manner.MEETING, said_by=last, amount=amount * Decimal("1.6")
        )
        _say(cast, deal, other, share=0.8)
    if number % 3 == 0:
        who = Said(topic=Topic.AUTHORITY, manner=Manner.MEETING, said_by=first, person=last)
        _say(cast, deal, who, share=0.6)
    if number % 3 == 1:
        day = (cast.now + timedelta(days=40 + 3 * number)).date()
        due = Said(topic=Topic.TIMELINE, manner=Manner.EMAIL, said_by=first, due_on=day)
        _say(cast, deal, due, share=0.7)
    if number % 5 == 2:
        guess = Said(topic=Topic.BUDGET, manner=Manner.GUESS, amount=amount * Decimal("0.8"))
        _say(cast, deal, guess, share=0.3)


def _say(cast: Cast, deal: Deal, said: Said, *, share: float) -> None:
    at = _between(deal.item.opened_at, cast.now, share)
    with dating.lived(at):
        claims.state(deal, said=said, by=deal.item.owner)


def _between(first: datetime, last: datetime, share: float) -> datetime:
    return first + (last - first) * share


def _set_gate(cast: Cast) -> None:
    owner = cast.members[0]
    stage = Stage.objects.get(workspace=cast.workspace, canonical="proposal", retired_at=None)
    pipelines.tune_stage(
        stage, probability=stage.probability, wip_limit=stage.wip_limit, needs=NEEDS, by=owner
    )
    to = Stage.objects.get(workspace=cast.workspace, canonical="negotiation", retired_at=None)
    standing = Deal.objects.open().filter(item__stage=stage, amount=None).order_by("pk").first()
    if standing is not None:
        deals.move(standing, to=to, by=owner, despite=cast.words.despite)
