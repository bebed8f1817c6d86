"""Who uses the embedded server, counted by the kernel.

Every process that uses the server holds a shared lock on one file. The kernel drops the lock when a
process ends in whatever way, so the count is right even after ``kill -9``. Whoever leaves last can
take the lock alone and stops the server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.sentences import say

try:
    import fcntl
except ImportError:  # pragma: no cover -- Windows
    fcntl = None  # type: ignore[assignment]  # -- told to the user in _open


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """Keep every other process from starting or stopping the server meanwhile."""
    handle = _open(folder / "door.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def enter(folder: Path) -> int:
    """Become a user of the server until ``leave`` or the end of the process."""
    handle = _open(folder / "users.lock")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def leave(handle: int) -> bool:
    """Stop being a user; tells whether nobody else is left. Call inside ``door``."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    if fcntl is None:  # pragma: no cover -- Windows
        raise Unavailable(
            "database.no_embedded",
            say(
                _(
                    "The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL and "
                    "DATABASE_OWNER_URL."
                )
            ),
        )
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
