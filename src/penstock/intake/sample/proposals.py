"""The sample company's proposals: drafts, sent ones, some looked at and commented on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from penstock.flow import dating
from penstock.intake.sample.company import Cast
from penstock.sales import proposal_answers, proposals
from penstock.sales.models import Deal
from penstock.sales.proposal_lines import Wanted

N_DRAFTS, N_PROPOSALS = 2, 9
TAX = Decimal("0.19")


def offer(cast: Cast) -> None:
    """Put the deals that stand in proposal or negotiation into writing, at what they are worth."""
    standing = Deal.objects.open().filter(
        workspace=cast.workspace,
        item__stage__canonical__in=("proposal", "negotiation"),
        item__parked_until=None,
        amount__gt=0,
    )
    for number, deal in enumerate(standing.select_related("item").order_by("pk")[:N_PROPOSALS]):
        _offer(cast, deal, number=number)


def _offer(cast: Cast, deal: Deal, *, number: int) -> None:
    at = max(deal.item.entered_at, cast.now - timedelta(days=12 - number)) + timedelta(minutes=1)
    people = cast.people.get(deal.company_id or 0, [])
    with dating.lived(min(at, cast.now)):
        version = proposals.draft(
            deal,
            by=deal.item.owner,
            person=people[0] if people else None,
            lines=[
                Wanted(
                    title=deal.item.title,
                    product=deal.product,
                    unit_price=deal.amount,
                    tax_share=TAX,
                )
            ],
            valid_until=(cast.now + timedelta(days=14 + number)).date(),
        )
        if number < N_DRAFTS:
            return
        proposals.send(version, by=deal.item.owner)
        version.refresh_from_db()
        if number % 2:
            proposal_answers.view(version, source_key=f"sample-{number}")
        if number % 4 == 1 and people:
            proposal_answers.comment(
                version,
                by=None,
                who=proposal_answers.Who(name=people[0].name, person=people[0]),
                text=cast.rng.choice(cast.words.questions),
            )
