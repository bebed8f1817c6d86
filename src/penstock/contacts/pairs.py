"""Keeping the pairs that are possibly one equal to the records: they follow whatever changes one of the two.

A pair is kept if both records share a piece (a key or a band, see :mod:`penstock.analytics.spelling`) that at most
``MOST`` records have, and their likeness reaches the threshold.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Any

from django.db import connection, transaction

from penstock.contacts.comparing import MOST, Comparison

#: Kind and text of a piece, and how many of some records have it.
Pieces = Counter[tuple[str, str]]
Both = tuple[int, int]
N_AT_ONCE = 1000


def compare_all(workspace_id: int, noun: Comparison) -> None:
    """Compare all records of a noun, some at a time, each time in a transaction of its own."""
    rows = noun.record.objects.filter(workspace_id=workspace_id)
    live = rows.filter(withdrawn_at=None, merged_into=None)
    ids = list(live.order_by("pk").values_list("pk", flat=True))
    _drop_dead(workspace_id, noun)
    for first in range(0, len(ids), N_AT_ONCE):
        part = set(ids[first : first + N_AT_ONCE])
        with transaction.atomic():
            shared = _shared(workspace_id, noun, part)
            _delete(workspace_id, noun, part, "low_id = ANY(%(ids)s)")
            _insert(workspace_id, noun, {pair for pair in shared if pair[0] in part})


def pieces_of(workspace_id: int, noun: Comparison, ids: Collection[int]) -> Pieces:
    """The keys and bands of some records, as they stand."""
    query = f"""
        SELECT kind, text, count(*) FROM {noun.table}
        WHERE workspace_id = %s AND {noun.key} = ANY(%s) AND kind <> 'g'
        GROUP BY kind, text
    """  # noqa: S608 -- names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, [workspace_id, list(ids)])
        return Counter({(kind, text): n for kind, text, n in cursor.fetchall()})


def follow(
    workspace_id: int, noun: Comparison, ids: Collection[int], *, before: Pieces, after: Pieces
) -> None:
    """Let the pairs follow records whose pieces were rewritten.

    Besides the pairs of these records, those of others may come or go: a piece that one more record
    has may tell nothing from now on, or tell something again.

    Args:
        workspace_id: Where.
        noun: Of what.
        ids: The records.
        before: Their keys and bands before.
        after: Their keys and bands now.
    """
    groups = _groups(workspace_id, noun, before | after)
    mine = set(ids)
    crossed: set[int] = set()
    for piece, group in groups.items():
        others = group - mine
        was, now = (len(others) + pieces[piece] for pieces in (before, after))
        if (was > MOST) != (now > MOST):
            crossed |= others
    touched = mine | crossed
    shared = _within(groups.values())
    if crossed:
        shared |= _shared(workspace_id, noun, crossed)
    _delete(workspace_id, noun, touched, "(low_id = ANY(%(ids)s) OR high_id = ANY(%(ids)s))")
    _insert(workspace_id, noun, {pair for pair in shared if not touched.isdisjoint(pair)})


def _shared(workspace_id: int, noun: Comparison, ids: Collection[int]) -> set[Both]:
    """Pairs that share a piece which tells something, of the groups to which some records belong."""
    return _within(_groups(workspace_id, noun, pieces_of(workspace_id, noun, ids)).values())


def _within(groups: Iterable[set[int]]) -> set[Both]:
    return {
        pair for group in groups if len(group) <= MOST for pair in combinations(sorted(group), 2)
    }


def _groups(workspace_id: int, noun: Comparison, pieces: Pieces) -> dict[tuple[str, str], set[int]]:
    """Who has each piece: all of them, or of very many so many that those besides the records at hand are too many."""
    query = f"""
        SELECT asked.kind, asked.text, array_agg(t.id)
        FROM unnest(%(kinds)s::text[], %(texts)s::text[], %(most)s::int[]) AS asked (kind, text, most)
        CROSS JOIN LATERAL (
            SELECT i.{noun.key} AS id FROM {noun.table} i
            WHERE i.workspace_id = %(workspace)s AND i.kind = asked.kind AND i.text = asked.text
            LIMIT asked.most) t
        GROUP BY asked.kind, asked.text
    """  # noqa: S608 -- names of our own tables; values are parameters
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "kinds": [kind for kind, _text in pieces],
        "texts": [text for _kind, text in pieces],
        "most": [n + MOST + 1 for n in pieces.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return {(kind, text): set(ids) for kind, text, ids in cursor.fetchall()}


def _delete(workspace_id: int, noun: Comparison, ids: Collection[int], which: str) -> None:
    """Delete pairs in order, so that two who delete the same wait for each other, and never both."""
    query = f"""
        DELETE FROM contacts_alike WHERE id IN (
            SELECT id FROM contacts_alike
            WHERE workspace_id = %(workspace)s AND noun = %(noun)s AND {which}
            ORDER BY low_id, high_id FOR UPDATE)
    """  # noqa: S608 -- our own conditions; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, {"workspace": workspace_id, "noun": str(noun.noun), "ids": list(ids)})


def _drop_dead(workspace_id: int, noun: Comparison) -> None:
    """Delete the pairs of records that have no pieces any more."""
    query = f"""
        DELETE FROM contacts_alike a WHERE workspace_id = %s AND noun = %s
        AND NOT EXISTS (SELECT 1 FROM {noun.table} t WHERE t.{noun.key} = a.low_id)
    """  # noqa: S608 -- names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, [workspace_id, str(noun.noun)])


def _insert(workspace_id: int, noun: Comparison, shared: set[Both]) -> None:
    """Keep those of the pairs that are possibly one; another who was faster has kept the same."""
    query = """
        INSERT INTO contacts_alike (workspace_id, noun, low_id, high_id, score, reasons)
        SELECT %s, %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::jsonb[])
        ON CONFLICT (workspace_id, noun, low_id, high_id)
        DO UPDATE SET score = excluded.score, reasons = excluded.reasons
    """
    rows = sorted(_possible(noun, shared))
    if rows:
        columns = map(list, zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(query, [workspace_id, str(noun.noun), *columns])


def _possible(noun: Comparison, shared: set[Both]) -> Iterator[tuple[int, int, float, str]]:
    pieces = noun.pieces_of({pk for pair in shared for pk in pair})
    for low, high in shared:
        if low in pieces and high in pieces:
            match = noun.compare(pieces[low], pieces[high])
            if match.is_possible:
                reasons = [[reason.code, reason.likeness] for reason in match.reasons]
                yield low, high, match.score, json.dumps(reasons)
