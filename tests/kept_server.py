"""The server of an earlier run, kept with its migrated template: migrating takes longer than most tests."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "src" / "penstock"
#: In the folder of the checkout that git leaves out; one server for each state of the migrations.
FOLDER = TOP / ".penstock" / "tests"
#: What an empty server and its template are made from, beside migrations.
MAKERS = ("base", "config", "users/walls.py")
LIBRARIES = ("Django", "django-allauth", "procrastinate", "psycopg")
PARTS = ("data", "passwords")
N_KEPT = 3
KEY = "PENSTOCK_TEST_SERVER"


def take(root: Path) -> None:
    """Put the kept server into a folder where none is yet, if there is one that fits."""
    kept = FOLDER / key()
    if (root / "data").exists() or not kept.is_dir():
        return
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = root / "taken"
    draft.mkdir()
    for part in PARTS:
        _copy(kept / part, draft)
    # The data come last: without them the folder counts as empty.
    for part in reversed(PARTS):
        (draft / part).rename(root / part)
    draft.rmdir()
    os.utime(kept)


def keep(root: Path) -> None:
    """Keep a server that was stopped in order, unless one like it is kept; the oldest ones go."""
    data, kept = root / "data", FOLDER / key()
    if kept.exists() or not data.is_dir() or (data / "postmaster.pid").exists():
        return
    draft = FOLDER / f"draft-{os.getpid()}"
    draft.mkdir(mode=0o711, parents=True)
    for part in PARTS:
        shutil.move(root / part, draft / part)
    try:
        draft.rename(kept)
    except OSError:
        # Another run was faster.
        shutil.rmtree(draft, ignore_errors=True)
    for old in sorted(FOLDER.iterdir(), key=lambda path: path.stat().st_mtime)[:-N_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _copy(source: Path, into: Path) -> None:
    # Owner and mode matter to PostgreSQL, and copytree keeps no owner.
    subprocess.run(["cp", "-pR", str(source), str(into)], check=True)


def key() -> str:
    """What names this state of everything that a server is made from, as it was when the run began.

    Files may change while the run lasts, so that its processes hand the name on.
    """
    if KEY not in os.environ:
        os.environ[KEY] = _computed()
    return os.environ[KEY]


def _computed() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _sources() -> Iterator[Path]:
    yield from PACKAGE.glob("*/migrations/*.py")
    for maker in MAKERS:
        place = PACKAGE / maker
        yield from place.rglob("*.py") if place.is_dir() else [place]
