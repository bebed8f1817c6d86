"""Finding who is possibly the same as a record that is about to be added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import connection

from penstock.analytics.duplicates import Match
from penstock.contacts.comparing import COMPANIES, PEOPLE, Comparison
from penstock.contacts.models import Apart, Person

N_FOUND = 5
N_PAIRS = 200
#: So many with the same key are looked at, and so many colleagues.
N_SAME, N_COLLEAGUES = 100, 1000
#: Names of companies that are less alike are not shown unless a key is the same.
LEAST_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A record that is possibly the same, best first."""

    id: int
    name: str
    match: Match


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are possibly one; ``low_id`` is the smaller id."""

    noun: str
    low_id: int
    high_id: int
    match: Match


def companies_like(
    workspace_id: int,
    *,
    name: str,
    domain: str = "",
    city: str = "",
    besides: Collection[int] = (),
) -> list[Found]:
    """Companies that are possibly the same as one of this name and domain."""
    mine = COMPANIES.cut(name, domain, city)
    ids = _same(workspace_id, COMPANIES, {"n": " ".join(mine.words), "d": mine.domain})
    ids |= _like_named(workspace_id, mine.grams)
    return _best(COMPANIES, mine, ids - {*besides})


def people_like(
    workspace_id: int,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    company_id: int | None = None,
    besides: Collection[int] = (),
) -> list[Found]:
    """People who are possibly the same as one of this name, address and number.

    What a capture form calls for a lead, and every dialog for a new person. A name alone is no
    reason, so by their names only colleagues are compared.
    """
    mine = PEOPLE.cut(name, email, phone, company_id)
    ids = _same(workspace_id, PEOPLE, {"e": mine.mailbox, "p": mine.phone})
    if company_id:
        colleagues = Person.objects.filter(workspace_id=workspace_id, company_id=company_id)
        ids |= {*colleagues.values_list("pk", flat=True)[:N_COLLEAGUES]}
    return _best(PEOPLE, mine, ids - {*besides})


def apart(noun: str) -> set[tuple[int, int]]:
    """Pairs that somebody said are not the same."""
    return set(Apart.objects.filter(noun=noun).values_list("low_id", "high_id"))


def _same(workspace_id: int, noun: Comparison, keys: Mapping[str, str]) -> set[int]:
    """Records that have one of the keys."""
    told = {kind: text[:250] for kind, text in keys.items() if text}
    query = f"""
        SELECT t.id FROM unnest(%s::text[], %s::text[]) AS asked (kind, text)
        CROSS JOIN LATERAL (
            SELECT i.{noun.key} AS id FROM {noun.table} i
            WHERE i.workspace_id = %s AND i.kind = asked.kind AND i.text = asked.text
            LIMIT {N_SAME}) t
    """  # noqa: S608 -- names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, [[*told], [*told.values()], workspace_id])
        return {row[0] for row in cursor.fetchall()}


def _like_named(workspace_id: int, grams: Collection[str]) -> set[int]:
    """Companies whose names share enough trigrams, by the few rarest of them.

    Two sets of *n* and *m* whose Dice is at least *t* share at least *t n* ÷ (2 − *t*), so one of any
    *n* + 1 less that many is among those that they share: the others are not looked up.

    Source:
        S. Chaudhuri, V. Ganti, R. Kaushik, "A Primitive Operator for Similarity Joins in Data Cleaning",
        ICDE (2006), lemma 1 (prefix filter).
    """
    if not grams:
        return set()
    n, ratio = len(grams), LEAST_ALIKE / (2 - LEAST_ALIKE)
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "grams": list(grams),
        "n": n,
        "n_rare": n + 1 - ceil(ratio * n),
        "fewest": ratio * n,
        "most": n / ratio,
        "least": LEAST_ALIKE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKE_NAMED, params)
        return {row[0] for row in cursor.fetchall()}


_LIKE_NAMED = """
    WITH rare AS (
        SELECT gram, (
            SELECT count(*) FROM (
                SELECT 1 FROM contacts_companytoken
                WHERE workspace_id = %(workspace)s AND kind = 'g' AND text = gram LIMIT 1000) seen)
        FROM unnest(%(grams)s::text[]) gram ORDER BY 2 LIMIT %(n_rare)s),
    possible AS (
        SELECT DISTINCT t.company_id FROM rare
        JOIN contacts_companytoken t
          ON t.workspace_id = %(workspace)s AND t.kind = 'g' AND t.text = rare.gram
        WHERE t.n_grams BETWEEN %(fewest)s AND %(most)s)
    SELECT t.company_id FROM possible
    JOIN contacts_companytoken t ON t.company_id = possible.company_id
    WHERE t.workspace_id = %(workspace)s AND t.kind = 'g' AND t.text = ANY(%(grams)s)
    GROUP BY t.company_id HAVING 2.0 * count(*) / (%(n)s + min(t.n_grams)) >= %(least)s
    ORDER BY 2.0 * count(*) / (%(n)s + min(t.n_grams)) DESC LIMIT 50
"""


def _best(noun: Comparison, mine: Any, ids: Collection[int]) -> list[Found]:
    found = (
        Found(pk, facts[0], noun.compare(mine, noun.cut(*facts)))
        for pk, *facts in noun.facts_of(ids)
    )
    possible = [one for one in found if one.match.is_possible]
    return sorted(possible, key=lambda one: (-one.match.score, one.id))[:N_FOUND]
