"""Everything that happened to an item, from all its append-only rows, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from penstock.flow.models import (
    Blocker,
    Dated,
    FieldChange,
    Item,
    Outcome,
    Override,
    Parking,
    Transition,
)

#: What is written down within this time of its happening was known at once.
AT_ONCE = timedelta(minutes=5)

Ask = Callable[[Item], QuerySet[Any]]
_stories: dict[str, Ask] = {}
_rare_stories: dict[str, tuple[type[Dated], Ask]] = {}


def connect(name: str, ask: Ask, *, rare: type[Dated] | None = None) -> None:
    """Let a room above add its own dated rows about an item to the history, under a name.

    Rows that most items lack are ``rare``: they are asked for only where there are any.
    """
    if rare is None:
        _stories[name] = ask
    else:
        _rare_stories[name] = (rare, ask)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of an item's history.

    ``row`` is the Transition, FieldChange, Outcome, Parking or Blocker itself, with its stage,
    reason and author, or a row of a room above (:func:`connect`); ``is_corrected`` when a later row
    took it away: it is shown, but no longer counts.
    """

    row: Dated
    is_corrected: bool

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.row.occurred_at

    @property
    def known_at(self) -> datetime | None:
        """When it became known, if that was later than it happened."""
        row = self.row
        return row.known_at if row.known_at - row.occurred_at > AT_ONCE else None


def of(item: Item, *, at: datetime | None = None, known: datetime | None = None) -> list[Event]:
    """The history of an item, one query per kind of row.

    Args:
        item: Whose history.
        at: Only what happened before this instant.
        known: Only what was known before this instant, corrections included.
    """
    rows = [row for kind in _kinds(item) for row in _counting(kind, at=at, known=known)]
    events = [Event(row=row, is_corrected=row.is_corrected) for row in rows]
    return sorted(
        events, key=lambda event: (event.at, event.row.recorded_at, event.row.pk), reverse=True
    )


def _kinds(item: Item) -> list[QuerySet[Any]]:
    return [
        Transition.objects.filter(item=item).select_related("stage", "by"),
        FieldChange.objects.filter(item=item).select_related("by"),
        *_rare(item),
        *(ask(item) for _name, ask in sorted(_stories.items())),
    ]


def _rare(item: Item) -> list[QuerySet[Any]]:
    """The kinds of row that most items lack: one question says which of them there are."""
    asked: dict[type[Dated], Ask] = {
        Outcome: _of(Outcome, "reason", "by"),
        Parking: _of(Parking, "by"),
        Blocker: _of(Blocker, "by"),
        Override: _of(Override, "by", "wording"),
        **dict(_rare_stories.values()),
    }
    parts = [
        f"EXISTS (SELECT 1 FROM {kind._meta.db_table} WHERE workspace_id = %s AND item_id = %s)"  # noqa: S608 -- names of tables
        for kind in asked
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [item.workspace_id, item.pk] * len(parts))
        are_there = cursor.fetchone()
    return [ask(item) for ask, is_there in zip(asked.values(), are_there, strict=True) if is_there]


def _of(kind: type[Any], *names: str) -> Ask:
    return lambda item: kind._default_manager.filter(item=item).select_related(*names)


def _counting(rows: QuerySet[Any], *, at: datetime | None, known: datetime | None) -> Iterable[Any]:
    later = rows.model.objects.filter(supersedes=OuterRef("pk"))
    if known is not None:
        later, rows = later.filter(known_at__lt=known), rows.filter(known_at__lt=known)
    if at is not None:
        rows = rows.filter(occurred_at__lt=at)
    # A void row says nothing itself: the row it takes away is shown as corrected.
    told: Iterable[Any] = rows.filter(is_void=False).annotate(is_corrected=Exists(later))
    return told
