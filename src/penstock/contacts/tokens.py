"""Keeping the pieces by which records are found to be alike equal to the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from penstock.analytics import spelling
from penstock.contacts import pairs
from penstock.contacts.comparing import COMPANIES, PEOPLE, Comparison
from penstock.contacts.models import Company, Person

Piece = tuple[int, str, str, int]
N_AT_ONCE = 2000
#: What records are compared by.
COMPARED = frozenset({"name", "domain", "city", "email", "phone", "company"})


def refresh_companies(companies: Sequence[Company], *, are_new: bool = False) -> None:
    """Rewrite the pieces of some companies, and the pairs with them; of merged and withdrawn ones nothing stays."""
    _rewrite(COMPANIES, companies, _of_company, are_new=are_new)


def refresh_people(people: Sequence[Person], *, are_new: bool = False) -> None:
    """Rewrite the pieces of some people, and the pairs; of merged, withdrawn and erased ones nothing stays."""
    _rewrite(PEOPLE, people, _of_person, are_new=are_new)


def pieces_of(noun: Comparison, things: Sequence[Any]) -> set[tuple[int, str, str]]:
    """What the pieces of some records are now: record, kind and text."""
    cut = _of_company if noun is COMPANIES else _of_person
    return {(pk, kind, text) for thing in things for pk, kind, text, _n in cut(thing)}


def of_name(words: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """The pieces of a name: itself, its trigrams, its bands."""
    grams = spelling.trigrams(words)
    if grams:
        yield "n", " ".join(words)[:250], len(grams)
    for gram in grams:
        yield "g", gram, len(grams)
    for band in spelling.bands(grams):
        yield "b", band, len(grams)


def _of_company(company: Company) -> Iterator[Piece]:
    if company.withdrawn_at or company.merged_into_id:
        return
    for kind, text, n in of_name(spelling.company_words(company.name)):
        yield company.pk, kind, text, n
    if host := spelling.domain(company.domain):
        yield company.pk, "d", host[:250], 0


def _of_person(person: Person) -> Iterator[Piece]:
    if person.withdrawn_at or person.merged_into_id or person.erased_at:
        return
    for kind, text, n in of_name(spelling.person_words(person.name)):
        yield person.pk, kind, text, n
    addresses = {"e": spelling.mailbox(person.email), "p": spelling.phone(person.phone)}
    for kind, text in addresses.items():
        if text:
            yield person.pk, kind, text[:250], 0


def _rewrite(noun: Comparison, things: Sequence[Any], cut: Any, *, are_new: bool) -> None:
    for first in range(0, len(things), N_AT_ONCE):
        part = things[first : first + N_AT_ONCE]
        ids, workspace_id = [thing.pk for thing in part], part[0].workspace_id
        before = Counter[tuple[str, str]]()
        if not are_new:
            before = pairs.pieces_of(workspace_id, noun, ids)
            noun.token.objects.filter(**{f"{noun.key}__in": ids}).delete()
        rows = [row for thing in part for row in cut(thing)]
        _insert(noun, workspace_id, rows)
        after = Counter((kind, text) for _pk, kind, text, _n in rows if kind != "g")
        pairs.follow(workspace_id, noun, ids, before=before, after=after)


def _insert(noun: Comparison, workspace_id: int, rows: Iterable[Piece]) -> None:
    """One statement for all rows: objects of the mapper would take ten times as long."""
    columns = list(zip(*rows, strict=True))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {noun.table} (workspace_id, {noun.key}, kind, text, n_grams) "  # noqa: S608 -- names of our own models
                "SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[])",
                [workspace_id, *map(list, columns)],
            )
