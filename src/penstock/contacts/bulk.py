"""Adding, changing and withdrawing many companies and people at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from penstock.base.keys import match_key, sort_key
from penstock.contacts import companies, people, tokens
from penstock.contacts.models import Company, Person


def add_companies(
    workspace_id: int, rows: Sequence[Mapping[str, Any]], *, batch: int
) -> list[Company]:
    """Add companies; each row has a name and any of a company's details."""
    made = Company.objects.bulk_create(
        Company(
            workspace_id=workspace_id,
            batch=batch,
            name=row["name"].strip()[:200],
            sort_key=sort_key(row["name"]),
            match_key=match_key(row["name"]),
            **_rest(row),
        )
        for row in _checked(rows, companies.check)
    )
    tokens.refresh_companies(made, are_new=True)
    return made


def change_companies(rows: Sequence[tuple[Company, Mapping[str, Any]]]) -> None:
    """Change only the named details of each company."""
    _checked([{"name": company.name, **details} for company, details in rows], companies.check)
    for company, details in rows:
        _set(company, details)
        company.sort_key, company.match_key = sort_key(company.name), match_key(company.name)
    fields = {name for _company, details in rows for name in details}
    if fields:
        Company.objects.bulk_update(
            [company for company, _details in rows], [*fields, "sort_key", "match_key"], 500
        )
        if tokens.COMPARED & fields:
            tokens.refresh_companies([company for company, _details in rows])


def add_people(workspace_id: int, rows: Sequence[Mapping[str, Any]], *, batch: int) -> list[Person]:
    """Add people; each row has a name and any of a person's details."""
    made = Person.objects.bulk_create(
        Person(
            workspace_id=workspace_id,
            batch=batch,
            name=row["name"].strip()[:200],
            sort_key=sort_key(row["name"]),
            **_rest(row),
        )
        for row in _checked(rows, people.check)
    )
    tokens.refresh_people(made, are_new=True)
    return made


def change_people(rows: Sequence[tuple[Person, Mapping[str, Any]]]) -> None:
    """Change only the named details of each person."""
    _checked([{"name": person.name, **details} for person, details in rows], people.check)
    for person, details in rows:
        _set(person, details)
        person.sort_key = sort_key(person.name)
    fields = {name for _person, details in rows for name in details}
    if fields:
        Person.objects.bulk_update(
            [person for person, _details in rows], [*fields, "sort_key"], 500
        )
        if tokens.COMPARED & fields:
            tokens.refresh_people([person for person, _details in rows])


def withdraw(batch: int, *, keep: Collection[int]) -> None:
    """Withdraw what an import added, except the companies that others have come to use."""
    _withdraw(Person.objects.filter(batch=batch), tokens.refresh_people)
    used = Person.objects.filter(withdrawn_at=None, company_id__isnull=False).exclude(batch=batch)
    kept = {*keep, *used.values_list("company_id", flat=True)}
    _withdraw(Company.objects.filter(batch=batch).exclude(pk__in=kept), tokens.refresh_companies)


def _withdraw(rows: QuerySet[Any], refresh: Callable[[Sequence[Any]], None]) -> None:
    going = list(rows.filter(withdrawn_at=None))
    rows.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    for thing in going:
        thing.withdrawn_at = timezone.now()
    refresh(going)


def _checked(rows: Sequence[Mapping[str, Any]], check: Any) -> Sequence[Mapping[str, Any]]:
    for row in rows:
        check(row["name"], _rest(row))
    return rows


def _rest(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "name"}


def _set(thing: Any, details: Mapping[str, Any]) -> None:
    for name, value in details.items():
        setattr(thing, name, value)
