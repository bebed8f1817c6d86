"""Is this installation sound? Each check is a question with an answer that says what to do."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from penstock.base.errors import PenstockError
from penstock.config import database, env

PACKAGE = Path(__file__).resolve().parent.parent
LEAST_FREE_GB = 1.0

WITHOUT_WALL = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attname = 'workspace_id' AND NOT a.attisdropped AND NOT c.relrowsecurity ORDER BY 1"""
CHANGEABLE = """
    SELECT name FROM unnest(%s::text[]) name
    WHERE has_table_privilege(to_regclass(name), 'UPDATE, DELETE, TRUNCATE')"""
POWERS = """
    SELECT r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid),
           EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
    FROM pg_roles r WHERE r.rolname = current_user"""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question."""

    name: str
    is_ok: bool
    text: str


def all_findings(*, prepare: Callable[[], None]) -> list[Finding]:
    """Ask everything; what needs the database is asked only when it answers.

    Args:
        prepare: Starts the database and sets Django up.
    """
    findings = [python(), disk(env.read().home), bundle(), database_answers(prepare)]
    if findings[-1].is_ok:
        with psycopg.connect(**database.conninfo(env.read())) as connection:
            findings += [
                login(connection),
                owner(),
                walls(connection),
                history(connection),
                migrations(),
            ]
    return findings


def python() -> Finding:
    """The interpreter is new enough."""
    return Finding(
        "Python", sys.version_info >= (3, 11), f"{platform.python_version()} (3.11 or newer)"
    )


def disk(home: Path) -> Finding:
    """There is room for data."""
    existing = next(path for path in [home, *home.parents] if path.exists())
    free = shutil.disk_usage(existing).free / 1e9
    return Finding("Disk", free >= LEAST_FREE_GB, f"{free:.1f} GB free at {existing}")


def bundle() -> Finding:
    """Scripts and styles were built."""
    folder = PACKAGE / "web" / "static" / "penstock" / "dist"
    is_built = folder.is_dir() and any(folder.iterdir())
    return Finding(
        "Pages",
        is_built,
        "scripts and styles are built" if is_built else "run “make setup” to build them",
    )


def database_answers(prepare: Callable[[], None]) -> Finding:
    """The run-time login reaches a server that is new enough."""
    try:
        prepare()
        major = database.check(env.read())
    except PenstockError as error:
        return Finding("Database", False, str(error))
    kind = "embedded" if env.read().is_embedded else database.place(database.conninfo(env.read()))
    return Finding("Database", True, f"PostgreSQL {major}, {kind}")


def login(connection: psycopg.Connection[Any]) -> Finding:
    """The run-time login owns nothing and stands under the walls."""
    row = connection.execute(POWERS).fetchone() or ()
    names = (
        "is a superuser",
        "bypasses row-level security",
        "owns tables",
        "is a member of another role",
    )
    found = [name for name, has in zip(names, row, strict=True) if has]
    text = f"{connection.info.user} {', '.join(found) or 'owns nothing'}"
    return Finding(
        "Run-time login", not found, f"{text}: see “penstock doctor --sql”" if found else text
    )


def owner() -> Finding:
    """The owner's login works."""
    try:
        database.check(env.read(), as_owner=True)
    except PenstockError as error:
        return Finding("Owner login", False, str(error))
    return Finding("Owner login", True, "answers")


def walls(connection: psycopg.Connection[Any]) -> Finding:
    """Every table with a workspace shows only the current one's rows."""
    open_tables = [row[0] for row in connection.execute(WITHOUT_WALL)]
    text = (
        f"missing on {', '.join(open_tables)}: run “penstock migrate”"
        if open_tables
        else "on every table"
    )
    return Finding("Row-level security", not open_tables, text)


def history(connection: psycopg.Connection[Any]) -> Finding:
    """What was written about the past cannot be changed."""
    from penstock.config.grants import append_only_tables  # noqa: PLC0415 -- needs Django to be set up

    tables = append_only_tables()
    loose = [row[0] for row in connection.execute(CHANGEABLE, [tables])]
    text = (
        f"can be changed: {', '.join(loose)}: run “penstock migrate”"
        if loose
        else f"{len(tables)} tables append-only"
    )
    return Finding("History", not loose, text)


def migrations() -> Finding:
    """The tables are up to date."""
    from penstock.config.health import missing_migrations  # noqa: PLC0415 -- needs Django to be set up

    missing = missing_migrations()
    return Finding(
        "Migrations",
        not missing,
        f"{len(missing)} missing: run “penstock migrate”" if missing else "all there",
    )
