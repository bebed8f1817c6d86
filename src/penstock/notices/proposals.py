"""The letter with which a proposal goes to a customer."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from penstock.notices import outbox
from penstock.notices.letters import Letter, address, paragraphs
from penstock.sales import proposal_mail
from penstock.sales.models import ProposalEvent, ProposalVersion
from penstock.sales.proposal_answers import ProposalAnswered
from penstock.sales.proposal_mail import Mailing, ProposalMailed
from penstock.users.models import Member

MEDIA_TYPE = "application/pdf"


def mail(event: ProposalMailed) -> None:
    """Mail the link, and the document where it is wanted, in the language of the proposal."""
    version, proposal = event.version, event.version.proposal
    workspace = version.workspace
    with override(proposal.language):
        named = {"key": proposal.key, "title": version.title}
        letter = Letter(
            subject=_("Proposal %(key)s: %(title)s") % named,
            paragraphs=paragraphs(event.mailing.text or usual_text(version)),
            button=_("Open the proposal"),
            url=address("open-proposal", workspace.slug, event.token),
            closing=_("You need no account: the link is meant for you. It is valid until %(day)s.")
            % {"day": date_format(version.valid_until, "DATE_FORMAT")},
            sender=_signed(event.by, workspace.name),
        )
        document = outbox.File(
            name=f"{proposal.key}-{version.number}.pdf", media_type=MEDIA_TYPE, version=version
        )
        outbox.post(
            workspace,
            letter,
            kind="proposal",
            to=outbox.To(
                address=event.link.address,
                person=event.link.person,
                reply_to=outbox.to_member(event.by).address,
            ),
            about=proposal.deal.item,
            files=[document] if event.mailing.with_document else [],
            source_key=source_key(event.link.pk),
        )


def reply(event: ProposalAnswered) -> None:
    """Mail our answer to a comment to where the proposal was mailed last; nowhere if it never was."""
    row = event.event
    if event.by is None or row.kind != ProposalEvent.Kind.COMMENTED:
        return
    last = proposal_mail.last_mailed(row.proposal)
    if last is None:
        return
    with override(row.proposal.language):
        text = _("Good day,\n\nwe answered on “%(title)s”:\n\n%(text)s") % {
            "title": row.version.title,
            "text": row.note.text,
        }
    mailing = Mailing(address=last.address, text=text)
    proposal_mail.dispatch(row.version, mailing, by=event.by)


def source_key(link_id: int) -> str:
    """By which the letter of a link is found."""
    return f"proposal:{link_id}"


def usual_text(version: ProposalVersion) -> str:
    """What the letter says unless whoever sends it writes otherwise; in the language of the proposal."""
    with override(version.proposal.language):
        return _(
            "Good day,\n\nhere is our proposal “%(title)s”. Under the link below you can read it, "
            "ask what you want to know, and accept or decline it."
        ) % {"title": version.title}


def _signed(by: Member | None, workspace: str) -> str:
    return f"{by.name}, {workspace}" if by else workspace
