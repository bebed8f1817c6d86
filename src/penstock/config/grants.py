"""What the run-time login may do: read and write rows, and never rewrite history."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

SCHEMA = "public"


def apply(cursor: CursorWrapper, runtime_role: str) -> None:
    """Grant the run-time login its rights; run as the owner after migrations, and again at will.

    Rows of models with ``append_only = True`` can be added and read, not changed or removed. Nothing can be
    truncated. The record of migrations can only be read.
    """
    role = sql.Identifier(runtime_role)
    for statement in _general(cursor.db.settings_dict["NAME"]):
        cursor.execute(statement.format(role=role, schema=sql.Identifier(SCHEMA)))
    for table in append_only_tables():
        _revoke(cursor, "UPDATE, DELETE", table, role)
    _revoke(cursor, "INSERT, UPDATE, DELETE", "django_migrations", role)


def append_only_tables() -> list[str]:
    """Tables of history, in alphabetical order."""
    return sorted(
        {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if _is_append_only(model)
        }
    )


def _is_append_only(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False)) and model._meta.managed


def _general(database: str) -> list[sql.SQL | sql.Composed]:
    connect = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {{role}}").format(
        database=sql.Identifier(database)
    )
    return [
        sql.SQL(connect.as_string()),
        sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}"),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        ),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}"
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT EXECUTE ON FUNCTIONS TO {role}"),
    ]


def _revoke(cursor: CursorWrapper, rights: str, table: str, role: sql.Identifier) -> None:
    cursor.execute(
        sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}").format(sql.Identifier(SCHEMA, table), role)
    )
