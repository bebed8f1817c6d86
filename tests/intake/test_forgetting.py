"""Nothing of an erased person is left in what imports keep."""

from __future__ import annotations

import pytest
from django.db import connection

from penstock.base.errors import Conflict
from penstock.contacts import people
from penstock.contacts.models import Person
from penstock.intake import changesets, jobs
from penstock.intake.models import ChangeRow, ChangeSet, Chunk, State
from penstock.users.models import Member
from tests import make
from tests.intake import build

PEOPLE = """Name,Email,Phone,Company,Remark
Zinaida Qwertz,ZQ@example.test,+41 555 1234,Acme,likes tea
Zinaida Qwertz,ZQ@example.test,+41 555 1234,Acme,likes tea
Bob Brook,bob@example.test,+41 555 9999,Brook,likes milk
"""
CHANGED = PEOPLE.replace("Qwertz", "Qwertz-Meier").replace("1234", "5678")
TWISTED = PEOPLE.replace("likes tea", "hates tea", 1)
TRACES = ("zinaida", "qwertz", "zq@example.test", "555 1234", "555 5678", "s tea")


@pytest.fixture
def owner(db: None) -> Member:
    return make.owner_of(make.workspace())


def test_imported_person_is_found_in_no_column_when_erased(owner: Member) -> None:
    build.applied(owner, "people", PEOPLE)
    build.applied(owner, "people", CHANGED)
    build.checked(owner, "people", TWISTED)
    build.started(owner, "people", "\ufeff" + PEOPLE, options={"encoding": "utf-8-sig"})
    build.started(owner, "people", PEOPLE.replace(",", ";").encode("utf-16"))
    build.applied(owner, "deals", "Deal Name,Stage,Contact\nWheel,Gone,zq@example.test\n")
    found = columns_with_traces()

    people.erase(person(), by=owner)

    assert {"intake_changerow.raw", "intake_changerow.before", "intake_chunk.data"} <= found
    assert columns_with_traces() == set()


def test_rows_of_others_stay_when_a_person_is_erased(owner: Member) -> None:
    done = build.applied(owner, "people", PEOPLE)
    waiting = build.started(owner, "people", "Name,Email\nDora,dora@example.test\n")

    people.erase(person(), by=owner)

    assert [row.raw.get("Name") for row in done.rows.order_by("number")] == [
        None,
        None,
        "Bob Brook",
    ]
    assert changesets.headers(waiting) == ["Name", "Email"]


def test_person_stays_erased_when_the_import_is_taken_back(owner: Member) -> None:
    build.applied(owner, "people", PEOPLE)
    change = build.applied(owner, "people", CHANGED)
    people.erase(person(), by=owner)

    changesets.revert_now(change, by=owner)

    assert columns_with_traces() == set()


def test_file_is_kept_no_longer_when_it_is_applied(owner: Member) -> None:
    change_set = build.applied(owner, "people", PEOPLE)

    with pytest.raises(Conflict) as refusal:
        changesets.headers(change_set)

    assert refusal.value.code == "intake.not_editable"
    assert not Chunk.objects.exists()


def test_import_by_key_is_dropped_when_it_names_the_person_no_other_way(owner: Member) -> None:
    build.applied(owner, "people", "ID,Name\n17,Zinaida Qwertz\n")
    build.started(owner, "people", "ID,Name\n17,Zina\n")
    build.started(owner, "companies", "Name,Employees\nAcme,17\n")

    people.erase(Person.objects.get(), by=owner)

    assert set(ChangeSet.objects.values_list("noun", "state")) == {
        ("people", State.APPLIED),
        ("companies", State.DRAFT),
    }


def test_job_ends_in_peace_when_its_import_was_dropped(owner: Member) -> None:
    build.applied(owner, "people", PEOPLE)
    waiting = build.started(owner, "people", PEOPLE)
    people.erase(person(), by=owner)

    jobs.apply(workspace_id=owner.workspace_id, change_set_id=waiting.pk)

    assert ChangeRow.objects.filter(change_set_id=waiting.pk).count() == 0


def person() -> Person:
    return Person.objects.get(email__iexact="zq@example.test")


def columns_with_traces() -> set[str]:
    """Columns of any table that hold something of the person, files by their bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type NOT IN ('bigint', 'boolean', 'date')"
        )
        return {
            f"{table}.{name}" for table, name, kind in cursor.fetchall() if holds(table, name, kind)
        }


def holds(table: str, name: str, kind: str) -> bool:
    text = f"""encode("{name}", 'escape')""" if kind == "bytea" else f'"{name}"::text'
    # A file of two bytes per character has a zero in each.
    plain = f"replace(lower({text}), '\\000', '')"
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "{table}" WHERE {plain} LIKE ANY (%s))',
            [[f"%{trace}%" for trace in TRACES]],
        )
        return bool(cursor.fetchone()[0])
