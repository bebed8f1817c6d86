"""Reminders before something is due at an hour: the bell, and a letter for who wishes one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from penstock.flow.models import Kind
from penstock.notices import bell, outbox, wishes
from penstock.notices.letters import Letter, address
from penstock.notices.models import Notice, Wishes
from penstock.sales.models import Activity
from penstock.users.models import Member, Workspace

#: Nobody wishes to be reminded earlier than this.
FAR = timedelta(minutes=wishes.LONGEST_MINUTES)


def before_due(workspace: Workspace) -> int:
    """Remind of what is due soon, each once; answers of how many. Safe to run again at any time.

    Nobody without an account is reminded, and nobody of what is done, cancelled, lost or parked.
    """
    now, n = timezone.now(), 0
    today = now.astimezone(workspace.zone).date()
    rows = Activity.objects.waiting(today).filter(
        workspace=workspace, due_at__gt=now, due_at__lte=now + FAR
    )
    chosen = wishes.of_all(workspace.pk)
    for activity in rows.select_related("item", "owner__account", "owner__workspace"):
        owner = activity.owner
        if owner is None or not _is_time(activity, chosen.get(owner.pk) or Wishes(), now=now):
            continue
        n += _remind(workspace, activity, owner)
    return n


def _is_time(activity: Activity, wish: Wishes, *, now: datetime) -> bool:
    assert activity.due_at is not None, "only what has an hour is asked for"
    return now >= activity.due_at - timedelta(minutes=wish.minutes_before)


def _remind(workspace: Workspace, activity: Activity, owner: Member) -> bool:
    assert activity.due_at is not None, "only what has an hour is asked for"
    key = f"soon:{activity.pk}:{activity.due_at.isoformat()}"
    if Notice.objects.filter(workspace=workspace, source_key=key).exists():
        return False
    notice = bell.ring(
        owner, kind=Notice.Kind.SOON, item=activity.item, activity=activity, source_key=key
    )
    if notice is None:
        return False
    outbox.post(
        workspace,
        _letter(workspace, activity, owner),
        kind="reminder",
        to=outbox.to_member(owner),
        about=activity.item,
        source_key=key,
    )
    return True


def _letter(workspace: Workspace, activity: Activity, owner: Member) -> Letter:
    assert activity.due_at is not None, "only what has an hour is asked for"
    with override(outbox.language_of(owner)):
        time = date_format(activity.due_at.astimezone(workspace.zone), "TIME_FORMAT")
        values = {"what": str(activity), "time": time, "title": activity.item.title}
        return Letter(
            subject=_("%(time)s: %(what)s") % values,
            paragraphs=[_("At %(time)s: %(what)s (%(title)s).") % values],
            button=_("Open"),
            url=page_of(workspace, kind=activity.item.kind, key=activity.item.key),
            closing=farewell(workspace),
            sender=workspace.name,
        )


def page_of(workspace: Workspace, *, kind: str, key: str) -> str:
    """Where something is done about an item."""
    names = {Kind.DEAL: "deal", Kind.ORDER: "order"}
    name = names.get(Kind(kind))
    return address(name, workspace.slug, key) if name else address("today", workspace.slug)


def farewell(workspace: Workspace) -> str:
    """How to get no more of these letters."""
    return _("Choose which letters you get: %(url)s") % {"url": address("wishes", workspace.slug)}
