"""What the run-time login may do: read and write rows, and never rewrite history."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

#: In this order: what an older version granted is taken back before the present rights are given.
STATEMENTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {role}",
)


def apply(cursor: CursorWrapper, runtime_role: str) -> None:
    """Grant the run-time login its rights; run as the owner after migrations, and again at will.

    Rows of models with ``append_only = True`` can be added and read, not changed or removed.
    Nothing can be truncated. The record of migrations can only be read. All of it in one
    transaction, so that a server at work never sees the login without its rights.
    """
    names = {
        "role": sql.Identifier(runtime_role),
        "database": sql.Identifier(cursor.db.settings_dict["NAME"]),
    }
    with transaction.atomic(using=cursor.db.alias):
        for statement in STATEMENTS:
            cursor.execute(sql.SQL(statement).format(**names))
        for table in append_only_tables():
            _revoke(cursor, "UPDATE, DELETE", table, names["role"])
        _revoke(cursor, "INSERT, UPDATE, DELETE", "django_migrations", names["role"])


def append_only_tables() -> list[str]:
    """Tables of history, in alphabetical order."""
    found = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in found if _is_append_only(model)})


def _is_append_only(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False)) and model._meta.managed


def _revoke(cursor: CursorWrapper, rights: str, table: str, role: sql.Identifier) -> None:
    statement = sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}")
    cursor.execute(statement.format(sql.Identifier("public", table), role))
