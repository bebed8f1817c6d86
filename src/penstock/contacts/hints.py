"""Which of some records are possibly known twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from penstock.contacts.comparing import Comparison

_QUERY = """
    SELECT DISTINCT ON (mine.id) mine.id, other.id, other.name
    FROM (
        SELECT low_id AS id, high_id AS other_id, noun, low_id, high_id, score FROM contacts_alike
        WHERE workspace_id = %(workspace)s AND noun = %(noun)s AND low_id = ANY(%(ids)s)
        UNION ALL
        SELECT high_id, low_id, noun, low_id, high_id, score FROM contacts_alike
        WHERE workspace_id = %(workspace)s AND noun = %(noun)s AND high_id = ANY(%(ids)s)) mine
    JOIN {record} other ON other.id = mine.other_id
    WHERE NOT EXISTS (
        SELECT 1 FROM contacts_apart a
        WHERE a.workspace_id = %(workspace)s AND a.noun = mine.noun
          AND a.low_id = mine.low_id AND a.high_id = mine.high_id)
    ORDER BY mine.id, mine.score DESC, other.id
"""


def twins(workspace_id: int, noun: Comparison, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """For each record that is possibly known twice: the id and name of its most probable twin.

    One question for all of them; pairs of which somebody said that they are not the same are left out.
    """
    if not ids:
        return {}
    query = _QUERY.format(record=noun.record._meta.db_table)
    params: dict[str, Any] = {"workspace": workspace_id, "ids": list(ids), "noun": str(noun.noun)}
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return {pk: (other, name) for pk, other, name in cursor.fetchall()}
