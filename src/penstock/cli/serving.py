"""The process that watches over the web server: small, for it only starts and restarts others.

``penstock serve`` becomes this one when all is prepared; it knows neither Django nor the commands.
"""

from __future__ import annotations

import os
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from penstock.config import parent, postgres

#: How long requests may take to end when the server stops; streams of live updates end at once.
STOP_SECONDS = 10


def become(*, host: str, port: int, workers: int) -> None:
    """Go on as this program, with the same process id; never returns."""
    # Nothing that was loaded so far stays in memory.
    arguments = ["-m", "penstock.cli.serving", host, str(port), str(workers)]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 -- this interpreter, no shell


def main() -> None:
    """Serve until stopped: host, port and number of processes stand on the command line."""
    host, port, workers = sys.argv[1:]
    parent.follow()
    postgres.ensure_running()
    os.environ.update(parent.environment())
    Server(
        "penstock.config.asgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.ASGI,
        workers=int(workers),
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main()
