"""``penstock demo``: everything at once, with a company to look at."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Annotated

import psycopg
import typer
from rich.console import Console

from penstock.cli import ports, serving, session, welcome
from penstock.cli.supervisor import Program, Stopped, stop_on_signals
from penstock.config import database, env, postgres

SAMPLE = "penstock.intake.sample"

console = Console(soft_wrap=True, highlight=False)


def register(app: typer.Typer) -> None:
    """Add the command, and the hidden one that fills the sample company in a process of its own."""
    app.command("demo")(demo)
    app.command("fill-sample", hidden=True)(fill_sample)


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    reload: Annotated[bool, typer.Option(help="Restart when the code changes.")] = False,
    empty: Annotated[bool, typer.Option(help="Leave the sample company out.")] = False,
) -> None:
    """Run Penstock with a lived-in sample company: database, pages and worker; Ctrl-C stops all."""
    ports.claim(welcome.HOST, port)
    os.environ.setdefault("PENSTOCK_URL", f"http://localhost:{port}")
    os.environ.setdefault("PENSTOCK_LOG_LEVEL", "WARNING")
    stop_on_signals()
    try:
        _prepare([] if empty else [["fill-sample"]])
    except Stopped:
        postgres.release()
        raise typer.Exit from None
    if reload:
        raise typer.Exit(serving.run(_reloading(port), port=port, greet=True))
    serving.become(host=welcome.HOST, port=port, greet=True)


def fill_sample() -> None:
    """Fill the sample company, unless there is a company already."""
    session.ready()
    sample = _sample()
    if sample is None:
        return
    if not _has_workspace():
        console.print("Filling the sample company …")
        made = sample.fill()
        _foresee(made.email, made.slug)
        welcome.note().unlink(missing_ok=True)
    if not welcome.note().exists():
        env.write_private(welcome.note(), "\n".join(sample.SIGN_IN))


def _foresee(email: str, slug: str) -> None:
    """Say when what waits is ready at once, not at the next full hour."""
    from penstock.users import access, walls  # noqa: PLC0415 -- models are ready only now
    from penstock.users.models import Account  # noqa: PLC0415 -- as above
    from penstock.worker import foreseeing  # noqa: PLC0415 -- as above

    owner = access.enter(Account.objects.get(email=email), slug=slug)
    foreseeing.foresee(owner.workspace)
    walls.leave()


def _prepare(fill: list[list[str]]) -> None:
    console.print("Starting the database …")
    postgres.ensure_running()
    for command in (["migrate", "--quiet"], *fill, ["prepare-pages"]):
        done = subprocess.run([sys.executable, "-m", "penstock", *command], check=False)
        if done.returncode:
            raise typer.Exit(done.returncode)


def _reloading(port: int) -> list[Program]:
    return [
        Program("web server", ["-m", "django", "runserver", f"{welcome.HOST}:{port}"]),
        Program("worker", ["-m", "penstock", "worker"]),
    ]


def _sample() -> ModuleType | None:
    """The module of the sample company: ``fill()`` makes it, ``SIGN_IN`` is e-mail and password."""
    module = import_module(SAMPLE) if find_spec("penstock.intake") and find_spec(SAMPLE) else None
    return module if hasattr(module, "fill") else None


def _has_workspace() -> bool:
    # As the owner: the run-time login sees no workspace before somebody has signed in.
    with psycopg.connect(**database.conninfo(env.read(), as_owner=True)) as connection:
        return connection.execute("SELECT 1 FROM users_workspace LIMIT 1").fetchone() is not None
