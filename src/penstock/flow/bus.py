"""Telling other rooms, inside the transaction, and open pages, at its commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection

CHANNEL = "penstock"
Handler = Callable[[Any], None]
_tables: dict[str, dict[type, tuple[Handler, ...]]] = {}


def connect(room: str, table: Mapping[type, Iterable[Handler]]) -> None:
    """Set which handlers of a room hear which event; called once by each room that listens."""
    _tables[room] = {event: tuple(handlers) for event, handlers in table.items()}


def tell(event: object) -> None:
    """Run all consequences of an event, here and now: what fails in them undoes the cause too.

    Rooms hear it in the order of their names, so that the order of their start does not matter.
    """
    for _room, table in sorted(_tables.items()):
        for handler in table.get(type(event), ()):
            handler(event)


def announce(workspace_id: int, *, kind: str, item_id: int, stage_ids: Iterable[int] = ()) -> None:
    """Let open pages know at commit that an item of a kind changed in these stages."""
    payload = json.dumps(
        {"workspace": workspace_id, "kind": kind, "item": item_id, "stages": sorted(set(stage_ids))}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
