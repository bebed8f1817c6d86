"""Whether the process named in ``postmaster.pid`` lives and is PostgreSQL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PID_FILE = "postmaster.pid"
SOCKET_LOCK = ".s.PGSQL.5432.lock"


def living_pid(data: Path) -> int | None:
    """The pid of the server on ``data``, or None when nothing runs there.

    After a reboot, or in a restarted container, the old number may belong to any other process: so
    the process must also be named ``postgres``.
    """
    pid = _written_pid(data / PID_FILE)
    if pid is None or not _is_alive(pid) or "postgres" not in _command(pid):
        return None
    return pid


def forget_stale(data: Path, socket: Path) -> None:
    """Remove the lock files of a dead server whose number another process has.

    A killed server that nobody waits for (the first process of a container seldom does) keeps its
    number too. PostgreSQL takes either for a running server; that no process of the old server
    still writes, it checks by itself through the shared memory of the data folder.
    """
    for lock in (data / PID_FILE, socket / SOCKET_LOCK):
        pid = _written_pid(lock)
        if pid is not None and _is_alive(pid) and "postgres" not in _command(pid):
            lock.unlink()


def _written_pid(lock: Path) -> int | None:
    try:
        return int(lock.read_text().split("\n", 1)[0])
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
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
