"""Which of some records are possibly known twice: those that share a key with another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from penstock.contacts.matching import MOST

_QUERY = """
    WITH mine AS (
        SELECT {key} AS id, kind, text FROM {token}
        WHERE workspace_id = %(workspace)s AND {key} = ANY(%(ids)s) AND kind = ANY(%(kinds)s)
          AND text <> '')
    SELECT DISTINCT ON (mine.id) mine.id, other.id, other.name
    FROM mine
    CROSS JOIN LATERAL (
        SELECT t.{key} AS other_id FROM {token} t
        WHERE t.workspace_id = %(workspace)s AND t.kind = mine.kind AND t.text = mine.text
          AND t.{key} <> mine.id
        LIMIT {most}) same
    JOIN {table} other ON other.id = same.other_id
    WHERE other.withdrawn_at IS NULL AND other.merged_into_id IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM contacts_apart a
        WHERE a.workspace_id = %(workspace)s AND a.noun = %(noun)s
          AND a.low_id = least(mine.id, other.id) AND a.high_id = greatest(mine.id, other.id))
    ORDER BY mine.id, other.id
"""
_NOUNS = {
    "company": ("contacts_companytoken", "company_id", "contacts_company", ["n", "d"]),
    "person": ("contacts_persontoken", "person_id", "contacts_person", ["n", "e", "p"]),
}


def twins(workspace_id: int, noun: str, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """For each record that shares name, address or number with another one: that one's id and name.

    One question for all of them; pairs of which somebody said that they are not the same are left out.

    Args:
        workspace_id: Where.
        noun: ``company`` or ``person``.
        ids: Of which records.
    """
    if not ids:
        return {}
    token, key, table, kinds = _NOUNS[noun]
    query = _QUERY.format(token=token, key=key, table=table, most=MOST)
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "ids": list(ids),
        "kinds": kinds,
        "noun": noun,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return {pk: (other, name) for pk, other, name in cursor.fetchall()}
