"""``penstock serve``: the pages and what happens on them, over HTTP."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from django.core.management import call_command
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from penstock.cli import ports, session
from penstock.config import parent

#: How long requests may take to end when the server stops; streams of live updates end at once.
STOP_SECONDS = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer requests.")] = 1,
) -> None:
    """Serve pages and live updates until stopped."""
    ports.claim(host, port)
    session.ready()
    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ.update(parent.environment())
    Server(
        "penstock.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    ).serve()
