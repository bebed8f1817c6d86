"""One connection per process that hears what verbs announce at commit (``flow.bus.announce``)."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from django.db import connections
from psycopg import AsyncConnection, Error, sql

from penstock.flow import bus
from penstock.web.events.hub import Hub

#: A line that breaks without a word is noticed within a minute.
KEEPALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "connect_timeout": 10,
}
#: What Django adds to the parameters of a connection for itself.
OF_DJANGO = frozenset({"cursor_factory", "context", "prepare_threshold"})
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

log = logging.getLogger("penstock.events")


async def listen(hub: Hub) -> None:
    """Pass on every announcement, for ever; connect again when the connection breaks.

    Whatever was announced before was not heard, so that every page then looks at everything.
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            async with await AsyncConnection.connect(**parameters(), autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(bus.CHANNEL)))
                hub.tell_all()
                pause = SHORTEST_PAUSE
                async for notice in connection.notifies():
                    pass_on(hub, notice.payload)
        except (Error, OSError) as error:
            log.warning("live updates wait for the database: %s", str(error).strip())
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def parameters() -> dict[str, Any]:
    """How to connect: as the pages do."""
    given = connections["default"].get_connection_params()
    return KEEPALIVE | {name: value for name, value in given.items() if name not in OF_DJANGO}


def pass_on(hub: Hub, payload: str) -> None:
    """Tell the pages of a workspace what changed: a kind of item and ids of stages, and nothing else."""
    try:
        told = json.loads(payload)
        workspace_id, stages = int(told["workspace"]), [int(stage) for stage in told["stages"]]
        kind = str(told.get("kind", ""))
    except (ValueError, TypeError, KeyError):
        log.warning("an announcement that nobody understands was dropped")
        return
    topics = [f"stage-{stage}" for stage in stages]
    hub.tell(workspace_id, [*topics, f"kind-{kind}"] if kind else topics)
