"""Products, and what they cost on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from penstock.base.errors import RuleBroken
from penstock.catalog import products
from penstock.catalog.models import Price, Product
from tests import make

pytestmark = pytest.mark.django_db


def test_price_is_the_one_in_force_on_the_day() -> None:
    product = make.product(make.workspace())
    for amount, day in (("5", date(2026, 1, 1)), ("6", date(2026, 3, 1)), ("7", date(2026, 3, 1))):
        products.price(product, amount=Decimal(amount), currency="EUR", valid_from=day)

    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1))
    prices = [products.price_on(product, day=day, currency="EUR") for day in days]

    assert prices == [None, 5, 5, 7]
    assert products.price_on(product, day=days[-1], currency="USD") is None


def test_price_below_zero_is_refused_by_verb_and_database() -> None:
    product = make.product(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        products.price(product, amount=Decimal(-1), currency="EUR", valid_from=date(2026, 1, 1))
    assert refusal.value.code == "catalog.price_negative"
    with pytest.raises(IntegrityError, match="catalog_price_not_negative"), transaction.atomic():
        Price.objects.create(
            workspace_id=product.workspace_id,
            product=product,
            amount=-1,
            currency="EUR",
            valid_from=date(2026, 1, 1),
        )


def test_retired_product_stays_on_its_deals() -> None:
    workspace = make.workspace()
    product = make.product(workspace)

    retired = products.retire(product, by=None)
    again = products.retire(product, by=None)

    assert again.retired_at == retired.retired_at is not None
    assert Product.objects.get() == product


def test_nameless_product_and_unknown_details_are_refused() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        make.product(workspace, " ")
    assert refusal.value.code == "catalog.name_missing"
    with pytest.raises(ValueError, match="colour"):
        make.product(workspace, colour="red")
