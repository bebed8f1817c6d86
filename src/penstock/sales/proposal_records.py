"""The rows that say what happened to a version, written and read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Person
from penstock.flow import bus
from penstock.flow.dating import When
from penstock.sales.models import Proposal, ProposalEvent, ProposalNote, ProposalVersion
from penstock.users.models import Member


def write(  # noqa: PLR0913 -- an event has that many details
    version: ProposalVersion,
    *,
    kind: str,
    by: Member | None,
    times: When,
    amount: Decimal | None = None,
    options: Sequence[int] = (),
    mark: int | None = None,
    name: str = "",
    text: str = "",
    person: Person | None = None,
    source_key: str | None = None,
) -> ProposalEvent:
    """Write that something happened, and its words apart; call with the deal locked."""
    proposal = version.proposal
    event = ProposalEvent.objects.create(
        workspace_id=version.workspace_id,
        item_id=proposal.deal_id,
        proposal=proposal,
        version=version,
        kind=kind,
        by=by,
        amount=amount,
        options=list(options),
        mark=mark,
        source_key=source_key,
        **times.columns(),
    )
    if name or text:
        ProposalNote.objects.create(
            workspace_id=version.workspace_id,
            event=event,
            name=name.strip()[:200],
            text=text.strip()[:4000],
            person=person,
        )
    item = proposal.deal.item
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    return event


def sent_last(proposal: Proposal) -> ProposalVersion:
    """The version that was sent last.

    Raises:
        RuleBroken: ``proposals.not_sent``.
    """
    rows = proposal.versions.filter(sent_at__isnull=False).select_related("proposal__deal__item")
    version = rows.order_by("-number").first()
    if version is None:
        raise RuleBroken("proposals.not_sent", _("It was not sent yet. Send it first."))
    return version


def last_verdict(version: ProposalVersion) -> ProposalEvent | None:
    """What was said last about a version: accepted, declined, withdrawn or reopened."""
    rows = ProposalEvent.objects.filter(version=version, kind__in=ProposalEvent.VERDICTS)
    return rows.order_by("-occurred_at", "-pk").first()


def verdict(version: ProposalVersion) -> str:
    """How a version stands by what was said last; empty while nothing was, or again."""
    said = last_verdict(version)
    return said.kind if said and said.kind != ProposalEvent.Kind.REOPENED else ""
