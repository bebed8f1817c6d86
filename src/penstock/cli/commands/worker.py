"""``penstock worker``: send, schedule and compute what pages left for later."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="Jobs at the same time.")] = 4,
) -> None:
    """Run background jobs until stopped."""
    session.ready()
    from procrastinate.contrib.django import app  # noqa: PLC0415 -- needs Django to be set up
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415 -- needs the settings

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as jobs:
        jobs.run_worker(concurrency=concurrency)
