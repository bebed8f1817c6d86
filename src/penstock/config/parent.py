"""A child process that ends when the process that started it is gone, even after ``kill -9``."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping

VARIABLE = "PENSTOCK_PARENT"
GRACE_SECONDS = 10.0


def environment() -> Mapping[str, str]:
    """What to add to a child's environment so that ``follow`` knows whom to watch."""
    return {VARIABLE: str(os.getpid())}


def follow(*, every_seconds: float = 1.0) -> None:
    """Watch the parent named in the environment; end this process when it is gone.

    Does nothing where no parent is named. Works on every Unix, unlike ``PR_SET_PDEATHSIG``, which
    fires when the starting thread ends.
    """
    named = os.environ.get(VARIABLE, "")
    if named.isdigit() and int(named) != os.getpid():
        threading.Thread(target=_watch, args=(int(named), every_seconds), daemon=True).start()


def _watch(named: int, every_seconds: float) -> None:
    # A reloader stands between this process and the one that is named: watch both.
    direct = os.getppid()
    while os.getppid() == direct and _is_alive(named):
        time.sleep(every_seconds)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
