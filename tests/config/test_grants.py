from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from penstock.config import checks, grants
from penstock.config.postgres.cluster import RUNTIME

pytestmark = pytest.mark.django_db


def rights(table: str) -> set[str]:
    """What this connection may do with a table."""
    names = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("has_table_privilege(%s, %s)" for _ in names),
                       [part for name in names for part in (table, name)])  # fmt: skip
        return {name for name, has in zip(names, cursor.fetchone(), strict=True) if has}


def test_tests_run_as_a_login_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(checks.POWERS)

        assert cursor.fetchone() == (False, False, False, False)


def test_ordinary_rows_can_be_changed_but_never_truncated() -> None:
    assert rights("users_account") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_history_can_only_grow() -> None:
    tables = grants.append_only_tables()

    assert "flow_transition" in tables
    assert {table: rights(table) for table in tables} == {
        table: {"SELECT", "INSERT"} for table in tables
    }


def test_record_of_migrations_can_only_be_read() -> None:
    assert rights("django_migrations") == {"SELECT"}


def test_tables_cannot_be_made_but_temporary_ones_can() -> None:
    with connection.cursor() as cursor:
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("CREATE TABLE mine (id int)")
        cursor.execute("CREATE TEMPORARY TABLE staging (id int)")


def test_owner_sees_what_it_grants(owner_cursor: psycopg.Cursor[Any]) -> None:
    owner_cursor.execute(
        "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = %s"
        " AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')",
        [RUNTIME],
    )

    assert owner_cursor.fetchone() == (0,)
