"""``penstock doctor``: what is well, what is not, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from penstock.cli import session
from penstock.config import checks
from penstock.config.postgres import logins

console = Console(soft_wrap=True, highlight=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    sql: Annotated[
        bool,
        typer.Option("--sql", help="Print the SQL that makes the two logins on another server."),
    ] = False,
) -> None:
    """Check this installation; ends with code 1 when something is wrong."""
    if sql:
        typer.echo(logins.statements(), nl=False)
        return
    findings = checks.all_findings(prepare=session.ready)
    for finding in findings:
        mark = "[green]ok[/green]  " if finding.is_ok else "[red]FAIL[/red]"
        console.print(f"{mark} {finding.name}: ", end="")
        console.print(finding.text, markup=False)
    raise typer.Exit(0 if all(finding.is_ok for finding in findings) else 1)
