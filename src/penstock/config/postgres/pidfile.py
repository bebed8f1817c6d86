"""Whether the process named in ``postmaster.pid`` lives and is PostgreSQL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def living_pid(data: Path) -> int | None:
    """The pid of the server on ``data``, or None when nothing runs there.

    After a reboot, or in a restarted container, the old number may belong to any other process, which would keep
    PostgreSQL from starting: so the process must also be named ``postgres``.
    """
    pid = _written_pid(data)
    if pid is None or not _is_alive(pid) or "postgres" not in _command(pid):
        return None
    return pid


def forget_stale(data: Path) -> None:
    """Remove the pid file of a server that is gone."""
    if living_pid(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _written_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command(pid: int) -> str:
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.exists():
        return proc.read_bytes().split(b"\0", 1)[0].decode(errors="replace")
    if Path("/proc/self").exists():
        return ""
    command = ["/bin/ps", "-o", "comm=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 -- a number
