"""The PostgreSQL of the tests: one server per run, one database per worker, one template."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from penstock.config import database, env, grants, postgres
from tests import kept_server

HOME = Path(os.environ["PENSTOCK_TEST_HOME"])
#: On somebody else's server each run has its own; ours is kept with it for the next run.
TEMPLATE = "penstock-tests" if env.read().is_embedded else HOME.name
#: The server of a test run is thrown away: it need not survive a power failure.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}
#: Filled by migrations, or by Django after them: emptying them would change every later test.
KEPT_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def begin() -> None:
    """Remember, in every process of the run, what its server is made from."""
    kept_server.key()


def start() -> None:
    """Start the embedded server, unless DATABASE_URL names another."""
    if env.read().is_embedded:
        root = postgres.default_cluster().root
        with _alone():
            kept_server.take(root)
            postgres.ensure_running(postgres.Cluster(root, UNSAFE))


def stop() -> None:
    """Leave the embedded server; the last worker of the run stops it."""
    if env.read().is_embedded:
        postgres.release()


def make_database(name: str) -> None:
    """Make this worker's database from the template; the first worker migrates the template."""
    with _alone(), _maintenance() as owner:
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            _make_template(owner)
        _drop(owner, name)
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(_id(name), _id(TEMPLATE)))
    with owner_connection(name) as owner:
        _grant_connect(owner, name)
    _use(database.django_settings(env.read()), name)


def drop_database(name: str) -> None:
    """Drop the database of a worker, or the template on somebody else's server."""
    connections.close_all()
    with _maintenance() as owner:
        _drop(owner, name)


def leave_nothing() -> None:
    """Remove what the whole run made, once every worker has left; keep our server for the next run."""
    if env.read().is_embedded:
        root = postgres.default_cluster().root
        kept_server.keep(root)
        shutil.rmtree(root, ignore_errors=True)
    else:
        drop_database(TEMPLATE)
    shutil.rmtree(HOME, ignore_errors=True)


@contextmanager
def owner_connection(name: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner, each statement on its own."""
    parameters = database.conninfo(env.read(), as_owner=True) | {"dbname": name}
    with psycopg.connect(**parameters, autocommit=True) as owner:
        yield owner


def empty_tables(name: str) -> None:
    """Empty what a test committed; the run-time login may not truncate, so the owner does it."""
    with owner_connection(name) as owner:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        tables = [row[0] for row in owner.execute(query) if row[0] not in KEPT_TABLES]
        used = [table for table in tables if owner.execute(_has_rows(table)).fetchone()]
        if used:
            names = sql.SQL(", ").join(map(sql.Identifier, used))
            owner.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


def _make_template(owner: psycopg.Connection[Any]) -> None:
    draft = f"{TEMPLATE}_draft"
    _drop(owner, draft)
    owner.execute(sql.SQL("CREATE DATABASE {}").format(_id(draft)))
    _use(database.django_settings(env.read(), as_owner=True), draft)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        grants.apply(cursor, database.runtime_role(env.read()))
    connections.close_all()
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(_id(draft), _id(TEMPLATE)))


def _use(parameters: dict[str, Any], name: str) -> None:
    """Point Django at a database; the dictionary is the one that every thread reads."""
    connections.close_all()
    current = settings.DATABASES["default"]
    current.update(parameters | {"NAME": name})
    connection.settings_dict.update(current)


def _grant_connect(owner: psycopg.Connection[Any], name: str) -> None:
    role = sql.Identifier(database.runtime_role(env.read()))
    owner.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(_id(name), role))


def _has_rows(table: str) -> sql.Composed:
    return sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))


def _drop(owner: psycopg.Connection[Any], name: str) -> None:
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_id(name)))


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    with owner_connection("postgres") as owner:
        yield owner


@contextmanager
def _alone() -> Iterator[None]:
    with (HOME / "database.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)
