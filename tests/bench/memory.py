"""Proportional memory of processes: shared pages are divided among those who share them."""

from __future__ import annotations

from pathlib import Path


def proportional_megabytes(pid: int) -> float:
    """PSS of a process and its descendants, PostgreSQL apart, in MB; 0 where nothing tells."""
    return sum(_own(one) for one in _family(pid)) / 1024


def _family(pid: int) -> list[int]:
    if _name(pid) == "postgres":
        return []
    children = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for file in children for child in _read(file).split()]
    return [pid, *(one for child in below for one in _family(child))]


def _own(pid: int) -> int:
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _name(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/comm")).strip()


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
