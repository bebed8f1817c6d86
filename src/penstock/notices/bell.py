"""The bell: what a member should know, inside the product; read or unread, by nobody else."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from penstock.flow import bus, dating
from penstock.flow.models import Item
from penstock.notices.models import Notice
from penstock.sales.activities import ActivityPlanned
from penstock.sales.models import Activity, Proposal
from penstock.users.models import Member

#: What is told of the past, as an import or the sample company does, rings no bell.
PAST = timedelta(hours=1)


def ring(
    member: Member | None,
    *,
    kind: str,
    item: Item,
    source_key: str,
    activity: Activity | None = None,
    proposal: Proposal | None = None,
) -> Notice | None:
    """Let a member know, once per ``source_key``; nobody without an account is told."""
    if member is None or member.account_id is None or not member.is_active:
        return None
    if timezone.now() - dating.now() > PAST:
        return None
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            workspace_id=member.workspace_id,
            source_key=source_key,
            defaults={
                "member": member,
                "kind": kind,
                "item": item,
                "activity": activity,
                "proposal": proposal,
            },
        )
        if is_new:
            _announce(member)
        return notice


def read_all(member: Member) -> int:
    """Mark all of a member's notices as read; answers how many were not. Safe to call twice."""
    with transaction.atomic():
        n = Notice.objects.filter(member=member, read_at=None).update(read_at=timezone.now())
        if n:
            _announce(member)
        return n


def n_unread(member: Member) -> int:
    """How many notices a member has not read."""
    return Notice.objects.filter(member=member, read_at=None).count()


def given(event: ActivityPlanned) -> None:
    """Tell whoever is given something to do by somebody else, or by a rule."""
    activity = event.activity
    if event.by is not None and event.by.pk == activity.owner_id:
        return
    ring(
        activity.owner,
        kind=Notice.Kind.GIVEN,
        item=activity.item,
        activity=activity,
        source_key=f"given:{activity.pk}:{activity.owner_id}",
    )


def topic(member: Member) -> str:
    """What the open pages of a member listen to."""
    return f"bell-{member.pk}"


def _announce(member: Member) -> None:
    bus.announce(member.workspace_id, kind=topic(member), item_id=0)
