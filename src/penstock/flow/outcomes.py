"""Ending an item, reopening it, parking it; each is a row of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow import bus, items, limits
from penstock.flow.dating import When, today, when
from penstock.flow.models import Item, LossReason, Outcome, Parking
from penstock.flow.models.item import OPEN
from penstock.users.models import Member


def decide(
    item: Item,
    *,
    verdict: str,
    by: Member | None,
    times: When,
    reason: LossReason | None = None,
    source_key: str | None = None,
) -> Outcome:
    """Write how a locked item ended (or, with ``open``, that it was reopened), and keep it so.

    An end is the last word on an item, so it also ends its waiting.

    Raises:
        RuleBroken: ``flow.before_opening``; ``flow.decided_later`` when something later is known
            about its end.
    """
    items.check_time(item, at=times.occurred_at)
    row = Outcome.objects.create(
        workspace_id=item.workspace_id,
        item=item,
        verdict=verdict,
        reason=reason,
        by=by,
        source_key=source_key,
        **times.columns(),
    )
    if item.parked_until is not None and verdict != Outcome.Verdict.OPEN:
        _write_parking(item, until=None, by=by, times=times)
        items.settle(item, "outcomes", "parkings")
    else:
        items.settle(item, "outcomes")
    _check_last_word(item, verdict=verdict)
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    return row


def take_back(row: Outcome | Parking, *, by: Member | None) -> None:
    """Say that an end or a waiting never was; call with the item locked, and settle it afterwards.

    It counts from now on: what was known before stays as it was known.
    """
    times = when(None, not_before=row.known_at).columns() | {"occurred_at": row.occurred_at}
    own = {"verdict", "reason_id", "until"} & set(vars(row))
    said: dict[str, Any] = {name: getattr(row, name) for name in own}
    model: Any = type(row)
    model.objects.create(
        workspace_id=row.workspace_id,
        item_id=row.item_id,
        is_void=True,
        supersedes=row,
        by=by,
        **said,
        **times,
    )
    item = row.item
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])


def reopen(item: Item, *, by: Member | None, at: datetime | None = None) -> Item:
    """Open a closed item again, in the stage where it stands; an open one stays as it is.

    Raises:
        RuleBroken: ``flow.decided_later`` for a date before it was closed; ``flow.wip_limit`` where
            the stage has no place for it.
    """
    with transaction.atomic():
        item = items.lock(item.pk)
        if not item.is_open:
            limits.check(item.stage)
            decide(
                item,
                verdict=Outcome.Verdict.OPEN,
                by=by,
                times=when(at, not_before=item.decided_at),
            )
        return item


def park(item: Item, *, until: date, by: Member | None, at: datetime | None = None) -> Parking:
    """Let an open item wait until a day; it leaves sums and rates without being lost.

    Raises:
        RuleBroken: ``flow.park_past`` for a day that is not in the future, ``flow.closed``.
    """
    with transaction.atomic():
        item = items.lock(item.pk)
        if not item.is_open:
            raise RuleBroken("flow.closed", _("It is closed. Reopen it before you park it."))
        if at is None and until <= today(item.workspace):
            raise RuleBroken(
                "flow.park_past", _("Choose a day after today to park it until."), needs=["until"]
            )
        return _set_parking(item, until=until, by=by, times=when(at))


def unpark(item: Item, *, by: Member | None, at: datetime | None = None) -> None:
    """End the waiting before its day; an item that does not wait stays as it is.

    Raises:
        RuleBroken: ``flow.wip_limit`` where the stage has no place for it.
    """
    with transaction.atomic():
        item = items.lock(item.pk)
        if item.is_parked(today(item.workspace)):
            limits.check(item.stage)
        if item.parked_until is not None:
            _set_parking(item, until=None, by=by, times=when(at))


def _set_parking(item: Item, *, until: date | None, by: Member | None, times: When) -> Parking:
    items.check_time(item, at=times.occurred_at)
    row = _write_parking(item, until=until, by=by, times=times)
    items.settle(item, "parkings")
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    return row


def _write_parking(item: Item, *, until: date | None, by: Member | None, times: When) -> Parking:
    return Parking.objects.create(
        workspace_id=item.workspace_id, item=item, until=until, by=by, **times.columns()
    )


def _check_last_word(item: Item, *, verdict: str) -> None:
    wanted = OPEN if verdict == Outcome.Verdict.OPEN else verdict
    if item.outcome != wanted:
        raise RuleBroken(
            "flow.decided_later",
            _("Something later is known about how it ended. Enter a later date."),
            needs=["at"],
        )
