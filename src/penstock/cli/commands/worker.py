"""``penstock worker``: send, schedule and compute what pages left for later."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import session
from penstock.config import memory


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="Jobs at the same time.")] = 4,
) -> None:
    """Run background jobs until stopped."""
    memory.spare()
    session.ready()
    from penstock.cli import jobs  # noqa: PLC0415 -- needs Django to be set up

    jobs.run(concurrency=concurrency)
