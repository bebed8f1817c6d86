"""Companies and people; and that an erased person is nowhere any more."""

from __future__ import annotations

import pytest
from django.db import connection

from penstock.base.errors import RuleBroken
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.flow.models import Item
from penstock.sales import deals
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db

SECRET = "Zinaida Qwertz"
TRACES = ("zinaida", "qwertz", "zq@example.test", "5551234", "chief of widgets", "likes tea")


def test_erased_person_is_found_in_no_column_of_any_table() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    deal = make.deal(workspace, owner=owner)
    person = _secret_person(workspace)
    deals.add_person(deal, person=person, part="decides", by=owner)
    people.change(person, by=owner, name=f"{SECRET} II")
    assert _columns_with_traces() != []

    people.erase(person, by=owner)

    assert _columns_with_traces() == []


def test_erasing_changes_no_total_and_is_written_down_by_id() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    deal = make.deal(workspace)
    person = _secret_person(workspace)
    deals.add_person(deal, person=person, part="decides", by=None)
    before = _totals()

    person = people.erase(people.erase(person, by=owner), by=owner)

    assert _totals() == before
    entry = AuditEntry.objects.filter(action="person.erased").first()
    assert entry is not None
    assert (entry.by, entry.target_kind, entry.target_id) == (owner, "person", person.pk)


def test_erased_person_stays_erased() -> None:
    workspace = make.workspace()
    stale = _secret_person(workspace)
    people.erase(Person.objects.get(), by=make.owner_of(workspace))

    with pytest.raises(RuleBroken) as refusal:
        people.change(stale, by=None, phone="5551234")

    assert refusal.value.code == "contacts.erased"
    assert _columns_with_traces() == []


def test_change_of_a_person_touches_only_what_is_named() -> None:
    workspace = make.workspace()
    stale = make.person(workspace, email="carol@example.test")
    people.change(stale, by=None, name="Carola")

    people.change(stale, by=None, phone="1")

    person = Person.objects.get()
    assert (person.name, person.sort_key, person.email, person.phone) == (
        "Carola",
        "carola",
        "carol@example.test",
        "1",
    )


def test_company_is_found_in_any_spelling() -> None:
    workspace = make.workspace()

    company = companies.add(workspace, name=" Ёлка & Co. ", by=None, country="RU")
    companies.change(company, by=None, city="Omsk")

    company = Company.objects.get()
    assert (company.name, company.match_key) == ("Ёлка & Co.", "елкаco")
    assert (company.country, company.city) == ("RU", "Omsk")
    companies.change(company, by=None, name="Acme")
    assert Company.objects.get().match_key == "acme"


@pytest.mark.parametrize("room", [companies, people])
def test_nameless_and_unknown_details_are_refused(room: object) -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken, match="name"):
        room.add(workspace, name=" ", by=None)  # type: ignore[attr-defined]  # -- one of the two modules
    with pytest.raises(ValueError, match="colour"):
        room.add(workspace, name="x", by=None, colour="red")  # type: ignore[attr-defined]  # -- as above


def _secret_person(workspace: object) -> Person:
    return make.person(
        workspace,  # type: ignore[arg-type]  # -- a workspace
        SECRET,
        email="zq@example.test",
        phone="5551234",
        job_title="Chief of Widgets",
        extra={"note": "likes tea"},
    )


def _totals() -> tuple[int, ...]:
    models = (Person, Deal, DealPerson, Item, Company)
    return tuple(model.objects.count() for model in models)


def _columns_with_traces() -> list[str]:
    """Columns of text or JSON, of any table, that still hold something of the person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type NOT IN ('bigint', 'boolean', 'date')"
        )
        return [
            f"{table}.{column}"
            for table, column in cursor.fetchall()
            if _holds_trace(cursor, table, column)
        ]


def _holds_trace(cursor: object, table: str, column: str) -> bool:
    cursor.execute(  # type: ignore[attr-defined]  # -- a cursor
        f'SELECT EXISTS (SELECT FROM "{table}" WHERE lower("{column}"::text) LIKE ANY (%s))',
        [[f"%{trace}%" for trace in TRACES]],
    )
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]  # -- a cursor


def test_rooms_that_keep_copies_are_asked_to_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make.workspace()
    forgotten: list[int] = []
    monkeypatch.setattr(people, "_forgetters", [])
    people.connect(lambda person: forgotten.append(person.pk))

    person = people.erase(make.person(workspace), by=make.owner_of(workspace))

    assert forgotten == [person.pk]
