"""Moving an item: the one gate behind the board, the list, the command line and the import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.flow import bus, dating, gates, items, limits, replay
from penstock.flow.dating import When, when
from penstock.flow.models import Item, Stage, Transition
from penstock.users.models import Member

CLOSED = _("It is closed. Reopen it before you move it.")


@dataclass(frozen=True, slots=True)
class Moved:
    """An item stands in another stage."""

    item: Item
    origin: Stage
    to: Stage
    by: Member | None
    at: datetime


def move(  # noqa: PLR0913 -- the one gate hears what every door knows
    item: Item,
    *,
    to: Stage,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    seen: int | None = None,
    source_key: str | None = None,
    despite: str = "",
) -> Transition:
    """Put an item into another stage of its pipeline, forwards, backwards or skipping.

    Locks the item, asks gates and limits, writes the transition and the item's place, tells the
    other rooms; all or nothing. Calling it twice with one source key changes nothing, nor does
    calling it without a date for the stage the item is already in.

    Args:
        item: What moves.
        to: A stage in use of the item's pipeline.
        by: Who moves it; None for the product itself.
        at: When it moved, if not now; a record that comes late takes its place in history.
        known: When the company knew, if not now.
        seen: The stage the mover saw it in; another one by now is a conflict.
        source_key: Idempotency key of an outside record.
        despite: Why it passes gates whose answers are missing; it is kept as an override. Whether the
            mover may do so, the door asks.

    Raises:
        RuleBroken: ``flow.closed``, ``flow.stage_elsewhere``, ``flow.stage_retired``,
            ``flow.gate``, ``flow.wip_limit``, ``flow.future``, ``flow.before_opening``.
        Conflict: ``flow.moved_meanwhile``; ``flow.source_key`` when the key was used for another
            move.
    """
    with transaction.atomic():
        item = items.lock(item.pk)
        if source_key and (told := _told_before(item, to=to, source_key=source_key)):
            return told
        check_seen(item, seen=seen)
        is_there = item.stage_id == to.pk
        # A dated record is kept even so: another one that lies before it may still come.
        if at is None and is_there:
            return _standing(item)
        to = items.hold_stage(to, pipeline_id=item.pipeline_id)
        times = when(at, known=known, not_before=item.entered_at)
        items.check_time(item, at=times.occurred_at)
        lacking: list[str] = []
        if times.occurred_at >= item.entered_at:
            _check_open(item)
            lacking = gates.check(item, to=to, despite=despite)
        if times.occurred_at >= item.entered_at and not is_there:
            limits.check(to)
        row = enter_stage(item, to=to, by=by, times=times, source_key=source_key)
        gates.remember(row, lacking, despite=despite)
        return row


def enter_stage(
    item: Item, *, to: Stage, by: Member | None, times: When, source_key: str | None = None
) -> Transition:
    """Write that a locked item entered a stage, and tell; for verbs that asked the gates before."""
    origin = item.stage
    row = Transition.objects.create(
        workspace_id=item.workspace_id,
        item=item,
        stage=to,
        by=by,
        source_key=source_key,
        **times.columns(),
    )
    if times.occurred_at >= item.entered_at:
        item.stage, item.entered_at = to, times.occurred_at
        items.write(item, "stage_id", "entered_at")
        bus.tell(Moved(item=item, origin=origin, to=to, by=by, at=times.occurred_at))
    _announce(item, origin.pk, to.pk)
    return row


def take_back(transition: Transition, *, by: Member | None) -> Item:
    """Undo a wrong move: history keeps it, but from now on it never happened.

    Raises:
        RuleBroken: ``flow.first_move`` for the move that opened the item, ``flow.closed`` after it
            was closed.
        Conflict: ``flow.taken_back`` when it was corrected before.
    """
    return _supersede(transition, stage=None, by=by)


def correct(transition: Transition, *, to: Stage, by: Member | None) -> Item:
    """Say that a move went to another stage than was written, at the same time.

    Raises:
        RuleBroken: ``flow.same_moment`` when others of that very moment follow it: what is written anew would
            come after them.
        Conflict: ``flow.taken_back`` when it was corrected before.
    """
    return _supersede(transition, stage=to, by=by)


def _supersede(transition: Transition, *, stage: Stage | None, by: Member | None) -> Item:
    with transaction.atomic():
        item = items.lock(transition.item_id)
        _check_open(item)
        counting = replay.effective(item.transitions.all())
        if transition.pk not in {row.pk for row in counting}:
            raise Conflict(
                "flow.taken_back", _("This move was already corrected. Reload the page.")
            )
        if stage is None and len(counting) == 1:
            raise RuleBroken(
                "flow.first_move",
                _("This is how it was opened and cannot be taken back. Move it instead."),
            )
        if stage is not None:
            _check_last_of_moment(transition, counting)
            items.hold_stage(stage, pipeline_id=item.pipeline_id)
        origin = item.stage_id
        correction = Transition.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            stage_id=stage.pk if stage else transition.stage_id,
            is_void=stage is None,
            supersedes=transition,
            by=by,
            **_correcting(transition),
        )
        gates.follow(transition, correction)
        items.settle(item, "transitions")
        _announce(item, origin, item.stage_id, transition.stage_id)
        found = Item.objects.select_related("stage", "pipeline").get(pk=item.pk)
        if found.stage_id != origin:
            _tell_correction(found, origin=origin, by=by)
        return found


def _check_last_of_moment(transition: Transition, counting: list[Transition]) -> None:
    moment = transition.occurred_at
    if any(row.occurred_at == moment and row.pk > transition.pk for row in counting):
        raise RuleBroken(
            "flow.same_moment",
            _(
                "Moves that follow it are dated to the same moment. Take those back first, then correct this one."
            ),
        )


def _tell_correction(item: Item, *, origin: int, by: Member | None) -> None:
    """An item stands in another stage since a move was taken back or corrected."""
    left = Stage.objects.get(pk=origin)
    bus.tell(Moved(item=item, origin=left, to=item.stage, by=by, at=dating.now()))


def _correcting(transition: Transition) -> dict[str, Any]:
    """The same moment, known from now on, and never known before the move that it corrects."""
    times = when(None, not_before=transition.known_at)
    return times.columns() | {"occurred_at": transition.occurred_at}


def _told_before(item: Item, *, to: Stage, source_key: str) -> Transition | None:
    row = Transition.objects.filter(workspace_id=item.workspace_id, source_key=source_key).first()
    if row is not None and (row.item_id, row.stage_id) != (item.pk, to.pk):
        raise Conflict(
            "flow.source_key",
            _("This record was taken in before as another move. Give it a key of its own."),
        )
    return row


def _standing(item: Item) -> Transition:
    row = replay.last(item.transitions.all())
    assert row is not None, "an item has a first transition"
    return row


def check_seen(item: Item, *, seen: int | None) -> None:
    """Refuse to act on an item that somebody moved since it was looked at."""
    if seen is not None and seen != item.stage_id:
        raise Conflict(
            "flow.moved_meanwhile",
            _("Somebody moved it to “%(stage)s” meanwhile. Look again, then move it.")
            % {"stage": item.stage.label},
        )


def _check_open(item: Item) -> None:
    if not item.is_open:
        raise RuleBroken("flow.closed", CLOSED)


def _announce(item: Item, *stage_ids: int) -> None:
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=stage_ids)
