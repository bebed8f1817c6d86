"""Which version of which proposal counts for a deal, and how the deal's amount follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery

from penstock.sales import deals
from penstock.sales.models import Deal, ProposalEvent, ProposalVersion
from penstock.users.models import Member

Kind = ProposalEvent.Kind


@dataclass(frozen=True, slots=True)
class Counting:
    """The version that counts, its sum without tax, and the optional lines in it."""

    version: ProposalVersion
    amount: Decimal
    options: tuple[int, ...] = ()
    is_accepted: bool = False


def counting(deal_id: int) -> Counting | None:
    """The accepted version, or else the one sent last that was not withdrawn; None for neither."""
    return accepted(deal_id) or _sent_last(deal_id)


def accepted(deal_id: int) -> Counting | None:
    """The version that was accepted and not reopened since; there is at most one on a deal."""
    verdicts = ProposalEvent.objects.filter(item_id=deal_id, kind__in=ProposalEvent.VERDICTS)
    last = (
        verdicts.select_related("version__proposal")
        .order_by("version_id", "-occurred_at", "-pk")
        .distinct("version_id")
    )
    found = [row for row in last if row.kind == Kind.ACCEPTED]
    if not found:
        return None
    row = max(found, key=lambda one: (one.occurred_at, one.pk))
    assert row.amount is not None, "an acceptance has its sum"
    return Counting(row.version, row.amount, tuple(row.options), is_accepted=True)


def ordered(deal_id: int) -> ProposalVersion | None:
    """The version whose lines its order stands for."""
    row = (
        ProposalEvent.objects.filter(item_id=deal_id, kind=Kind.ORDERED)
        .select_related("version__proposal")
        .order_by("-occurred_at", "-pk")
        .first()
    )
    return row.version if row else None


def follow(deal: Deal, *, by: Member | None, at: datetime | None) -> Deal:
    """Let a deal's amount be that of the version that counts; call with the deal locked.

    Where none counts any more, the amount stays as it is: somebody said it, if only by offering it.
    """
    found = counting(deal.pk)
    offered = (found.amount, found.version.proposal.currency) if found else (None, "")
    Deal.objects.filter(pk=deal.pk).update(offered_amount=offered[0], offered_currency=offered[1])
    if found is None:
        return Deal.objects.select_related("item__stage").get(pk=deal.pk)
    return deals.change(deal, by=by, at=at, amount=offered[0], currency=offered[1])


def keep(deal_id: int) -> None:
    """Say again on the deal what counts for it, without touching its amount."""
    found = counting(deal_id)
    offered = (found.amount, found.version.proposal.currency) if found else (None, "")
    Deal.objects.filter(pk=deal_id).update(offered_amount=offered[0], offered_currency=offered[1])


def _sent_last(deal_id: int) -> Counting | None:
    verdicts = ProposalEvent.objects.filter(
        version=OuterRef("pk"), kind__in=ProposalEvent.VERDICTS
    ).order_by("-occurred_at", "-pk")
    version = (
        ProposalVersion.objects.filter(proposal__deal_id=deal_id, sent_at__isnull=False)
        .annotate(verdict=Subquery(verdicts.values("kind")[:1]))
        .filter(Q(verdict=None) | ~Q(verdict=Kind.WITHDRAWN))
        .select_related("proposal")
        .order_by("-sent_at", "-pk")
        .first()
    )
    if version is None:
        return None
    assert version.net is not None, "what is sent has its sums"
    return Counting(version, version.net)
