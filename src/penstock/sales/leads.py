"""Leads: those that wait for somebody, and taking up one by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from penstock.contacts.models import Company, Person
from penstock.flow import bus
from penstock.flow.models import Pipeline
from penstock.sales import activities, answers, deals, touches
from penstock.sales.models import Activity, Campaign, Deal, DealPerson, Touch
from penstock.sales.models.deal import DealQuerySet
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Somebody took up a lead by hand, and it waits for an answer."""

    deal: Deal
    by: Member | None


def take_up(  # noqa: PLR0913 -- a lead has that many sides
    pipeline: Pipeline,
    *,
    title: str,
    channel: str,
    by: Member | None,
    owner: Member | None = None,
    company: Company | None = None,
    person: Person | None = None,
    campaign: Campaign | None = None,
    message: str = "",
    was_met: bool = False,
    at: datetime | None = None,
) -> Deal:
    """Open a lead that somebody took up by hand, such as a call or a card from a fair; its clock runs.

    Args:
        pipeline: Where it stands.
        title: What it is about.
        channel: How the customer came.
        by: Who writes it down.
        owner: Whose it is.
        company: The customer.
        person: Who asked.
        campaign: What brought them.
        message: What they said; kept as a note.
        was_met: Whether somebody spoke with them already: the clock stops at once.
        at: When it came, if not now.

    Raises:
        RuleBroken: ``sales.channel``, ``flow.future``, and those of :func:`penstock.sales.deals.open_deal`.
    """
    with transaction.atomic():
        deal = deals.open_deal(pipeline, title=title, by=by, owner=owner, company=company, at=at)
        if person is not None:
            deals.add_person(deal, person=person, part=DealPerson.Part.CONTACT, by=by)
        touches.record(deal, by=by, channel=channel, campaign=campaign, at=at)
        kinds = Activity.ActivityKind
        if message.strip():
            activities.log(deal.item, kind=kinds.NOTE, by=by, notes=message, person=person, at=at)
        answers.start(deal, at=at)
        if was_met:
            kind = kinds.CALL if channel == "phone" else kinds.MEETING
            activities.log(
                deal.item, kind=kind, by=by, person=person, result=Activity.Result.REACHED, at=at
            )
        else:
            bus.tell(TakenUp(deal=deal, by=by))
        return deal


def waiting(visible: DealQuerySet) -> DealQuerySet:
    """Open deals that are not qualified yet, with ``first_channel`` and ``first_campaign``, the most urgent first.

    First those that nobody answered, by the end of their time; then those without a clock; then those that
    were answered, the last first.
    """
    counting = Touch.objects.filter(
        item=OuterRef("item"), is_void=False, superseded_by=None
    ).order_by("occurred_at", "pk")
    rows = (
        visible.open()
        .filter(qualified_at=None)
        .annotate(
            first_channel=Subquery(counting.values("channel")[:1]),
            first_campaign=Subquery(counting.values("campaign__name")[:1]),
        )
    )
    return rows.order_by(
        F("clock__answered_at").desc(nulls_first=True),
        F("clock__due_at").asc(nulls_last=True),
        "-item__opened_at",
        "pk",
    )


def by_channel(code: str, stated: list[str]) -> Q:
    """Leads whose first touch was by a channel, or that state one of these sources and have no touch."""
    return Q(first_channel=code) | Q(first_channel=None, channel__in=stated)
