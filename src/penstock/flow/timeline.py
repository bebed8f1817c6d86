"""Everything that happened to an item, from all its append-only rows, newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet

from penstock.flow.models import (
    Blocker,
    Dated,
    FieldChange,
    Item,
    Link,
    Outcome,
    Override,
    Parking,
    Transition,
)
from penstock.users.kept import Kept

#: What is written down within this time of its happening was known at once.
AT_ONCE = timedelta(minutes=5)

Ask = Callable[[Item], QuerySet[Any]]
_stories: dict[str, Ask] = {}
_rare_stories: dict[str, tuple[type[Dated], Ask]] = {}
#: Tables about an item that most items lack, and the columns that may name the item.
_rare_tables: dict[type[Model], Sequence[str]] = {Link: ("source_id", "target_id")}


def connect(name: str, ask: Ask, *, rare: type[Dated] | None = None) -> None:
    """Let a room above add its own dated rows about an item to the history, under a name.

    Rows that most items lack are ``rare``: they are asked for only where there are any.
    """
    if rare is None:
        _stories[name] = ask
    else:
        _rare_stories[name] = (rare, ask)


#: Tables by which an item answers for others, so that theirs must be looked for too.
_widening: set[type[Model]] = set()


def look_for(table: type[Model], *, by: str, widens: bool = False) -> None:
    """Let :func:`held` say of a further table whether it holds anything about an item.

    Args:
        table: Rows that most items lack.
        by: The column that names the item.
        widens: By such a row an item answers for others: then anything may be there.
    """
    _rare_tables[table] = (by,)
    if widens:
        _widening.add(table)


def held(item: Item) -> frozenset[type[Model]]:
    """Which of the tables that are rarely needed hold something about an item: one question for all.

    A page that shows much of one item asks only these.
    """
    tables: dict[Any, Sequence[str]] = dict.fromkeys(_rare(), ("item_id",))
    tables |= _rare_tables
    parts, values = [], []
    for table, columns in tables.items():
        name = table._meta.db_table
        found = [
            f"EXISTS (SELECT 1 FROM {name} WHERE workspace_id = %s AND {column} = %s)"  # noqa: S608 -- names of tables and columns
            for column in columns
        ]
        parts.append(f"({' OR '.join(found)})")
        values += [item.workspace_id, item.pk] * len(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        answers = cursor.fetchone()
    there = frozenset(table for table, answer in zip(tables, answers, strict=True) if answer)
    return there | frozenset(tables) if there & _widening else there


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


def of(
    item: Item,
    *,
    at: datetime | None = None,
    known: datetime | None = None,
    there: Collection[type[Model]] | None = None,
) -> list[Event]:
    """The history of an item, one query per kind of row.

    Args:
        item: Whose history.
        at: Only what happened before this instant.
        known: Only what was known before this instant, corrections included.
        there: What :func:`held` said, if it was asked already.
    """
    there = held(item) if there is None else there
    rows = _often(item, at=at, known=known)
    for kind in _kinds(item, there):
        rows.extend(_counting(kind, at=at, known=known))
    events = [Event(row=row, is_corrected=row.is_corrected) for row in rows]
    return sorted(
        events, key=lambda event: (event.at, event.row.recorded_at, event.row.pk), reverse=True
    )


_places = Kept(lambda item_id: _counting(_places_of(item_id)))
_changes = Kept(lambda item_id: _counting(_changes_of(item_id)))


def _often(item: Item, *, at: datetime | None, known: datetime | None) -> list[Any]:
    """What every item has: places and facts."""
    if at is None and known is None:
        return [*_places(item.pk), *_changes(item.pk)]
    both: tuple[QuerySet[Any], ...] = _places_of(item.pk), _changes_of(item.pk)
    return [row for kind in both for row in _counting(kind, at=at, known=known)]


def _places_of(item_id: int) -> QuerySet[Transition]:
    return Transition.objects.filter(item_id=item_id).select_related("stage", "by")


def _changes_of(item_id: int) -> QuerySet[FieldChange]:
    return FieldChange.objects.filter(item_id=item_id).select_related("by")


def _kinds(item: Item, there: Collection[type[Model]]) -> list[QuerySet[Any]]:
    return [
        *(ask(item) for kind, ask in _rare().items() if kind in there),
        *(ask(item) for _name, ask in sorted(_stories.items())),
    ]


def _rare() -> dict[type[Dated], Ask]:
    return {
        Outcome: _of(Outcome, "reason", "by"),
        Parking: _of(Parking, "by"),
        Blocker: _of(Blocker, "by"),
        Override: _of(Override, "by", "wording"),
        **dict(_rare_stories.values()),
    }


def _of(kind: type[Any], *names: str) -> Ask:
    return lambda item: kind._default_manager.filter(item=item).select_related(*names)


def _counting(
    rows: QuerySet[Any], *, at: datetime | None = None, known: datetime | None = None
) -> QuerySet[Any]:
    later = rows.model.objects.filter(supersedes=OuterRef("pk"))
    if known is not None:
        later, rows = later.filter(known_at__lt=known), rows.filter(known_at__lt=known)
    if at is not None:
        rows = rows.filter(occurred_at__lt=at)
    # A void row says nothing itself: the row it takes away is shown as corrected.
    told: QuerySet[Any] = rows.filter(is_void=False).annotate(is_corrected=Exists(later))
    return told
