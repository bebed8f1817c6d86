"""Asking append-only rows in SQL: which of them count, which was in force; the rule of ``flow.replay``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Params = dict[str, Any]


def ask(query: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one query; parameters are named."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def times(*, at: datetime, known: datetime | None) -> Params:
    """The parameters ``at`` and ``known`` that the conditions below ask for."""
    return {"at": at, "known": known or "infinity"}


def embedded(queryset: QuerySet[Any, Any]) -> tuple[str, Params]:
    """A query set as the text of a sub-query and its parameters, named so that others can stand beside them."""
    text, values = queryset.query.sql_with_params()
    params = {f"embedded_{number}": value for number, value in enumerate(values)}
    names = iter(params)
    return re.sub(r"%s", lambda _found: f"%({next(names)})s", text), params


def counting(table: str, *, before: str = "%(at)s") -> str:
    """Condition on a dated row ``r``: it happened before an instant, was known, and nothing known supersedes it."""
    known = "%(known)s::timestamptz"
    return (
        f"r.workspace_id = %(workspace)s AND r.occurred_at < {before} AND r.known_at < {known} "  # noqa: S608 -- fragments of this room; values are parameters
        f"AND NOT r.is_void AND NOT EXISTS (SELECT 1 FROM {table} s WHERE s.workspace_id = %(workspace)s "
        f"AND s.supersedes_id = r.id AND s.known_at < {known})"
    )


def last(table: str, column: str, *, of: str, field: str = "", before: str = "%(at)s") -> str:
    """The value in force of one item, as a sub-query for LATERAL: one probe of the story index."""
    named = f"AND r.field = '{field}' " if field else ""
    return (
        f"SELECT r.{column} AS value FROM {table} r WHERE r.item_id = {of} {named}"  # noqa: S608 -- fragments of this room; values are parameters
        f"AND {counting(table, before=before)} ORDER BY r.occurred_at DESC, r.id DESC LIMIT 1"
    )


def last_of_each(table: str, column: str) -> str:
    """The value in force of every item that has one; cheaper than a probe each where such rows are few."""
    return (
        f"SELECT DISTINCT ON (r.item_id) r.item_id, r.{column} AS value FROM {table} r "  # noqa: S608 -- fragments of this room; values are parameters
        f"WHERE {counting(table)} ORDER BY r.item_id, r.occurred_at DESC, r.id DESC"
    )


def field(name: str, *, of: str, before: str = "%(at)s") -> str:
    """The value in force of one field of one item, as a sub-query for LATERAL."""
    return last("flow_fieldchange", "value", of=of, field=name, before=before)
