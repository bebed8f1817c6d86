"""What ``penstock demo`` says when all is up."""

from __future__ import annotations

import sys
from http.client import HTTPConnection
from pathlib import Path

from penstock.config import database, env, postgres

HOST = "127.0.0.1"


def note() -> Path:
    """Where e-mail and password of the sample company are kept for the next start."""
    return env.read().home / "sample-sign-in"


def greet(port: int) -> bool:
    """As soon as the pages are there, say where, and how to sign in; whether they are."""
    if not _answers(port):
        return False
    lines = [f"\n{_bold('Penstock')} runs at {_bold(env.read().origin + '/')}"]
    if note().exists():
        email, password = note().read_text().splitlines()
        lines.append(f"Sign in as {_bold(email)} with password {_bold(password)}")
    lines.append(f"Data: {_place()}   Stop: Ctrl-C\n")
    print("\n".join(lines), flush=True)  # noqa: T201 -- a command that talks to whoever started it
    return True


def _bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text


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
