"""Proposals on Today: the customer asked and nobody answered, it runs out, the customer looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from penstock.reports.today_sources import MOST, Asked, Found
from penstock.sales import answers
from penstock.sales.models import Activity, Proposal, ProposalEvent, ProposalState
from penstock.sales.models.proposal import WAITING

Kind = ProposalEvent.Kind
#: So many days before a proposal runs out it is on the list, and so many days after.
DAYS_AHEAD, DAYS_AFTER = 5, 14
#: A step planned for no later than this says that somebody is about to speak to the customer.
SOON = timedelta(days=1)


def proposals(asked: Asked) -> Iterable[Found]:
    """Sent proposals that wait for us: one matter each, the most pressing.

    A comment waits until we answer it, or speak with the customer. A look waits until we speak with
    them, unless a step is planned for today or tomorrow. Whatever else, a proposal that nobody
    answered is named before it runs out, and for two weeks after.
    """
    for row in _standing(asked)[:MOST]:
        kind, days = _matter(row, today=asked.today)
        if kind:
            yield _found(row, kind=kind, late_days=days)


def _standing(asked: Asked) -> QuerySet[Any]:
    """The proposals that the customer has not answered, each with what both sides did last."""
    rows = Proposal.objects.visible_to(asked.member).filter(
        asked.of_owner("deal__item__owner"), deal__item__outcome=""
    )
    rows = rows.exclude(deal__item__parked_until__gt=asked.today)
    standing: QuerySet[Any] = rows.standing(today=asked.today)
    standing = standing.filter(
        Q(state__in=WAITING)
        | Q(
            state=ProposalState.EXPIRED,
            valid_until__gte=asked.today - timedelta(days=DAYS_AFTER),
        )
    )
    standing = standing.annotate(
        commented_at=_last(Q(kind=Kind.COMMENTED, by=None)),
        ours_at=Greatest(
            _last(Q(kind=Kind.SENT)), _last(Q(kind=Kind.COMMENTED) & ~Q(by=None)), _spoken()
        ),
    )
    near = standing.select_related("deal__item__owner", "deal__item__stage", "deal__company")
    return near.order_by("valid_until", "pk")


def _last(which: Q) -> Subquery:
    """When something happened last to the version that was sent last."""
    events = ProposalEvent.objects.filter(which, version_id=OuterRef("sent_version"))
    return Subquery(
        events.order_by().values("version").annotate(at=Max("occurred_at")).values("at")
    )


def _spoken() -> Subquery:
    """When somebody was last reached about the deal."""
    done = Activity.objects.filter(
        item_id=OuterRef("deal_id"), kind__in=answers.CONTACTS, done_at__isnull=False
    ).exclude(result=Activity.Result.NOT_REACHED)
    return Subquery(done.order_by().values("item").annotate(at=Max("done_at")).values("at"))


def _matter(row: Any, *, today: date) -> tuple[str, float]:
    """Which matter a proposal is, and for how many days; an empty kind for none."""
    if _is_unanswered(row.commented_at, row.ours_at):
        return "commented", _days_since(row.commented_at)
    if row.valid_until <= today + timedelta(days=DAYS_AHEAD):
        return "expiring", (today - row.valid_until).days
    step_on = row.deal.next_step_on
    is_planned = step_on is not None and step_on <= today + SOON
    if _is_unanswered(row.last_viewed_at, row.ours_at) and not is_planned:
        return "viewed", _days_since(row.last_viewed_at)
    return "", 0


def _is_unanswered(theirs: Any, ours: Any) -> bool:
    return theirs is not None and (ours is None or theirs > ours)


def _days_since(at: Any) -> float:
    return float((timezone.now() - at).total_seconds()) / 86400


def _found(row: Any, *, kind: str, late_days: float) -> Found:
    item = row.deal.item
    return Found(
        kind=kind,
        item_id=item.pk,
        item_kind=item.kind,
        key=item.key,
        title=item.title,
        company=row.deal.company.name if row.deal.company else "",
        owner=item.owner.name if item.owner else "",
        late_days=late_days,
        amount=row.deal.amount,
        currency=row.deal.currency,
        chance=item.stage.probability,
        about=row.key,
        n=row.n_views,
        due_on=row.valid_until,
        due_at=row.commented_at if kind == "commented" else row.last_viewed_at,
    )
