"""The sample company's proposals, one or two in each state that a proposal can be in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from penstock.catalog.models import Product
from penstock.contacts.models import Person
from penstock.flow import dating
from penstock.intake.sample.company import Cast
from penstock.intake.sample.proposal_words import BY_LANGUAGE, LOGO, Phrases
from penstock.sales import proposal_answers, proposal_lines, proposal_settings, proposals
from penstock.sales.models import Deal, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.sales.proposal_lines import Wanted

N_PROPOSALS = 13
TAX = Decimal("0.19")
DISCOUNT = Decimal("0.05")
#: Of a deal's amount, what the work on site comes to.
ASSEMBLY_SHARE = Decimal("0.15")
COIN = Decimal("0.01")
#: What became of the first, the second …; the rest were only sent, every other one looked at.
FATES = (
    "draft",
    "draft",
    "accepted",
    "declined",
    "expired",
    "withdrawn",
    "revised",
    "commented",
    "answered",
)


def offer(cast: Cast) -> None:
    """Put the deals that stand in proposal or negotiation into writing, at what they are worth."""
    _furnish(cast)
    standing = Deal.objects.open().filter(
        workspace=cast.workspace,
        item__stage__canonical__in=("proposal", "negotiation"),
        item__parked_until=None,
        amount__gt=0,
    )
    deals = standing.select_related("item", "product").order_by("pk")[:N_PROPOSALS]
    for number, deal in enumerate(deals):
        fate = FATES[number] if number < len(FATES) else ("viewed", "sent")[number % 2]
        _offer(cast, deal, number=number, fate=fate)


def _furnish(cast: Cast) -> None:
    phrases, owner = _phrases(cast), cast.members[0]
    proposal_settings.change(
        cast.workspace,
        by=owner,
        seller=phrases.seller,
        footer=phrases.footer,
        terms={language: words.terms for language, words in BY_LANGUAGE.items()},
    )
    proposal_settings.set_logo(cast.workspace, LOGO, by=owner)


def _offer(cast: Cast, deal: Deal, *, number: int, fate: str) -> None:
    at = max(deal.item.entered_at, cast.now - timedelta(days=12 - number)) + timedelta(minutes=1)
    people = cast.people.get(deal.company_id or 0, [])
    person = people[0] if people else None
    valid_days = 3 if fate == "expired" else 14 + number
    with dating.lived(min(at, cast.now)):
        version = proposals.draft(
            deal,
            by=deal.item.owner,
            person=person,
            introduction=_phrases(cast).introduction,
            lines=_lines(_phrases(cast), deal),
            valid_until=(dating.now() + timedelta(days=valid_days)).date(),
        )
        if fate == "draft":
            return
        proposals.send(version, by=deal.item.owner)
        version.refresh_from_db()
        if fate not in ("sent", "withdrawn"):
            proposal_answers.view(version, source_key=f"sample-{number}")
    with dating.lived(min(at + timedelta(hours=20), cast.now)):
        _STORIES.get(fate, _nothing)(cast, version, person)


def _lines(phrases: Phrases, deal: Deal) -> list[Wanted]:
    """Machine and assembly, which come to the deal's amount, and a training that may be chosen."""
    assert deal.amount is not None, "asked for"
    assembly = (deal.amount * ASSEMBLY_SHARE).quantize(COIN)
    product: Product | None = deal.product
    return [
        Wanted(
            title=product.name if product else deal.item.title,
            product=product,
            unit=phrases.piece,
            unit_price=deal.amount - assembly,
            tax_share=TAX,
        ),
        Wanted(
            title=phrases.assembly[0],
            description=phrases.assembly[1],
            unit_price=assembly,
            tax_share=TAX,
        ),
        Wanted(
            title=phrases.training[0],
            description=phrases.training[1],
            unit_price=Decimal(480),
            tax_share=TAX,
            is_optional=True,
        ),
    ]


def _accepted(cast: Cast, version: ProposalVersion, person: Person | None) -> None:
    proposal_answers.accept(version, by=None, who=_who(person), note=_phrases(cast).gladly)


def _declined(cast: Cast, version: ProposalVersion, person: Person | None) -> None:
    proposal_answers.decline(version, by=None, who=_who(person), reason=_phrases(cast).too_dear)


def _withdrawn(_cast: Cast, version: ProposalVersion, _person: Person | None) -> None:
    proposals.withdraw(version.proposal, by=version.by)


def _revised(_cast: Cast, version: ProposalVersion, _person: Person | None) -> None:
    """A second version, with a discount on the machine."""
    draft = proposals.revise(version.proposal, by=version.by)
    machine, *rest = (proposal_lines.copied(line) for line in draft.lines.select_related("product"))
    lines = [replace(machine, discount_share=DISCOUNT), *rest]
    proposals.send(proposals.change(draft, by=version.by, lines=lines), by=version.by)


def _commented(cast: Cast, version: ProposalVersion, person: Person | None) -> None:
    proposal_answers.comment(
        version,
        by=None,
        who=_who(person),
        text=cast.rng.choice(cast.words.questions),
        mark=version.lines.all()[1].mark,
    )


def _answered(cast: Cast, version: ProposalVersion, person: Person | None) -> None:
    _commented(cast, version, person)
    by = version.by or cast.members[0]
    proposal_answers.comment(version, by=by, who=Who(person=person), text=_phrases(cast).answer)


def _nothing(_cast: Cast, _version: ProposalVersion, _person: Person | None) -> None:
    """Nothing more happened."""


_STORIES: dict[str, Callable[[Cast, ProposalVersion, Person | None], None]] = {
    "accepted": _accepted,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "revised": _revised,
    "commented": _commented,
    "answered": _answered,
}


def _who(person: Person | None) -> Who:
    return Who(name=person.name if person else "N. N.", person=person)


def _phrases(cast: Cast) -> Phrases:
    return BY_LANGUAGE[cast.workspace.language]
