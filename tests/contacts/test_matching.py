"""Who is possibly the same, found in the database."""

import pytest

from penstock.contacts import bulk, companies, matching, merging, people
from penstock.contacts.models import Alike, CompanyToken, PersonToken
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


def names(found: list[matching.Found]) -> list[str]:
    return [one.name for one in found]


def shown(noun: str) -> list[tuple[int, int]]:
    """The pairs that are open, by rank."""
    rows = Alike.objects.filter(noun=noun).open().order_by("-score", "low_id")
    return list(rows.values_list("low_id", "high_id"))


def test_company_is_found_in_other_letters_and_legal_form(workspace: Workspace) -> None:
    make.company(workspace, "ООО «Ромашка»")
    make.company(workspace, "Acme")

    found = matching.companies_like(workspace.pk, name="Romashka Ltd")

    assert names(found) == ["ООО «Ромашка»"]
    assert [reason.code for reason in found[0].match.reasons] == ["same_name"]


def test_company_is_found_by_domain_alone(workspace: Workspace) -> None:
    companies.add(workspace, name="Blue Kettle", domain="www.kettle.example", by=None)

    found = matching.companies_like(workspace.pk, name="BK", domain="https://kettle.example/")

    assert names(found) == ["Blue Kettle"]


def test_company_is_found_with_a_typing_error(workspace: Workspace) -> None:
    make.company(workspace, "Johnson Controls")

    assert names(matching.companies_like(workspace.pk, name="Jonson Controls")) == [
        "Johnson Controls"
    ]


def test_company_of_another_workspace_is_never_found(workspace: Workspace) -> None:
    make.company(workspace, "Acme")
    other = make.workspace("Other")

    assert matching.companies_like(other.pk, name="Acme") == []


def test_renamed_company_is_found_by_its_new_name_only(workspace: Workspace) -> None:
    acme = make.company(workspace, "Acme")
    companies.change(acme, by=None, name="Wheelworks")

    assert matching.companies_like(workspace.pk, name="Acme") == []
    assert names(matching.companies_like(workspace.pk, name="Wheel Works")) == ["Wheelworks"]


def test_imported_companies_are_found_and_withdrawn_ones_are_not(workspace: Workspace) -> None:
    bulk.add_companies(workspace.pk, [{"name": "Acme"}, {"name": "Mill"}], batch=7)
    assert names(matching.companies_like(workspace.pk, name="ACME inc")) == ["Acme"]

    bulk.withdraw(7, keep=[])

    assert matching.companies_like(workspace.pk, name="ACME inc") == []
    assert not CompanyToken.objects.exists()


def test_person_is_found_by_address_number_and_name(workspace: Workspace) -> None:
    acme = make.company(workspace)
    make.person(workspace, "Иван Сидоров", company=acme, phone="+7 912 345-67-89")
    make.person(workspace, "Ann", email="ann@acme.com")

    by_name = matching.people_like(workspace.pk, name="Sidorov Ivan", company_id=acme.pk)
    by_phone = matching.people_like(workspace.pk, name="Ваня", phone="8 912 3456789")
    by_email = matching.people_like(workspace.pk, name="Anna", email="ANN+x@acme.com")

    assert [names(found) for found in (by_name, by_phone, by_email)] == [
        ["Иван Сидоров"], ["Иван Сидоров"], ["Ann"],
    ]  # fmt: skip


def test_erased_person_is_found_no_more(workspace: Workspace) -> None:
    ann = make.person(workspace, "Ann", email="ann@acme.com")

    people.erase(ann, by=make.owner_of(workspace))

    assert matching.people_like(workspace.pk, name="Ann", email="ann@acme.com") == []
    assert not PersonToken.objects.exists()


def test_pairs_are_ranked_and_remembered_when_they_are_not_the_same(workspace: Workspace) -> None:
    one, other = make.company(workspace, "Ромашка"), make.company(workspace, "Romashka Ltd")
    first, second = (
        make.company(workspace, "Johnson Controls"),
        make.company(workspace, "Jonson Controls"),
    )
    make.company(workspace, "Acme North")
    make.company(workspace, "Acme South")

    assert shown("company") == [(one.pk, other.pk), (first.pk, second.pk)]

    merging.keep_apart("company", other.pk, one.pk, by=make.owner_of(workspace))
    merging.keep_apart("company", one.pk, other.pk, by=make.owner_of(workspace))
    assert shown("company") == [(first.pk, second.pk)]

    merging.compare_again("company", one.pk, other.pk)
    assert len(shown("company")) == 2


def test_pairs_of_people_need_more_than_a_name(workspace: Workspace) -> None:
    acme, mill = make.company(workspace), make.company(workspace, "Mill")
    make.person(workspace, "Ann Smith", company=acme)
    make.person(workspace, "Ann Smith", company=mill)
    one = make.person(workspace, "Bob Stone", company=acme)
    other = make.person(workspace, "Stone Bob", company=acme)

    assert shown("person") == [(one.pk, other.pk)]
