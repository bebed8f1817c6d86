"""Files of columns: append-only rows that were read once, in the order in which figures need them.

A file holds what one workspace's rows of one table say, up to a mark: the row written last of those that
were there and to which nothing can be added before it. It is written beside its place and moved there, so
that whoever reads has all of the old one or all of the new one. Losing a file loses nothing but time.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from penstock.analytics.eventlog import Bools, Ints

#: Another number for another layout or meaning: files with an old one are as if they were not there.
VERSION = 1
_HEAD_BYTES = 4096
_WIDTH = 8
#: What is in force for good is superseded only then.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that say something, by item, moment and number.

    ``until`` is when it came to be known that another one takes its place, NEVER for none.
    """

    id: Ints
    item: Ints
    at: Ints
    known: Ints
    until: Ints
    value: Ints

    def __len__(self) -> int:
        return len(self.id)

    def where(self, kept: Bools) -> Rows:
        """Only some of them."""
        return self if kept.all() else Rows(*(getattr(self, name)[kept] for name in NAMES))

    def at_places(self, places: Ints) -> Rows:
        """Those at some places, in this order."""
        return Rows(*(getattr(self, name)[places] for name in NAMES))


NAMES = Rows.__slots__


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a file; if it reads otherwise now, the file is of another database."""

    id: int
    item: int
    at: int
    known: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was opened: its pages are read when they are looked at, and belong to all who look."""

    mark: Mark
    parts: Mapping[str, tuple[int, int]]
    whole: Rows

    def part(self, name: str) -> Rows:
        """The rows of one part; none for one that is not there."""
        start, stop = self.parts.get(name, (0, 0))
        return Rows(*(getattr(self.whole, column)[start:stop] for column in NAMES))


def opened(path: Path) -> Kept | None:
    """A file; None where there is none that can be read."""
    try:
        with path.open("rb") as file:
            body = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = json.loads(body[:_HEAD_BYTES].rstrip(b"\0 "))
    except (OSError, ValueError):
        return None
    n = head.get("n", -1)
    if head.get("version") != VERSION or len(body) != _HEAD_BYTES + n * _WIDTH * len(NAMES):
        return None
    columns = (
        np.frombuffer(body, dtype=np.int64, count=n, offset=_HEAD_BYTES + place * n * _WIDTH)
        for place in range(len(NAMES))
    )
    parts = {name: (start, stop) for name, (start, stop) in head["parts"].items()}
    return Kept(Mark(*head["mark"]), parts, Rows(*columns))


def write(path: Path, mark: Mark, parts: Mapping[str, Iterable[Rows]]) -> None:
    """Put rows into a file, each part in pieces one after the other.

    Raises:
        OSError: The disk does not take it; what was there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pieces = {name: list(rows) for name, rows in parts.items()}
    bounds, start = {}, 0
    for name, rows in pieces.items():
        stop = start + sum(map(len, rows))
        bounds[name], start = (start, stop), stop
    marked = [mark.id, mark.item, mark.at, mark.known]
    head = json.dumps({"version": VERSION, "n": start, "mark": marked, "parts": bounds}).encode()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(head.ljust(_HEAD_BYTES, b"\0"))
            for name in NAMES:
                for some in (one for piece in pieces.values() for one in piece):
                    file.write(np.ascontiguousarray(getattr(some, name), dtype=np.int64).data)
            file.close()
            os.replace(beside, path)  # noqa: PTH105 -- the same on all systems, and mocked in none
        except OSError:
            beside.unlink(missing_ok=True)
            raise
