"""Pages and jobs as branches of one process: all that both need is loaded once.

``penstock serve`` and ``penstock demo`` become this program when all is prepared.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

from penstock.cli import session, welcome
from penstock.cli.supervisor import Branch, Child, Stopped, Supervisor, stop_on_signals
from penstock.config import env, memory, postgres

#: Modules that a branch would load for itself.
PAGES = ("penstock.config.asgi", "penstock.config.urls", "granian.server.embed")
JOBS = ("penstock.cli.jobs",)
#: How long requests may take to end when the server stops; streams of live updates end at once.
STOP_SECONDS = 10


def become(
    *, host: str, port: int, workers: int = 1, jobs: bool = True, greet: bool = False
) -> None:
    """Go on as this program, with the same process id; never returns."""
    # Nothing that was loaded so far stays in memory.
    options = [*(["--jobs"] if jobs else []), *(["--greet"] if greet else [])]
    arguments = ["-m", "penstock.cli.serving", host, str(port), str(workers), *options]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 -- this interpreter, no shell


def main() -> None:
    """Serve until stopped."""
    asked = ArgumentParser(prog="penstock serve")
    asked.add_argument("host")
    asked.add_argument("port", type=int)
    asked.add_argument("workers", type=int)
    asked.add_argument("--jobs", action="store_true")
    asked.add_argument("--greet", action="store_true")
    options = asked.parse_args()
    stop_on_signals()
    try:
        _load(*PAGES, *(JOBS if options.jobs else ()))
        branches = _branches(options.host, options.port, options.workers, has_jobs=options.jobs)
    except Stopped:
        sys.exit(0)
    sys.exit(run(branches, port=options.port, greet=options.greet))


def run(children: Sequence[Child], *, port: int, greet: bool) -> int:
    """Keep children and the embedded database alive until told to stop; returns the exit code."""
    supervisor = Supervisor(children, tell=_tell, keep=_keep_database)
    try:
        code = supervisor.run(announce=partial(welcome.greet, port) if greet else _silent)
    except Stopped:
        code = 0
    postgres.release()
    return code


def _load(*modules: str) -> None:
    """Load what the branches share, and leave nothing open that they could not share."""
    # Sums over arrays are short here; each thread of the library would keep memory of its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    memory.spare()
    session.ready()
    for name in modules:
        import_module(name)
    from django.db import connections  # noqa: PLC0415 -- needs Django to be set up

    connections.close_all()
    gc.collect()
    # What is here stays: to look at it again and again would only copy shared memory.
    gc.freeze()


def _branches(host: str, port: int, workers: int, *, has_jobs: bool) -> list[Child]:
    pages = _using_database(partial(_serve_pages, host, port))
    names = ["web server"] if workers == 1 else [f"web server {n + 1}" for n in range(workers)]
    children: list[Child] = [Branch(name, pages) for name in names]
    return [*children, Branch("worker", _using_database(_do_jobs))] if has_jobs else children


def _using_database(act: Callable[[], None]) -> Callable[[], None]:
    def using() -> None:
        postgres.rejoin()
        try:
            act()
        finally:
            postgres.release()

    return using


def _serve_pages(host: str, port: int) -> None:
    asyncio.run(_served(host, port))


async def _served(host: str, port: int) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 -- with the server
    from granian.log import LogLevels  # noqa: PLC0415 -- with the server
    from granian.server.embed import Server  # noqa: PLC0415 -- starts threads: in the branch alone

    from penstock.config.asgi import application  # noqa: PLC0415 -- needs Django to be set up

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.workers_kill_timeout = STOP_SECONDS
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: loop.call_soon_threadsafe(server.stop))
    await server.serve()


def _do_jobs() -> None:
    from penstock.cli import jobs  # noqa: PLC0415 -- needs Django to be set up

    jobs.run()


def _keep_database() -> None:
    if env.read().is_embedded and not postgres.default_cluster().is_running:
        _tell("The database ended: started again.")
        postgres.ensure_running()


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- a command that talks to whoever started it


def _silent() -> bool:
    return True


if __name__ == "__main__":
    main()
