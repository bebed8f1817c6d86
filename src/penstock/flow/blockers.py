"""What stands in an item's way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow import bus, items
from penstock.flow.dating import when
from penstock.flow.models import Blocker, Item
from penstock.users.models import Member


def block(
    item: Item, *, cause: str, side: str, by: Member | None, at: datetime | None = None
) -> Blocker:
    """Say that something stands in the way, and who can remove it.

    Raises:
        RuleBroken: ``flow.cause_missing`` without a cause or with an unknown side.
    """
    if not cause or side not in Blocker.Side.values:
        raise RuleBroken(
            "flow.cause_missing",
            _("Say what stands in the way, and who can remove it."),
            needs=["cause"],
        )
    return _write(item, cause=cause, side=side, by=by, at=at)


def clear(item: Item, *, by: Member | None, at: datetime | None = None) -> Blocker | None:
    """Say that the way is free; an item without a blocker stays as it is."""
    with transaction.atomic():
        item = items.lock(item.pk)
        return _write(item, cause="", side="", by=by, at=at) if item.is_blocked else None


def _write(item: Item, *, cause: str, side: str, by: Member | None, at: datetime | None) -> Blocker:
    with transaction.atomic():
        item = items.lock(item.pk)
        times = when(at)
        items.check_time(item, at=times.occurred_at)
        row = Blocker.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            cause=cause,
            side=side,
            by=by,
            **times.columns(),
        )
        items.settle(item, "blockers")
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
        return row
