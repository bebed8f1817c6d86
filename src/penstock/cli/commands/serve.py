"""``penstock serve``: the pages and what happens on them, over HTTP, and the jobs that they leave."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from penstock.cli import ports, serving, session


def register(app: typer.Typer) -> None:
    """Add the command, and the hidden one that prepares it in a process of its own."""
    app.command("serve")(serve)
    app.command("prepare-pages", hidden=True)(prepare_pages)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer requests.")] = 1,
    jobs: Annotated[bool, typer.Option(help="Run background jobs as well.")] = True,
) -> None:
    """Serve pages and live updates, and run background jobs, until stopped."""
    ports.claim(host, port)
    done = subprocess.run([sys.executable, "-m", "penstock", "prepare-pages"], check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)
    serving.become(host=host, port=port, workers=workers, jobs=jobs)


def prepare_pages() -> None:
    """See that the database answers, and gather the static files."""
    session.ready()
    from django.core.management import call_command  # noqa: PLC0415 -- needs Django to be set up

    call_command("collectstatic", interactive=False, verbosity=0)
