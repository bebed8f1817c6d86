"""Companies, people, products and members from files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.contacts.models import Company, Person
from penstock.users.models import Member
from tests import make
from tests.intake import build


@pytest.fixture
def owner(db: None) -> Member:
    return make.owner_of(make.workspace())


def test_companies_are_added_with_parents_and_unknown_columns(owner: Member) -> None:
    text = "account,sector,employees,subsidiary_of,revenue\nBrook,water,12,Acme,1.5\nAcme,energy,900,,\n"

    change_set = build.applied(owner, "companies", text)

    brook = Company.objects.select_related("parent").get(name="Brook")
    assert change_set.counts["create"] + change_set.counts.get("update", 0) == 2
    assert Company.objects.count() == 2
    assert (brook.parent.name, brook.employees, brook.extra) == ("Acme", 12, {"revenue": "1.5"})


def test_company_is_found_in_another_spelling(owner: Member) -> None:
    company = make.company(owner.workspace, "GTX Pro")

    change_set = build.applied(owner, "companies", "Name,City\ngtx-pro,Bern\n")

    company.refresh_from_db()
    assert build.verdicts(change_set) == [(1, "update", "")]
    assert (company.city, change_set.rows.get().before) == ("Bern", {"city": "", "name": "GTX Pro"})


def test_people_are_found_by_address_when_a_file_comes_again(owner: Member) -> None:
    text = "Full Name,E-mail,Company\nCarol,carol@acme.example,Acme\n"
    build.applied(owner, "people", text)

    again = build.applied(owner, "people", text.replace("Carol,", "Carol Ann,"))

    person = Person.objects.select_related("company").get()
    assert again.counts == {"update": 1}
    assert (person.name, person.company.name) == ("Carol Ann", "Acme")


def test_row_without_a_name_is_refused(owner: Member) -> None:
    change_set = build.applied(owner, "companies", "Name,City\n,Bern\n")

    assert build.verdicts(change_set) == [(1, "reject", "missing")]


def test_products_are_priced_all_along_without_a_date(owner: Member) -> None:
    text = "product,series,sales_price\nGTX Basic,GTX,550\n"

    build.applied(owner, "products", text)
    again = build.applied(owner, "products", text)

    product = Product.objects.get()
    assert products.price_on(product, day=date(2000, 1, 1), currency="EUR") == Decimal(550)
    assert again.counts == {"same": 1}


def test_new_price_updates_a_product(owner: Member) -> None:
    build.applied(owner, "products", "Name,Price\nWheel,10\n")

    change_set = build.applied(owner, "products", "Name,Price,Valid from\nWheel,12,2026-01-01\n")

    product = Product.objects.get()
    assert change_set.counts == {"update": 1}
    assert products.price_on(product, day=date(2025, 12, 31), currency="EUR") == Decimal(10)
    assert products.price_on(product, day=date(2026, 1, 1), currency="EUR") == Decimal(12)


def test_members_come_without_account_and_in_their_team(owner: Member) -> None:
    text = "sales_agent,manager,regional_office\nEve,Ada,North\nBob,Ada,North\n"

    change_set = build.applied(owner, "members", text)

    rows = Member.objects.exclude(pk=owner.pk).values_list("name", "team__name", "account", "role")
    assert change_set.counts == {"create": 2}
    assert sorted(rows) == [("Bob", "North", None, "rep"), ("Eve", "North", None, "rep")]
