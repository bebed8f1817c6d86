"""Keeping the pieces by which records are found to be alike equal to the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from penstock.analytics import spelling
from penstock.contacts.models import Company, CompanyToken, Person, PersonToken

Piece = tuple[int, str, str, int]
N_AT_ONCE = 2000


def refresh_companies(companies: Sequence[Company]) -> None:
    """Rewrite the pieces of some companies; of merged and withdrawn ones nothing stays."""
    _rewrite(CompanyToken, "company_id", companies, _of_company)


def refresh_people(people: Sequence[Person]) -> None:
    """Rewrite the pieces of some people; of merged, withdrawn and erased ones nothing stays."""
    _rewrite(PersonToken, "person_id", people, _of_person)


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


def _rewrite(model: Any, key: str, things: Sequence[Any], pieces: Any) -> None:
    for first in range(0, len(things), N_AT_ONCE):
        part = things[first : first + N_AT_ONCE]
        model.objects.filter(**{f"{key}__in": [thing.pk for thing in part]}).delete()
        _insert(model, key, part[0].workspace_id, [row for thing in part for row in pieces(thing)])


def _insert(model: Any, key: str, workspace_id: int, rows: Iterable[Piece]) -> None:
    """One statement for all rows: objects of the mapper would take ten times as long."""
    columns = list(zip(*rows, strict=True))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} (workspace_id, {key}, kind, text, n_grams) "  # noqa: S608 -- names of our own models
                "SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[])",
                [workspace_id, *map(list, columns)],
            )
