"""Companies and the people in them."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.contacts.models import Company, Person
from penstock.sales import deals
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def test_list_says_what_the_deals_of_each_come_to(owner: Browser, workspace: Workspace) -> None:
    acme, forge = make.company(workspace, "Acme"), make.company(workspace, "Forge")
    make.deal(workspace, company=acme, amount="10")
    deals.win(make.deal(workspace, company=acme, amount="700"), by=None)

    page = owner.get("companies").context["page"]

    assert [(line.name, line.n_open, line.open_sum, line.won_sum) for line in page.lines] == [
        ("Acme", "1", "€10", "€700"),
        ("Forge", "", "", ""),
    ]
    assert forge.name == "Forge"


def test_list_finds_any_spelling(owner: Browser, workspace: Workspace) -> None:
    make.company(workspace, "GTX Pro")
    make.company(workspace, "Forge")

    page = owner.get("companies", q="gtxpro").context["page"]

    assert [line.name for line in page.lines] == ["GTX Pro"]


def test_list_sorts_by_name_downwards(owner: Browser, workspace: Workspace) -> None:
    for name in ("Beta", "alpha", "Ёлка"):
        make.company(workspace, name)

    page = owner.get("companies", sort="-name").context["page"]

    assert [line.name for line in page.lines] == ["Ёлка", "Beta", "alpha"]


@pytest.mark.parametrize("n", [1, 3])
def test_list_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for number in range(n):
        make.deal(workspace, company=make.company(workspace, f"Company {number}"))
    owner.get("companies")

    with django_assert_num_queries(12):
        owner.get("companies")


def test_page_shows_deals_orders_and_people(owner: Browser, workspace: Workspace) -> None:
    acme = make.company(workspace)
    deals.win(make.deal(workspace, company=acme, amount="700"), by=None)
    make.person(workspace, "Carol", company=acme)

    page = owner.get(f"companies/{acme.pk}").context["page"]

    assert page.answer == "1 deal was won: €700."
    assert [row["state"] for row in page.deals] == ["Won"]
    assert [row["left"] for row in page.orders] == ["€700"]
    assert [row["name"] for row in page.people] == ["Carol"]


def test_create_adds_a_company(owner: Browser) -> None:
    answer = owner.post("companies/new", htmx=True, name="Forge", country="Chile")

    company = Company.objects.get()
    assert (company.name, company.country) == ("Forge", "Chile")
    assert answer.headers["HX-Redirect"] == owner.url(f"companies/{company.pk}")


def test_create_without_a_name_says_so(owner: Browser) -> None:
    answer = owner.post("companies/new", htmx=True, name=" ")

    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_edit_changes_a_company(owner: Browser, workspace: Workspace) -> None:
    company = make.company(workspace)

    owner.post(f"companies/{company.pk}/edit", name="Acme AG", employees="12")

    company.refresh_from_db()
    assert (company.name, company.employees) == ("Acme AG", 12)


def test_person_is_added_changed_and_erased(owner: Browser, workspace: Workspace) -> None:
    company = make.company(workspace)
    owner.post(f"companies/{company.pk}/people/new", name="Carol", email="carol@example.test")
    person = Person.objects.get()
    owner.post(f"people/{person.pk}/edit", name="Carol King", email="carol@example.test")

    asked = owner.get(f"people/{person.pk}/erase", htmx=True)
    owner.post(f"people/{person.pk}/erase")

    assert "Erase Carol King?" in asked.content.decode()
    person.refresh_from_db()
    assert (person.name, person.email) == ("", "")
    assert "Erased person" in owner.get(f"people/{person.pk}").content.decode()


def test_only_an_owner_erases(workspace: Workspace) -> None:
    person = make.person(workspace)

    answer = sign_in(make.member(workspace, role=Role.MANAGER)).post(f"people/{person.pk}/erase")

    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.name == "Carol"


def test_viewer_changes_nothing(viewer: Browser, workspace: Workspace) -> None:
    company, person = make.company(workspace), make.person(workspace)

    assert viewer.get(f"companies/{company.pk}").status_code == 200
    assert viewer.post("companies/new", name="Mine").status_code == 403
    assert viewer.post(f"companies/{company.pk}/edit", name="Mine").status_code == 403
    assert viewer.post(f"companies/{company.pk}/people/new", name="Eve").status_code == 403
    assert viewer.post(f"people/{person.pk}/edit", name="Eve").status_code == 403


def test_stranger_finds_nothing(stranger: Browser, workspace: Workspace) -> None:
    company, person = make.company(workspace), make.person(workspace)

    for path in ("companies", f"companies/{company.pk}", f"people/{person.pk}", "search?q=ac"):
        assert stranger.get(path).status_code == 404


def test_search_finds_by_name_and_leads_by_number(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, title="Axles", company=make.company(workspace, "Axle works"))

    rows = owner.get("search", htmx=True, q="axle").context["rows"]
    by_number = owner.get("search", q=deal.item.key.lower())

    assert [row.name for row in rows] == ["Axles", "Axle works"]
    assert by_number.headers["Location"] == owner.url(f"deals/{deal.item.key}")
