"""Adding, changing, pricing and withdrawing many products at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from penstock.base.keys import match_key, sort_key
from penstock.base.money import exact
from penstock.catalog.models import Price, Product

# A price without a date has been in force all along.
ALL_ALONG = date(1970, 1, 1)


def add(workspace_id: int, rows: Sequence[Mapping[str, Any]], *, batch: int) -> list[Product]:
    """Add products; each row has a name and any of a product's details."""
    return Product.objects.bulk_create(
        Product(
            workspace_id=workspace_id,
            batch=batch,
            sort_key=sort_key(row["name"]),
            match_key=match_key(row["name"]),
            **{**row, "name": row["name"].strip()[:200]},
        )
        for row in rows
    )


def change(rows: Sequence[tuple[Product, Mapping[str, Any]]]) -> None:
    """Change only the named details of each product."""
    for product, details in rows:
        for name, value in details.items():
            setattr(product, name, value)
        product.sort_key, product.match_key = sort_key(product.name), match_key(product.name)
    fields = {name for _product, details in rows for name in details}
    if fields:
        Product.objects.bulk_update(
            [product for product, _details in rows], [*fields, "sort_key", "match_key"], 500
        )


def price(
    workspace_id: int,
    rows: Sequence[tuple[int, Decimal, str, date]],
    *,
    batch: int,
) -> None:
    """Price products: product id, amount, currency, valid from."""
    Price.objects.bulk_create(
        Price(
            workspace_id=workspace_id,
            product_id=product_id,
            amount=exact(amount),
            currency=currency,
            valid_from=valid_from,
            batch=batch,
        )
        for product_id, amount, currency, valid_from in rows
    )


def withdraw(batch: int, *, keep: Collection[int]) -> None:
    """Withdraw the products that an import added, except those that others have come to use."""
    rows = Product.objects.filter(batch=batch, withdrawn_at=None).exclude(pk__in=keep)
    rows.update(withdrawn_at=timezone.now())


def unprice(batch: int) -> None:
    """Let products cost again what they did before an import priced them.

    Prices are never changed: where the import's is still the last word about a day, a row says
    again what was in force then without it, or that no price is known.
    """
    rows = Price.objects.filter(batch=batch).order_by("pk")
    days = rows.values_list("workspace_id", "product_id", "currency", "valid_from").distinct()
    restored = []
    for workspace_id, product_id, currency, day in days.order_by("product_id", "valid_from"):
        prices = Price.objects.filter(product_id=product_id, currency=currency, valid_from__lte=day)
        newest = prices.order_by("-valid_from", "-id")
        if newest.values_list("batch", flat=True).first() != batch:
            continue
        before = newest.exclude(batch=batch).values_list("amount", flat=True).first()
        restored.append(
            Price(
                workspace_id=workspace_id,
                product_id=product_id,
                amount=before,
                currency=currency,
                valid_from=day,
            )
        )
    Price.objects.bulk_create(restored)


def latest_prices(
    workspace_id: int, *, currency: str
) -> dict[int, list[tuple[date, Decimal | None]]]:
    """All prices in a currency by product, the newest first."""
    prices: dict[int, list[tuple[date, Decimal | None]]] = {}
    rows = Price.objects.filter(workspace_id=workspace_id, currency=currency)
    for product_id, day, amount in rows.order_by("-valid_from", "-id").values_list(
        "product_id", "valid_from", "amount"
    ):
        prices.setdefault(product_id, []).append((day, amount))
    return prices
