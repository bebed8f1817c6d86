"""Asking append-only rows in SQL: which of them count, which was in force; the rule of ``flow.replay``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from penstock.analytics.ageing import Ages

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
    """Condition on a dated row ``r``: it counts, and it happened before an instant."""
    return f"r.occurred_at < {before} AND {known(table)}"


def known(table: str) -> str:
    """Condition on a dated row ``r`` of any time: it was known, and nothing known supersedes it."""
    # Corrections are rare: whether there are any is asked once, and row by row only if so.
    said = "s.workspace_id = %(workspace)s AND s.supersedes_id"
    return (
        f"r.workspace_id = %(workspace)s AND r.known_at < %(known)s::timestamptz AND NOT r.is_void "  # noqa: S608 -- fragments of this room; values are parameters
        f"AND (NOT (SELECT EXISTS (SELECT 1 FROM {table} s WHERE {said} IS NOT NULL)) "
        f"OR NOT EXISTS (SELECT 1 FROM {table} s WHERE {said} = r.id "
        "AND s.known_at < %(known)s::timestamptz))"
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


def merged() -> str:
    """Items that another one answers for since a merge; they count in no figure of what was opened or closed."""
    return (
        "SELECT r.item_id FROM flow_outcome r WHERE r.verdict = 'merged' "  # noqa: S608 -- fragments of this room; values are parameters
        f"AND {counting('flow_outcome')}"
    )


def outside(few: str, *, of: str) -> str:
    """Condition that an item is not among a few; whether there are any is asked once, each item only if so."""
    return f"(NOT (SELECT EXISTS ({few})) OR {of} NOT IN ({few}))"


def field(name: str, *, of: str, before: str = "%(at)s") -> str:
    """The value in force of one field of one item, as a sub-query for LATERAL."""
    if name == "currency":
        # Most workspaces have one: where no row says another, none is looked for.
        own = "SELECT 1 FROM flow_fieldchange o WHERE o.workspace_id = %(workspace)s AND o.field = 'currency'"
        of = f"(CASE WHEN (SELECT EXISTS ({own})) THEN {of} END)"
    return last("flow_fieldchange", "value", of=of, field=name, before=before)


def cuts(column: str) -> str:
    """Instants of which the ages are the median, 85 %, 95 % and oldest, as an aggregate; see :func:`ages`."""
    return f"percentile_disc(ARRAY[0.5, 0.85, 0.95, 1]) WITHIN GROUP (ORDER BY {column} DESC)"


def ages(n: int, instants: Sequence[datetime] | None, *, at: datetime) -> Ages:
    """Ages at an instant from the :func:`cuts` of ``n`` cases; the same as of ``analytics.ageing``."""
    if not instants:
        return Ages(0, None, None, None, None)
    return Ages(n, *((at - instant).total_seconds() / 86400 for instant in instants))
