"""One embedded server for many processes: first one in starts it, last one out stops it."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from penstock.config import env
from penstock.config.postgres import locks, logins
from penstock.config.postgres.cluster import Cluster

_held: dict[Path, int] = {}


def default_cluster() -> Cluster:
    """The server in this process's home."""
    return Cluster.of_home(env.read().home)


def ensure_running(cluster: Cluster | None = None) -> None:
    """Have the embedded server run for as long as this process needs it; safe to call again.

    Does nothing when ``DATABASE_URL`` names another server. Otherwise starts the server unless it
    runs, makes the logins, and counts this process as one of its users until ``release`` or the end
    of the process.

    Raises:
        Unavailable: PostgreSQL cannot start.
    """
    if cluster is None:
        if not env.read().is_embedded:
            return
        cluster = default_cluster()
    cluster.make_root()
    with locks.door(cluster.root):
        cluster.start()
        logins.ensure(cluster)
        if cluster.root not in _held:
            _held[cluster.root] = locks.enter(cluster.root)
            atexit.register(release, cluster)


def rejoin() -> None:
    """Be counted as a user of one's own, in a process that was branched off from one."""
    while _held:
        # Its parent stays counted: only this copy of the handle is closed.
        os.close(_held.popitem()[1])
    ensure_running()


def release(cluster: Cluster | None = None) -> None:
    """Stop needing the server; the last of its users stops it."""
    cluster = cluster or default_cluster()
    handle = _held.pop(cluster.root, None)
    if handle is None:
        return
    with locks.door(cluster.root):
        if locks.leave(handle):
            cluster.stop()
