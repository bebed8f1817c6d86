"""Finding who is possibly the same: for a record that is about to be added, and among those that are here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection

from penstock.analytics import duplicates, spelling
from penstock.analytics.duplicates import CompanyFacts, Match, PersonFacts
from penstock.contacts.models import Apart, Company, Person
from penstock.contacts.models.merge import Noun

N_FOUND = 5
N_PAIRS = 200
N_READ = 10_000
#: A key that more records share tells nothing: a switchboard's number, the domain of a holding.
MOST = 25
#: A name is looked up by the shared trigrams of at least this likeness; below it no score is reached.
LEAST_ALIKE = 0.5


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
    """Companies that are possibly the same as one of this name and domain.

    Two index scans: one for the keys, one for the trigrams of the name.
    """
    facts = CompanyFacts(name, domain, city)
    keys = {"n": " ".join(spelling.company_words(name)), "d": spelling.domain(domain)}
    grams = spelling.trigrams(spelling.company_words(name))
    ids = _candidates("contacts_companytoken", "company_id", workspace_id, keys=keys, grams=grams)
    rows = Company.objects.filter(pk__in=ids - {*besides}, withdrawn_at=None, merged_into=None)
    return _best(
        Found(row.pk, row.name, duplicates.companies(facts, _company(row))) for row in rows
    )


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

    What a capture form calls for a lead, and every dialog for a new person.
    """
    facts = PersonFacts(name, email, phone, company_id)
    keys = {
        "n": " ".join(spelling.person_words(name)),
        "e": spelling.mailbox(email),
        "p": spelling.phone(phone),
    }
    grams = spelling.trigrams(spelling.person_words(name))
    ids = _candidates("contacts_persontoken", "person_id", workspace_id, keys=keys, grams=grams)
    rows = Person.objects.filter(
        pk__in=ids - {*besides}, withdrawn_at=None, merged_into=None, erased_at=None
    )
    return _best(Found(row.pk, row.name, duplicates.people(facts, _person(row))) for row in rows)


def companies_beside(rows: Sequence[Company]) -> dict[int, Found]:
    """Of many companies that are here, the record that each is most probably the same as; two queries.

    What an import asks of those that it adds. Names are looked up by their bands, not by trigrams, so
    of names that are only somewhat like a few are missed.
    """
    found = _beside("contacts_companytoken", "company_id", rows)
    others = _read(Company, found)
    return _closest(
        rows, found, others, lambda one, other: duplicates.companies(_company(one), _company(other))
    )


def people_beside(rows: Sequence[Person]) -> dict[int, Found]:
    """The same of many people."""
    found = _beside("contacts_persontoken", "person_id", rows)
    others = _read(Person, found)
    return _closest(
        rows, found, others, lambda one, other: duplicates.people(_person(one), _person(other))
    )


def company_pairs(workspace_id: int, *, limit: int = N_PAIRS) -> list[Pair]:
    """Companies that are possibly one, the most probable pairs first; pairs that are not the same are left out."""
    groups = _groups("contacts_companytoken", "company_id", workspace_id)
    ids = {pk for group in groups for pk in group}
    facts = {pk: _company(row) for pk, row in _read(Company, {0: ids}).items()}
    return _pairs(Noun.COMPANY, groups, facts, duplicates.companies)[:limit]


def person_pairs(workspace_id: int, *, limit: int = N_PAIRS) -> list[Pair]:
    """People who are possibly one, as for companies."""
    groups = _groups("contacts_persontoken", "person_id", workspace_id)
    ids = {pk for group in groups for pk in group}
    facts = {pk: _person(row) for pk, row in _read(Person, {0: ids}).items()}
    return _pairs(Noun.PERSON, groups, facts, duplicates.people)[:limit]


def apart(noun: str) -> set[tuple[int, int]]:
    """Pairs that somebody said are not the same."""
    return set(Apart.objects.filter(noun=noun).values_list("low_id", "high_id"))


def _candidates(
    table: str, key: str, workspace_id: int, *, keys: Mapping[str, str], grams: Collection[str]
) -> set[int]:
    told = [(kind, text[:250]) for kind, text in keys.items() if text]
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "kinds": [kind for kind, _text in told],
        "texts": [text for _kind, text in told],
        "grams": list(grams),
        "n": len(grams),
        "least": LEAST_ALIKE,
    }
    query = f"""
        SELECT t.{key} FROM {table} t
        JOIN unnest(%(kinds)s::text[], %(texts)s::text[]) AS asked (kind, text)
          ON t.kind = asked.kind AND t.text = asked.text
        WHERE t.workspace_id = %(workspace)s
        UNION
        (SELECT {key} FROM {table}
         WHERE workspace_id = %(workspace)s AND kind = 'g' AND text = ANY(%(grams)s)
         GROUP BY {key} HAVING 2.0 * count(*) / (%(n)s + min(n_grams)) >= %(least)s
         ORDER BY 2.0 * count(*) / (%(n)s + min(n_grams)) DESC LIMIT 50)
    """  # noqa: S608 -- names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return {row[0] for row in cursor.fetchall()}


def _beside(table: str, key: str, rows: Sequence[Any]) -> dict[int, set[int]]:
    """Of each record, those with which it shares a key or a band; what very many share tells nothing."""
    if not rows:
        return {}
    query = f"""
        SELECT o.{key}, array_agg(t.{key}) FROM {table} o
        CROSS JOIN LATERAL (
            SELECT i.{key} FROM {table} i
            WHERE i.workspace_id = o.workspace_id AND i.kind = o.kind AND i.text = o.text AND i.{key} <> o.{key}
            LIMIT {MOST}
        ) t
        WHERE o.workspace_id = %s AND o.{key} = ANY(%s) AND o.kind <> 'g'
        GROUP BY o.{key}, o.kind, o.text HAVING count(*) < {MOST}
    """  # noqa: S608 -- names of our own tables; values are parameters
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(query, [rows[0].workspace_id, [row.pk for row in rows]])
        for pk, others in cursor.fetchall():
            found[pk] |= set(others)
    return found


def _read(model: Any, found: Mapping[int, set[int]]) -> dict[int, Any]:
    """The records that were found, some thousand at a time: a query takes only so many parameters."""
    ids = sorted(set().union(*found.values()))
    rows: dict[int, Any] = {}
    for first in range(0, len(ids), N_READ):
        rows |= model.objects.in_bulk(ids[first : first + N_READ])
    return rows


def _closest(
    rows: Sequence[Any],
    found: Mapping[int, set[int]],
    others: Mapping[int, Any],
    compare: Callable[[Any, Any], Match],
) -> dict[int, Found]:
    best: dict[int, Found] = {}
    for row in rows:
        ids = found.get(row.pk, ())
        alike = _best(
            Found(pk, others[pk].name, compare(row, others[pk])) for pk in ids if pk in others
        )
        if alike:
            best[row.pk] = alike[0]
    return best


def _groups(table: str, key: str, workspace_id: int) -> list[tuple[int, ...]]:
    """Records that share a key or a band, some at a time."""
    query = f"""
        SELECT array_agg({key}) FROM {table}
        WHERE workspace_id = %s AND kind <> 'g'
        GROUP BY kind, text HAVING count(*) BETWEEN 2 AND {MOST}
    """  # noqa: S608 -- names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, [workspace_id])
        return [tuple(row[0]) for row in cursor.fetchall()]


def _pairs(
    noun: str, groups: Iterable[tuple[int, ...]], facts: Mapping[int, Any], compare: Any
) -> list[Pair]:
    both = {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
    found = [
        Pair(noun, low, high, compare(facts[low], facts[high])) for low, high in both - apart(noun)
    ]
    possible = [pair for pair in found if pair.match.is_possible]
    return sorted(possible, key=lambda pair: (-pair.match.score, pair.low_id, pair.high_id))


def _best(found: Iterable[Found]) -> list[Found]:
    possible = [one for one in found if one.match.is_possible]
    return sorted(possible, key=lambda one: (-one.match.score, one.id))[:N_FOUND]


def _company(row: Company) -> CompanyFacts:
    return CompanyFacts(row.name, row.domain, row.city)


def _person(row: Person) -> PersonFacts:
    return PersonFacts(row.name, row.email, row.phone, row.company_id)
