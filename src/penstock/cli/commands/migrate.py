"""``penstock migrate``: bring the tables up to date, as the owner."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.management import call_command
from django.db import connection

from penstock.cli import session
from penstock.config import database, env, grants


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate(
    *, quiet: Annotated[bool, typer.Option(help="Say nothing when all is well.")] = False
) -> None:
    """Bring the database up to date and grant the run-time login its rights; safe to repeat."""
    session.ready(as_owner=True)
    from penstock.reports import columns  # noqa: PLC0415 -- NumPy, which other commands start without

    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    with connection.cursor() as cursor:
        grants.apply(cursor, database.runtime_role(env.read()))
    # Rows may mean something else after a migration.
    columns.forget()
