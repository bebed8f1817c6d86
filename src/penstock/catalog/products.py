"""Adding products, pricing them, retiring them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.base.keys import match_key, sort_key
from penstock.base.money import exact
from penstock.catalog.models import Price, Product
from penstock.users.models import Member, Workspace

FIELDS = ("code", "category", "unit", "work_hours", "extra", "batch")


def add(workspace: Workspace, *, name: str, by: Member | None, **details: Any) -> Product:
    """Add a product.

    Raises:
        RuleBroken: ``catalog.name_missing``.
    """
    unknown = set(details) - set(FIELDS)
    if unknown:
        raise ValueError(f"a product has no {', '.join(sorted(unknown))}")
    if not name.strip():
        raise RuleBroken("catalog.name_missing", _("Give it a name."), needs=["name"])
    return Product.objects.create(
        workspace=workspace,
        name=name.strip()[:200],
        sort_key=sort_key(name),
        match_key=match_key(name),
        **details,
    )


def change(product: Product, *, by: Member | None, **details: Any) -> Product:
    """Change what is known of a product; only the named details are touched, orders keep theirs.

    Raises:
        RuleBroken: ``catalog.name_missing``.
    """
    name = details.get("name", product.name)
    unknown = set(details) - {*FIELDS, "name"}
    if unknown:
        raise ValueError(f"a product has no {', '.join(sorted(unknown))}")
    if not name.strip():
        raise RuleBroken("catalog.name_missing", _("Give it a name."), needs=["name"])
    for field, value in details.items():
        setattr(product, field, value)
    product.sort_key, product.match_key = sort_key(name), match_key(name)
    product.save(update_fields=[*details, "sort_key", "match_key"])
    return product


def price(
    product: Product, *, amount: Decimal, currency: str, valid_from: date, batch: int | None = None
) -> Price:
    """Say what a product costs from a day on; what it cost before stays true for the days before.

    Raises:
        RuleBroken: ``catalog.price_negative``.
    """
    if amount < 0:
        raise RuleBroken("catalog.price_negative", _("A price is zero or more."), needs=["amount"])
    return Price.objects.create(
        workspace_id=product.workspace_id,
        product=product,
        amount=exact(amount),
        currency=currency,
        valid_from=valid_from,
        batch=batch,
    )


def price_on(product: Product, *, day: date, currency: str) -> Decimal | None:
    """The price in force on a day, or None when none is known in this currency."""
    row = (
        product.prices.filter(currency=currency, valid_from__lte=day)
        .order_by("-valid_from", "-id")
        .first()
    )
    return row.amount if row else None


def retire(product: Product, *, by: Member | None) -> Product:
    """Take a product out of sale; deals and orders keep it."""
    with transaction.atomic():
        product.retired_at = product.retired_at or timezone.now()
        product.save(update_fields=["retired_at"])
        return product
