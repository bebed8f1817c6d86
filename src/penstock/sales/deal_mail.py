"""Writing to a customer about a deal: the letter goes out, and the e-mail is written down as done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Person
from penstock.flow import items
from penstock.flow.bus import tell
from penstock.flow.dating import today
from penstock.sales import activities, mail_templates, proposal_links
from penstock.sales.mail_templates import PROPOSAL_LINK
from penstock.sales.models import Activity, Deal, DealPerson, Proposal
from penstock.sales.models.proposal import WAITING
from penstock.users.models import Member

LONGEST_SUBJECT, LONGEST_TEXT = 250, 8000
N_OFFERED = 50
LINK = f"{{{PROPOSAL_LINK}}}"
#: How an e-mail that went out from here is told from one that was only written down.
SOURCE = "mail"


@dataclass(frozen=True, slots=True)
class DealMailed:
    """A letter is to go to a person; ``token`` opens the proposal where the text has :data:`LINK`."""

    activity: Activity
    deal: Deal
    person: Person
    subject: str
    text: str
    token: str
    by: Member


def send(
    deal: Deal,
    *,
    person: Person,
    subject: str,
    text: str,
    by: Member,
    activity: Activity | None = None,
) -> Activity:
    """Write to a person about a deal, and write the e-mail down as done: a contact for the answer clock.

    Args:
        deal: What it is about.
        person: Who gets it, at their address.
        subject: In one line.
        text: Plain text; ``{proposal_link}`` becomes a link of this person's own.
        by: Who writes; answers go to their address.
        activity: The planned e-mail that is done by it; without one a new one is written down.

    Raises:
        RuleBroken: ``sales.mail_address``, ``sales.mail_empty``, ``sales.mail_left`` where a
            placeholder is not filled in, ``sales.mail_no_proposal``; ``sales.activity_done`` and
            ``sales.activity_cancelled`` for a plan that is over: so the same letter goes out once.
    """
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    _check(person, subject=subject, text=text)
    with transaction.atomic():
        item = items.lock(deal.pk)
        proposal = _open_proposal(deal) if LINK in text else None
        # The secret of the link goes to the customer alone; what is kept names the proposal.
        kept = text.replace(LINK, proposal.key) if proposal else text
        if activity is None:
            done = activities.log(
                item,
                kind=Activity.ActivityKind.EMAIL,
                subject=subject,
                notes=kept,
                person=person,
                by=by,
                source=SOURCE,
            )
        else:
            done = _carry_out(activity, person=person, notes=f"{subject}\n\n{kept}", by=by)
        token = ""
        if proposal is not None:
            link = proposal_links.make(proposal, by=by, address=person.email, person=person)
            token = link[1]
        tell(DealMailed(done, deal, person, subject, text, token, by))
        return done


def people_of(deal: Deal) -> list[Person]:
    """Whom one can write to: with an address, first those on the deal, then others of the company."""
    on_deal = DealPerson.objects.filter(deal=deal).values("person")
    of_company = Q(company=deal.company_id) if deal.company_id else Q(pk__in=[])
    rows = Person.objects.filter(
        Q(pk__in=on_deal) | of_company, withdrawn_at=None, merged_into=None
    ).exclude(email="")
    first = set(on_deal.values_list("person", flat=True))
    found = list(rows.order_by("sort_key", "pk")[:N_OFFERED])
    return sorted(found, key=lambda one: one.pk not in first)


def _check(person: Person, *, subject: str, text: str) -> None:
    try:
        validate_email(person.email)
    except ValidationError as error:
        raise RuleBroken(
            "sales.mail_address",
            _("We know no address of this person. Enter one on their page first."),
            needs=["person"],
        ) from error
    for name, said, longest in (
        ("subject", subject, LONGEST_SUBJECT),
        ("text", text, LONGEST_TEXT),
    ):
        if not 0 < len(said) <= longest:
            raise RuleBroken(
                "sales.mail_empty",
                _("Write something, with %(n)s characters at most.") % {"n": longest},
                needs=[name],
            )
    left = [name for name in mail_templates.left_in(subject, text) if name != PROPOSAL_LINK]
    if left or LINK in subject:
        raise RuleBroken(
            "sales.mail_left",
            _("Write what {%(name)s} stands for; nothing is known to fill it in with.")
            % {"name": left[0] if left else PROPOSAL_LINK},
            needs=["subject" if mail_templates.left_in(subject) else "text"],
        )


def _open_proposal(deal: Deal) -> Proposal:
    """The proposal that the customer can still answer, the one that was sent last."""
    sent: QuerySet[Any] = Proposal.objects.filter(deal=deal).standing(today=today(deal.workspace))
    proposal: Proposal | None = sent.filter(state__in=WAITING).order_by("-sent_version").first()
    if proposal is None:
        raise RuleBroken(
            "sales.mail_no_proposal",
            _(
                "No proposal of this deal waits for an answer. Send one first, or take the link out."
            ),
            needs=["text"],
        )
    return proposal


def _carry_out(activity: Activity, *, person: Person, notes: str, by: Member) -> Activity:
    """Complete a planned e-mail; one that is over already is refused, for its letter went out."""
    row = Activity.objects.get(pk=activity.pk)
    if row.done_at is not None:
        raise RuleBroken("sales.activity_done", _("It is done already. Take that back first."))
    row.person = person
    row.save(update_fields=["person"])
    return activities.complete(row, by=by, notes=notes)
