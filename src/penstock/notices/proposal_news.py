"""What a seller hears of a proposal, by bell and by letter: looked at, asked about, answered, running out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from penstock.catalog import calendars
from penstock.flow.dating import today
from penstock.notices import bell, outbox, reminders, wishes
from penstock.notices.letters import Letter, address
from penstock.notices.models import Notice
from penstock.sales import proposal_paper
from penstock.sales.models import Proposal, ProposalEvent, ProposalVersion
from penstock.sales.models.proposal import WAITING
from penstock.sales.proposal_answers import ProposalAnswered, ProposalViewed
from penstock.users.models import Member, Workspace

Kind = ProposalEvent.Kind
#: So many working days before a proposal runs out its seller is told.
DAYS_AHEAD = 2
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
    seller = _seller(row.proposal)
    with override(outbox.language_of(seller)):
        named = _named(version)
        worth = _("It comes to %(amount)s without tax and is valid until %(day)s.") % {
            "amount": proposal_paper.money(version.net, version.proposal.currency),
            "day": date_format(version.valid_until, "DATE_FORMAT"),
        }
        text = _("The customer looks at “%(title)s” (%(key)s, version %(n)s) for the first time.")
        subject = _("Viewed: “%(title)s”") % named
        _tell_event(row, seller, words=(subject, [text % named, worth]))


def tell_of_answer(event: ProposalAnswered) -> None:
    """The customer said something; what our own members note is no news to them."""
    if event.by is not None:
        return
    row = event.event
    seller = _seller(row.proposal)
    note = getattr(row, "note", None)
    with override(outbox.language_of(seller)):
        named = _named(row.version) | {"name": note.name if note else _("The customer")}
        subject, text = (str(words % named) for words in ANSWERS[Kind(row.kind)])
        told = [text, note.text if note else "", _consequence(row)]
        _tell_event(row, seller, words=(subject, [part for part in told if part]))


def _tell_event(
    row: ProposalEvent, seller: Member | None, *, words: tuple[str, Sequence[str]]
) -> None:
    key = f"proposal-event:{row.pk}"
    _tell(row.version, seller, kind=row.kind, source_key=key, words=words)


def tell_of_end(workspace: Workspace) -> int:
    """Tell of proposals that run out within two working days, each version once; answers of how many.

    Safe to run again at any time. Nothing is told on a day without work, nor about a deal that is
    parked or decided.
    """
    on = today(workspace)
    calendar = calendars.of(workspace)
    if not calendar.is_working_day(on):
        return 0
    rows = Proposal.objects.filter(
        workspace=workspace, deal__item__withdrawn_at=None, deal__item__outcome=""
    )
    standing: QuerySet[Any] = rows.exclude(deal__item__parked_until__gt=on).standing(today=on)
    last = calendar.add_days(on, DAYS_AHEAD)
    due = standing.filter(state__in=WAITING, valid_until__lte=last)
    versions = ProposalVersion.objects.filter(pk__in=due.values("sent_version"))
    near = versions.select_related("proposal__deal__item__owner__account", "proposal__by__account")
    return sum(_tell_of_end(workspace, version) for version in near.order_by("valid_until", "pk"))


def _tell_of_end(workspace: Workspace, version: ProposalVersion) -> bool:
    key = f"proposal-end:{version.pk}:{version.valid_until}"
    if Notice.objects.filter(workspace=workspace, source_key=key).exists():
        return False
    seller = _seller(version.proposal)
    with override(outbox.language_of(seller)):
        named = _named(version) | {"day": date_format(version.valid_until, "DATE_FORMAT")}
        told = [
            _("“%(title)s” (%(key)s, version %(n)s) is valid until %(day)s.") % named,
            _("The customer has not answered. Speak with them, or send a new version."),
        ]
        return _tell(
            version,
            seller,
            kind=Notice.Kind.EXPIRING,
            source_key=key,
            words=(_("About to expire: “%(title)s”") % named, told),
        )


def _tell(
    version: ProposalVersion,
    seller: Member | None,
    *,
    kind: str,
    source_key: str,
    words: tuple[str, Sequence[str]],
) -> bool:
    """Ring the bell, and post the letter to who wishes it; False where nobody is there to hear."""
    proposal, workspace = version.proposal, version.workspace
    rung = bell.ring(
        seller, kind=kind, item=proposal.deal.item, proposal=proposal, source_key=source_key
    )
    if seller is None or not wishes.of(seller).has_proposals:
        return rung is not None
    subject, told = words
    outbox.post(
        workspace,
        Letter(
            subject=subject,
            paragraphs=told,
            button=_("Open the proposal"),
            url=address("proposal", workspace.slug, proposal.key),
            closing=reminders.farewell(workspace),
            sender=workspace.name,
        ),
        kind=f"proposal_{kind}",
        to=outbox.to_member(seller),
        about=proposal.deal.item,
        source_key=source_key,
    )
    return rung is not None


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


def _seller(proposal: Proposal) -> Member | None:
    """Whose deal it is; where nobody's, or of somebody without an address, who wrote the proposal."""
    owner: Member | None = proposal.deal.item.owner
    author: Member | None = proposal.by
    return owner if outbox.to_member(owner).address or author is None else author
