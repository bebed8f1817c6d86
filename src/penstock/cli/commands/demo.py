"""``penstock demo``: everything at once, with a company to look at."""

from __future__ import annotations

import os
import subprocess
import sys
from http.client import HTTPConnection
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Annotated

import psycopg
import typer
from rich.console import Console

from penstock.cli import ports, session
from penstock.cli.supervisor import Child, Stopped, Supervisor, stop_on_signals
from penstock.config import database, env, postgres

HOST = "127.0.0.1"
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
    ports.claim(HOST, port)
    os.environ.setdefault("PENSTOCK_URL", f"http://localhost:{port}")
    os.environ.setdefault("PENSTOCK_LOG_LEVEL", "WARNING")
    stop_on_signals()
    try:
        _prepare([] if empty else [["fill-sample"]])
        supervisor = Supervisor(
            _children(port, reload=reload), tell=console.print, keep=_keep_database
        )
        code = supervisor.run(announce=lambda: _welcome(port))
    except Stopped:
        code = 0
    postgres.release()
    raise typer.Exit(code)


def fill_sample() -> None:
    """Fill the sample company, unless there is a company already."""
    session.ready()
    sample = _sample()
    if sample is None:
        return
    if not _has_workspace():
        console.print("Filling the sample company …")
        sample.fill()
        _note().unlink(missing_ok=True)
    if not _note().exists():
        env.write_private(_note(), "\n".join(sample.SIGN_IN))


def _prepare(fill: list[list[str]]) -> None:
    console.print("Starting the database …")
    postgres.ensure_running()
    for command in (["migrate", "--quiet"], *fill):
        done = subprocess.run([sys.executable, "-m", "penstock", *command], check=False)
        if done.returncode:
            raise typer.Exit(done.returncode)


def _children(port: int, *, reload: bool) -> list[Child]:
    worker = Child("worker", ["-m", "penstock", "worker"])
    if reload:
        return [Child("web server", ["-m", "django", "runserver", f"{HOST}:{port}"]), worker]
    return [
        Child("web server", ["-m", "penstock", "serve", "--host", HOST, "--port", str(port)]),
        worker,
    ]


def _keep_database() -> None:
    if env.read().is_embedded and not postgres.default_cluster().is_running:
        console.print("The database ended: started again.")
        postgres.ensure_running()


def _sample() -> ModuleType | None:
    """The module of the sample company: ``fill()`` makes it, ``SIGN_IN`` is e-mail and password."""
    module = import_module(SAMPLE) if find_spec("penstock.intake") and find_spec(SAMPLE) else None
    return module if hasattr(module, "fill") else None


def _note() -> Path:
    """Where e-mail and password of the sample company are kept for the next start."""
    return env.read().home / "sample-sign-in"


def _has_workspace() -> bool:
    # As the owner: the run-time login sees no workspace before somebody has signed in.
    with psycopg.connect(**database.conninfo(env.read(), as_owner=True)) as connection:
        return connection.execute("SELECT 1 FROM users_workspace LIMIT 1").fetchone() is not None


def _welcome(port: int) -> bool:
    """As soon as the pages are there, say where, and how to sign in."""
    if not _answers(port):
        return False
    console.print(f"\n[bold]Penstock[/bold] runs at [bold]{env.read().origin}/[/bold]")
    if _note().exists():
        email, password = _note().read_text().splitlines()
        console.print(f"Sign in as [bold]{email}[/bold] with password [bold]{password}[/bold]")
    console.print(f"Data: {_place()}   Stop: Ctrl-C\n")
    return True


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _place() -> str:
    if not env.read().is_embedded:
        return database.place(database.conninfo(env.read()))
    path = postgres.default_cluster().root
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
