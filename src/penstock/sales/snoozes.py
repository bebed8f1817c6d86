"""Putting a matter of Today off until a day, for oneself alone; nobody else's list changes."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.dating import today
from penstock.flow.models import Item
from penstock.sales.models import Snooze
from penstock.users.models import Member


def snooze(item: Item, *, kind: str, until: date, by: Member) -> Snooze:
    """Let a matter about an item rest until a day; calling it again moves the day.

    Raises:
        RuleBroken: ``sales.snooze_past``.
    """
    if until <= today(by.workspace):
        raise RuleBroken("sales.snooze_past", _("Choose a day after today."), needs=["due_on"])
    with transaction.atomic():
        row, _is_new = Snooze.objects.update_or_create(
            workspace_id=by.workspace_id,
            member=by,
            item=item,
            kind=kind,
            defaults={"until": until},
        )
        return row


def wake(snooze: Snooze) -> None:
    """Let a matter come back now. Safe to call twice."""
    Snooze.objects.filter(pk=snooze.pk).delete()


def asleep(member: Member, *, on: date) -> frozenset[tuple[int, str]]:
    """The matters that a member lets rest on a day: item and kind."""
    rows = Snooze.objects.filter(member=member, until__gt=on)
    return frozenset(rows.values_list("item_id", "kind"))
