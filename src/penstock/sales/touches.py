"""How customers came: each touch is written down as a row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.base.tracking import UTM, Trace
from penstock.contacts.models import Person
from penstock.flow import bus, items
from penstock.flow.dating import When, when
from penstock.flow.models import Item
from penstock.sales import channels
from penstock.sales.models import Campaign, Channel, Deal, Touch, TouchTrace
from penstock.users.models import Member

#: A deal and all that were merged into it, in one question.
ANSWERED_BY = """
    WITH RECURSIVE answered (id) AS (
        SELECT %s::bigint
        UNION
        SELECT m.gone_id FROM contacts_merge m JOIN answered ON m.kept_id = answered.id
        WHERE m.workspace_id = %s AND m.noun = 'deal' AND m.undone_at IS NULL
    )
    SELECT id FROM answered
"""


def record(  # noqa: PLR0913 -- a touch has that many sides
    deal: Deal,
    *,
    by: Member | None,
    channel: str = "",
    campaign: Campaign | None = None,
    trace: Trace | None = None,
    at: datetime | None = None,
    source_key: str | None = None,
) -> Touch:
    """Write down how a customer came; it may have been before the deal was opened.

    What the addresses say counts; ``channel`` and ``campaign`` stand in where they say nothing. Safe to
    call twice with one source key.

    Raises:
        RuleBroken: ``sales.channel``, ``flow.future``.
        Conflict: ``flow.source_key`` for a key that another deal's touch has.
    """
    if channel and channel not in Channel.values:
        raise RuleBroken("sales.channel", _("Choose one of the channels."), needs=["channel"])
    with transaction.atomic():
        item = items.lock(deal.pk)
        if source_key and (told := _told_before(item, source_key)):
            return told
        trace = trace or Trace()
        how = channels.came(item.workspace, trace, channel=channel, campaign=campaign)
        touch = Touch.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            channel=how.channel,
            campaign=how.campaign,
            by=by,
            source_key=source_key,
            **when(at).columns(),
        )
        _keep_trace(touch, trace)
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
        return touch


def withdraw(touch: Touch, *, by: Member | None) -> None:
    """Say that there was no such touch; history keeps it.

    Raises:
        Conflict: ``sales.touch_gone`` when it was taken back before.
    """
    with transaction.atomic():
        item = items.lock(touch.item_id)
        if touch.is_void or Touch.objects.filter(supersedes=touch).exists():
            raise Conflict("sales.touch_gone", _("This was taken back before. Reload the page."))
        times = when(None, not_before=touch.known_at)
        correcting = When(occurred_at=touch.occurred_at, known_at=times.known_at, batch=times.batch)
        Touch.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            channel=touch.channel,
            campaign_id=touch.campaign_id,
            by=by,
            supersedes=touch,
            is_void=True,
            **correcting.columns(),
        )
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])


def touch_of(deal: Deal, touch_id: int) -> Touch:
    """A touch of a deal that counts.

    Raises:
        NotFound: ``sales.no_touch``.
    """
    found = Touch.objects.filter(
        pk=touch_id, item_id=deal.pk, is_void=False, superseded_by=None
    ).first()
    if found is None:
        raise NotFound("sales.no_touch", _("There is no such touch by now. Reload the page."))
    return found


def told_of(item: Item) -> QuerySet[Touch]:
    """All touches of an item and of those that it answers for since a merge, for its history."""
    ids = RawSQL(ANSWERED_BY, [item.pk, item.workspace_id])  # noqa: S611 -- constant text, parameters
    rows = Touch.objects.filter(item_id__in=ids)
    return rows.select_related("by", "campaign", "trace")


def forget(person: Person) -> None:
    """Erase what addresses said of the deals on which a person stands; channel and campaign stay."""
    TouchTrace.objects.filter(touch__item__deal__people__person=person).delete()


def _keep_trace(touch: Touch, trace: Trace) -> None:
    if trace.utm or trace.landing or trace.referrer:
        TouchTrace.objects.create(
            workspace_id=touch.workspace_id,
            touch=touch,
            landing=trace.landing,
            referrer=trace.referrer,
            **{name: trace.utm.get(name, "") for name in UTM},
        )


def _told_before(item: Item, source_key: str) -> Touch | None:
    row = Touch.objects.filter(workspace_id=item.workspace_id, source_key=source_key).first()
    if row is not None and row.item_id != item.pk:
        raise Conflict(
            "flow.source_key",
            _("This record was taken in before for another deal. Give it a key of its own."),
        )
    return row
