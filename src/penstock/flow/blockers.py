"""What stands in an item's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.flow import bus, items, replay
from penstock.flow.dating import When, when
from penstock.flow.models import Blocker, Item
from penstock.users.models import Member


def block(  # noqa: PLR0913 -- what stands in the way has that many details
    item: Item,
    *,
    cause: str,
    side: str,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    until: date | None = None,
    source_key: str | None = None,
) -> Blocker:
    """Say that something stands in the way, who can remove it, and by when that is expected.

    Said again it is another cause from then on. Calling it twice with one source key changes nothing.

    Raises:
        RuleBroken: ``flow.cause_missing`` without a cause or with an unknown side,
            ``flow.until_before`` when it would be gone before it began.
        Conflict: ``flow.source_key`` when the key was used for another blocker.
    """
    if not cause or side not in Blocker.Side.values:
        raise RuleBroken(
            "flow.cause_missing",
            _("Say what stands in the way, and who can remove it."),
            needs=["cause"],
        )
    with transaction.atomic():
        item = items.lock(item.pk)
        said = {"cause": cause[:40], "side": side, "until": until}
        if source_key and (told := _told_before(item, source_key=source_key, cause=cause[:40])):
            return told
        times = when(at, known=known)
        _check_until(item, until=until, at=times.occurred_at)
        return _write(item, said, by=by, times=times, source_key=source_key)


def clear(
    item: Item,
    *,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Blocker | None:
    """Say that the way is free; an item without a blocker stays as it is.

    Raises:
        RuleBroken: ``flow.clear_before`` when it was blocked only after that.
    """
    with transaction.atomic():
        item = items.lock(item.pk)
        if source_key and (told := _told_before(item, source_key=source_key, cause="")):
            return told
        row = replay.last(item.blockers.all()) if item.is_blocked else None
        if row is None:
            return None
        times = when(at, known=known, not_before=row.occurred_at)
        _check_not_before(item, row, at=times.occurred_at)
        return _write(item, {}, by=by, times=times, source_key=source_key)


def end(item: Item, *, by: Member | None, times: When) -> None:
    """Let nothing stand in the way of a locked item any more, because it ended; for verbs that end it."""
    row = replay.last(item.blockers.all()) if item.is_blocked else None
    if row is not None:
        at = max(times.occurred_at, row.occurred_at)
        then = replace(times, occurred_at=at, known_at=max(times.known_at, at))
        _write(item, {}, by=by, times=then, source_key=None)


def _write(
    item: Item, said: dict[str, Any], *, by: Member | None, times: When, source_key: str | None
) -> Blocker:
    items.check_time(item, at=times.occurred_at)
    row = Blocker.objects.create(
        workspace_id=item.workspace_id,
        item=item,
        by=by,
        source_key=source_key,
        **said,
        **times.columns(),
    )
    items.settle(item, "blockers")
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    return row


def _told_before(item: Item, *, source_key: str, cause: str) -> Blocker | None:
    row = Blocker.objects.filter(workspace_id=item.workspace_id, source_key=source_key).first()
    if row is not None and (row.item_id, row.cause) != (item.pk, cause):
        raise Conflict(
            "flow.source_key",
            _("This record was taken in before as another one. Give it a key of its own."),
        )
    return row


def _check_until(item: Item, *, until: date | None, at: datetime) -> None:
    if until is not None and until < at.astimezone(item.workspace.zone).date():
        raise RuleBroken(
            "flow.until_before",
            _("It cannot end before it begins. Enter a later day, or none while it is unknown."),
            needs=["until"],
        )


def _check_not_before(item: Item, row: Blocker, *, at: datetime) -> None:
    if at < row.occurred_at:
        began_on = row.occurred_at.astimezone(item.workspace.zone).date()
        raise RuleBroken(
            "flow.clear_before",
            _("It began only on %(day)s. Enter that day or a later one.")
            % {"day": date_format(began_on)},
            needs=["at", "happened_on"],
        )
