"""The folder of the Unix socket: ours alone, and with a path that the kernel accepts."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.postgres.binaries import RunAs
from penstock.config.sentences import say

#: sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero among them.
LONGEST_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


def folder(root: Path) -> Path:
    """Where the socket of the server in ``root`` lies; the same at every call."""
    near = root / "run"
    if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_PATH:
        return near
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return Path("/tmp") / f"penstock-{os.geteuid()}-{digest}"  # noqa: S108 -- owner and mode are checked in prepare


def prepare(path: Path, *, owner: RunAs) -> None:
    """Make the folder, closed to everyone else, or refuse one that somebody else put there.

    Raises:
        Unavailable: The folder belongs to another user or is a link.
    """
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        _check(path, owner)
        path.chmod(0o700)
    else:
        owner.own(path)


def _check(path: Path, owner: RunAs) -> None:
    status = path.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == owner.uid:
        return
    raise Unavailable(
        "database.foreign_socket_folder",
        say(
            _(
                "The folder %(path)s belongs to somebody else: remove it, or choose a "
                "shorter PENSTOCK_HOME."
            ),
            path=path,
        ),
    )
