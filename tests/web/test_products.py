"""Settings: products and their prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from penstock.catalog import products
from penstock.catalog.models import Price, Product
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def test_products_show_the_price_in_force(owner: Browser, workspace: Workspace) -> None:
    product = make.product(workspace)
    for amount, day in ((10, date(2020, 1, 1)), (12, date(2024, 1, 1)), (99, date(2999, 1, 1))):
        products.price(product, amount=Decimal(amount), currency="EUR", valid_from=day)

    row = owner.get("settings/products").context["page_obj"].object_list[0]

    assert (row["name"], row["price"]) == ("Wheel", Decimal(12))


def test_products_are_found_in_any_spelling(owner: Browser, workspace: Workspace) -> None:
    make.product(workspace, "GTX Pro")
    make.product(workspace, "Axle")

    rows = owner.get("settings/products", q="gtx-pro").context["page_obj"].object_list

    assert [row["name"] for row in rows] == ["GTX Pro"]


def test_product_is_added_changed_priced_and_retired(owner: Browser) -> None:
    owner.post("settings/products/new", name="Wheel", code="W-1", work_hours="2.5")
    product = Product.objects.get()
    owner.post(f"settings/products/{product.pk}", name="Big wheel", unit="pc")
    owner.post(
        f"settings/products/{product.pk}/price",
        amount="19.90",
        currency="EUR",
        valid_from="2026-01-01",
    )
    owner.post(f"settings/products/{product.pk}/retire")

    product.refresh_from_db()
    assert (product.name, product.unit, product.work_hours) == ("Big wheel", "pc", None)
    assert product.retired_at is not None
    assert Price.objects.get().amount == Decimal("19.90")


@pytest.mark.parametrize("answers", [{"name": ""}, {"name": "X", "work_hours": "-1"}])
def test_wrong_product_is_refused(owner: Browser, answers: dict[str, str]) -> None:
    assert owner.post("settings/products/new", htmx=True, **answers).status_code == 422
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "change", [{"amount": "-1"}, {"currency": "euro"}, {"valid_from": ""}, {"amount": ""}]
)
def test_wrong_price_is_refused(
    owner: Browser, workspace: Workspace, change: dict[str, str]
) -> None:
    product = make.product(workspace)
    good = {"amount": "1", "currency": "EUR", "valid_from": "2026-01-01"}

    answer = owner.post(f"settings/products/{product.pk}/price", htmx=True, **{**good, **change})

    assert answer.status_code == 422
    assert not Price.objects.exists()


def test_viewer_looks_and_stranger_does_not(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    product = make.product(workspace)
    paths = [
        "settings/products/new",
        f"settings/products/{product.pk}",
        f"settings/products/{product.pk}/price",
        f"settings/products/{product.pk}/retire",
    ]

    assert viewer.get("settings/products").status_code == 200
    assert {viewer.post(path, name="X").status_code for path in paths} == {403}
    assert stranger.get("settings/products").status_code == 404
    assert {stranger.post(path, name="X").status_code for path in paths} == {404}


def test_reps_may_add_products(workspace: Workspace) -> None:
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert rep.post("settings/products/new", name="Wheel").status_code == 302


def test_queries_of_the_list_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    make.product(workspace)
    owner.get("settings/products")

    for _more in range(2):
        with django_assert_max_num_queries(10):
            owner.get("settings/products")
        make.product(workspace)
