"""Letters to whoever sells: the customer looked at a proposal, asked, accepted or declined."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from penstock.notices import outbox
from penstock.notices.letters import Letter, address
from penstock.sales import proposal_paper
from penstock.sales.models import ProposalEvent, ProposalVersion
from penstock.sales.proposal_answers import ProposalAnswered, ProposalViewed
from penstock.users.models import Member

Kind = ProposalEvent.Kind
ANSWERS = {
    Kind.COMMENTED: (
        gettext_lazy("Comment on “%(title)s”"),
        gettext_lazy("%(name)s writes about “%(title)s” (%(key)s, version %(n)s):"),
    ),
    Kind.ACCEPTED: (
        gettext_lazy("Accepted: “%(title)s”"),
        gettext_lazy("%(name)s accepted “%(title)s” (%(key)s, version %(n)s)."),
    ),
    Kind.DECLINED: (
        gettext_lazy("Declined: “%(title)s”"),
        gettext_lazy("%(name)s declined “%(title)s” (%(key)s, version %(n)s)."),
    ),
}


def tell_of_view(event: ProposalViewed) -> None:
    """The customer looks at a version for the first time."""
    row = event.event
    version = row.version
    assert version.net is not None, "it was sent"
    seller = _seller(row)
    with override(outbox.language_of(seller)):
        named = _named(version)
        worth = _("It comes to %(amount)s without tax and is valid until %(day)s.") % {
            "amount": proposal_paper.money(version.net, version.proposal.currency),
            "day": date_format(version.valid_until, "DATE_FORMAT"),
        }
        text = _("The customer looks at “%(title)s” (%(key)s, version %(n)s) for the first time.")
        subject = _("Viewed: “%(title)s”") % named
        _tell(row, seller, subject=subject, paragraphs=[text % named, worth])


def tell_of_answer(event: ProposalAnswered) -> None:
    """The customer said something; what our own members note is no news to them."""
    if event.by is not None:
        return
    row = event.event
    seller = _seller(row)
    note = getattr(row, "note", None)
    with override(outbox.language_of(seller)):
        named = _named(row.version) | {"name": note.name if note else _("The customer")}
        subject, text = (str(words % named) for words in ANSWERS[Kind(row.kind)])
        told = [text, note.text if note else "", _consequence(row)]
        _tell(row, seller, subject=subject, paragraphs=[part for part in told if part])


def _tell(
    row: ProposalEvent, seller: Member | None, *, subject: str, paragraphs: Sequence[str]
) -> None:
    proposal, workspace = row.proposal, row.version.workspace
    outbox.post(
        workspace,
        Letter(
            subject=subject,
            paragraphs=paragraphs,
            button=_("Open the proposal"),
            url=address("proposal", workspace.slug, proposal.key),
            sender=workspace.name,
        ),
        kind=f"proposal_{row.kind}",
        to=outbox.to_member(seller),
        about=proposal.deal.item,
        source_key=f"proposal-event:{row.pk}",
    )


def _consequence(row: ProposalEvent) -> str:
    """What became of the deal."""
    if row.kind != Kind.ACCEPTED:
        return ""
    item = row.proposal.deal.item
    item.refresh_from_db(fields=["outcome"])
    if item.outcome == "won":
        return _("The deal is won, and its lines are ordered.")
    return _("The deal is still open: win it by hand.")


def _named(version: ProposalVersion) -> dict[str, object]:
    return {"title": version.title, "key": version.proposal.key, "n": version.number}


def _seller(row: ProposalEvent) -> Member | None:
    """Whose deal it is; where nobody's, or of somebody without an address, who wrote the proposal."""
    owner: Member | None = row.proposal.deal.item.owner
    author: Member | None = row.proposal.by
    return owner if outbox.to_member(owner).address or author is None else author
