"""Opening items, locking them, and keeping their state equal to their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotFound, RuleBroken
from penstock.base.keys import format_key
from penstock.flow import bus, limits, replay
from penstock.flow.dating import When
from penstock.flow.models import FieldChange, Item, Kind, Pipeline, Stage, Transition
from penstock.flow.models.item import OPEN
from penstock.users.models import Member

PREFIXES = {Kind.DEAL: "DEAL", Kind.ORDER: "ORD", Kind.WORK: "WORK", Kind.CHANGE: "CHG"}
FOLLOWING = (Kind.ORDER, Kind.WORK)

Keep = Callable[[Sequence[int]], None]
_keep_also: dict[str, Keep] = {}

ELSEWHERE = _("This stage belongs to another pipeline. Choose one of its own.")


def open_item(  # noqa: PLR0913 -- an item has that many details
    *,
    pipeline: Pipeline,
    title: str,
    by: Member | None,
    times: When,
    stage: Stage | None = None,
    owner: Member | None = None,
    source_key: str | None = None,
) -> Item:
    """Put a new item into the first stage of a pipeline, or into the one named.

    Asks the limit of the stage, but not for an order and its work, which follow from what was
    agreed, nor for an import. Writes the item, its first transition and, if it has one, its owner.
    Call inside the verb's transaction.

    Raises:
        RuleBroken: ``flow.title_missing``, ``flow.no_stage``, ``flow.stage_elsewhere``,
            ``flow.stage_retired`` or ``flow.wip_limit``.
    """
    if not title.strip():
        raise RuleBroken("flow.title_missing", _("Give it a title."), needs=["title"])
    place = hold_stage(stage or first_stage(pipeline), pipeline_id=pipeline.pk)
    if pipeline.kind not in FOLLOWING and times.batch is None:
        limits.check(place)
    item = Item.objects.create(
        workspace_id=pipeline.workspace_id,
        key=next_keys(pipeline.workspace_id, kind=Kind(pipeline.kind), n=1)[0],
        kind=pipeline.kind,
        pipeline=pipeline,
        stage=place,
        title=title.strip()[:250],
        owner=owner,
        opened_at=times.occurred_at,
        entered_at=times.occurred_at,
        batch=times.batch,
    )
    common = {"workspace_id": item.workspace_id, "item": item, "by": by}
    Transition.objects.create(stage=place, source_key=source_key, **common, **times.columns())
    if owner is not None:
        FieldChange.objects.create(field="owner", value=str(owner.pk), **common, **times.columns())
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[place.pk])
    return item


def first_stage(pipeline: Pipeline) -> Stage:
    """The first stage in use."""
    stage = pipeline.stages.filter(retired_at=None).order_by("position", "id").first()
    if stage is None:
        raise RuleBroken(
            "flow.no_stage", _("This pipeline has no stage in use. Add one in the settings first.")
        )
    return stage


def hold_stage(stage: Stage, *, pipeline_id: int) -> Stage:
    """Read a stage afresh and keep it in use until the end of the transaction.

    The share lock makes whoever retires the stage wait, so that nothing can enter it while it goes
    out of use.

    Raises:
        RuleBroken: ``flow.stage_elsewhere`` for a stage of another pipeline,
            ``flow.stage_retired``.
    """
    found = Stage.objects.raw("SELECT * FROM flow_stage WHERE id = %s FOR KEY SHARE", [stage.pk])
    held = next(iter(found), None)
    if held is None or held.pipeline_id != pipeline_id:
        raise RuleBroken("flow.stage_elsewhere", ELSEWHERE)
    if held.retired_at is not None:
        raise RuleBroken(
            "flow.stage_retired", _("This stage is no longer in use. Choose one that is.")
        )
    return held


def check_time(item: Item, *, at: datetime) -> None:
    """Refuse what would have happened to an item before it was opened.

    Raises:
        RuleBroken: ``flow.before_opening``.
    """
    if at < item.opened_at:
        opened_on = item.opened_at.astimezone(item.workspace.zone).date()
        raise RuleBroken(
            "flow.before_opening",
            _("It was opened after this date. Enter a date on or after %(day)s.")
            % {"day": date_format(opened_on)},
        )


def next_keys(workspace_id: int, *, kind: Kind, n: int) -> list[str]:
    """Take the next ``n`` human keys of a kind; whoever comes meanwhile waits for the commit."""
    return next_numbered(workspace_id, prefix=PREFIXES[kind], n=n)


def next_numbered(workspace_id: int, *, prefix: str, n: int = 1) -> list[str]:
    """Take the next ``n`` human keys with a prefix, for what is numbered without being an item."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flow_keycounter (workspace_id, prefix, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (workspace_id, prefix) "
            "DO UPDATE SET last = flow_keycounter.last + %s RETURNING last",
            [workspace_id, prefix, n, n],
        )
        last = cursor.fetchone()[0]
    return [format_key(prefix, number) for number in range(last - n + 1, last + 1)]


def lock(item_id: int) -> Item:
    """Lock an item for the rest of the transaction: the first lock of every verb.

    Raises:
        NotFound: It is not there, or its import was reverted.
    """
    # Rows are never deleted and their keys never change, so the weaker lock excludes other verbs,
    # and lets rows that point here be written meanwhile. The stage is read afterwards: a join would
    # look for the stage in which the item stood before the wait, and find nothing.
    rows = Item.objects.select_for_update(no_key=True).filter(pk=item_id, withdrawn_at=None)
    item = rows.first()
    if item is None:
        raise NotFound(
            "flow.item_gone", _("It is no longer there. Reload the page to see what is.")
        )
    item.stage = Stage.objects.select_related("pipeline").get(pk=item.stage_id)
    item.pipeline = item.stage.pipeline
    return item


def settle(item: Item, *stories: str) -> None:
    """Make the state kept on a locked item equal to the last word of its rows.

    Args:
        item: A locked item.
        *stories: Which of its rows changed: transitions, outcomes, parkings, blockers; all if none
            is named.
    """
    write(item, *(field for story in stories or _KEEPERS for field in _KEEPERS[story](item)))
    if item.kind in _keep_also and (not stories or "outcomes" in stories):
        _keep_also[item.kind]([item.pk])


def connect(kind: str, keep: Keep) -> None:
    """Let a room above keep what follows from the ends of its items; called with their ids."""
    _keep_also[kind] = keep


def keep_also(item_ids: Sequence[int]) -> None:
    """Let the rooms above keep what follows from the ends of some items of any kind."""
    for keep in _keep_also.values():
        keep(item_ids)


def _keep_place(item: Item) -> tuple[str, ...]:
    row = replay.last(item.transitions.all())
    if row is not None:
        item.stage_id, item.entered_at = row.stage_id, row.occurred_at
    return ("stage_id", "entered_at")


def _keep_ending(item: Item) -> tuple[str, ...]:
    row = replay.last(item.outcomes.all())
    is_decided = row is not None and row.verdict != "open"
    item.outcome = row.verdict if row is not None and is_decided else OPEN
    item.decided_at = row.occurred_at if row is not None and is_decided else None
    return ("outcome", "decided_at")


def _keep_waiting(item: Item) -> tuple[str, ...]:
    row = replay.last(item.parkings.all())
    item.parked_until = row.until if row else None
    return ("parked_until",)


def _keep_blocked(item: Item) -> tuple[str, ...]:
    row = replay.last(item.blockers.all())
    item.is_blocked = bool(row and row.cause)
    return ("is_blocked",)


_KEEPERS = {
    "transitions": _keep_place,
    "outcomes": _keep_ending,
    "parkings": _keep_waiting,
    "blockers": _keep_blocked,
}


def write(item: Item, *fields: str) -> None:
    """Store some of an item's columns, without signals or a read before."""
    values: dict[str, Any] = {field: getattr(item, field) for field in fields}
    Item.objects.filter(pk=item.pk).update(**values)


def rename(item: Item, *, title: str) -> None:
    """Give an item another title; titles have no history, for they may hold personal data."""
    if not title.strip():
        raise RuleBroken("flow.title_missing", _("Give it a title."), needs=["title"])
    with transaction.atomic():
        item.title = title.strip()[:250]
        write(item, "title")
