"""Mailing a proposal: to which address, with which words, with or without the document."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Person
from penstock.flow import bus, items
from penstock.flow.dating import today
from penstock.sales import proposal_links, proposal_records
from penstock.sales.models import DealPerson, Proposal, ProposalEvent, ProposalLink, ProposalVersion
from penstock.users.models import Member

LONGEST_TEXT = 4000
OVER = (ProposalEvent.Kind.WITHDRAWN, ProposalEvent.Kind.DECLINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Where a proposal is mailed, and what the letter says before the link."""

    address: str
    text: str = ""
    with_document: bool = False


@dataclass(frozen=True, slots=True)
class ProposalMailed:
    """A version is to go to an address; ``token`` opens it there."""

    version: ProposalVersion
    link: ProposalLink
    token: str
    mailing: Mailing
    by: Member | None


def mail(proposal: Proposal, mailing: Mailing, *, by: Member | None) -> ProposalLink:
    """Mail what was sent last once more, or for the first time, with a link of its own.

    Raises:
        RuleBroken: ``proposals.not_sent``; ``proposals.not_open``: it is withdrawn, declined or out of
            date; ``proposals.address``.
    """
    with transaction.atomic():
        items.lock(proposal.deal_id)
        version = proposal_records.sent_last(proposal)
        said = proposal_records.verdict(version)
        is_late = not said and version.valid_until < today(version.workspace)
        if said in OVER or is_late:
            raise RuleBroken(
                "proposals.not_open",
                _("It can no longer be answered. Reopen it or make a new version, then mail that."),
            )
        return dispatch(version, mailing, by=by)


def dispatch(version: ProposalVersion, mailing: Mailing, *, by: Member | None) -> ProposalLink:
    """Make a link for an address and tell that it is to be mailed; call with the deal locked.

    Who has the address and is on the deal becomes the recipient, if there is none yet.
    """
    address = _checked(mailing.address)
    proposal = version.proposal
    person = recipient(proposal, address)
    if person is not None and proposal.person_id is None:
        proposal.person = person
        proposal.save(update_fields=["person"])
    link, token = proposal_links.make(proposal, by=by, address=address, person=person)
    bus.tell(ProposalMailed(version, link, token, mailing, by))
    return link


def addresses(proposal: Proposal) -> list[tuple[str, str]]:
    """Addresses and names: of its recipient, the people on the deal, others of the company; each once."""
    names: dict[str, str] = {}
    for one in _people(proposal):
        names.setdefault(one.email, one.name)
    return list(names.items())


def recipient(proposal: Proposal, address: str) -> Person | None:
    """Whose address it is, among those who have to do with the deal."""
    wanted = address.casefold()
    return next((one for one in _people(proposal) if one.email.casefold() == wanted), None)


def last_mailed(proposal: Proposal) -> ProposalLink | None:
    """The link that was mailed last and still opens it."""
    mailed = proposal.links.exclude(address="").filter(revoked_at=None)
    found: ProposalLink | None = mailed.select_related("person").order_by("-pk").first()
    return found


def _people(proposal: Proposal) -> list[Person]:
    on_deal = DealPerson.objects.filter(deal=proposal.deal_id).select_related("person")
    found = [proposal.person, *(row.person for row in on_deal.order_by("pk"))]
    company = proposal.deal.company_id
    if company is not None:
        rest = Person.objects.filter(company=company, withdrawn_at=None, merged_into=None)
        found.extend(rest.exclude(email="").order_by("sort_key", "pk")[:50])
    return [one for one in found if one is not None and one.email]


def _checked(address: str) -> str:
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken(
            "proposals.address", _("Enter a full e-mail address."), needs=["address"]
        ) from error
    return address
