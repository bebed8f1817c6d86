from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from penstock.config import checks, database, env
from penstock.config.postgres.cluster import RUNTIME

Command = Callable[..., subprocess.CompletedProcess[str]]


def test_sql_makes_two_logins_without_powers(penstock: Command) -> None:
    done = penstock("doctor", "--sql")

    assert done.returncode == 0
    assert done.stdout.count("CREATE ROLE") == 2
    assert done.stdout.count("NOSUPERUSER NOBYPASSRLS") == 2
    assert "CREATE DATABASE penstock OWNER penstock_owner" in done.stdout


def test_silent_database_is_a_finding_not_a_crash(penstock: Command) -> None:
    done = penstock("doctor", DATABASE_URL="postgresql://x@127.0.0.1:1/x")

    assert done.returncode == 1
    assert "FAIL Database: The database at 127.0.0.1:1/x does not answer" in done.stdout
    assert done.stderr == ""


@pytest.fixture
def runtime(database_name: str, db: None) -> Any:
    """A connection of the run-time login beside Django's."""
    parameters = database.conninfo(env.read()) | {"dbname": database_name}
    with psycopg.connect(**parameters) as connection:
        yield connection


def test_database_of_the_tests_is_sound(runtime: psycopg.Connection[Any]) -> None:
    findings = [checks.login(runtime), checks.walls(runtime), checks.history(runtime)]

    assert [finding.text for finding in findings if not finding.is_ok] == []
    assert checks.migrations().is_ok


def test_table_without_a_wall_is_found(
    runtime: psycopg.Connection[Any], owner_cursor: psycopg.Cursor[Any]
) -> None:
    owner_cursor.execute("CREATE TABLE leak (workspace_id bigint)")

    finding = checks.walls(runtime)
    owner_cursor.execute("DROP TABLE leak")

    assert not finding.is_ok
    assert finding.text == "missing on leak: run “penstock migrate”"


def test_history_that_can_be_changed_is_found(
    runtime: psycopg.Connection[Any], owner_cursor: psycopg.Cursor[Any]
) -> None:
    owner_cursor.execute(f"GRANT UPDATE ON flow_transition TO {RUNTIME}")

    finding = checks.history(runtime)
    owner_cursor.execute(f"REVOKE UPDATE ON flow_transition FROM {RUNTIME}")

    assert not finding.is_ok
    assert finding.text == "can be changed: flow_transition: run “penstock migrate”"


def test_login_that_owns_tables_is_found(database_name: str, db: None) -> None:
    parameters = database.conninfo(env.read(), as_owner=True) | {"dbname": database_name}
    with psycopg.connect(**parameters) as owner:
        finding = checks.login(owner)

    assert not finding.is_ok
    assert "owns tables" in finding.text


def test_database_without_tables_has_no_history_to_change(db: None) -> None:
    parameters = database.conninfo(env.read()) | {"dbname": "postgres"}

    with psycopg.connect(**parameters) as connection:
        assert checks.history(connection).is_ok
