"""Products and their prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from penstock.catalog import bulk
from penstock.catalog.models import Product
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.plain import Plain
from penstock.intake.nouns.ruling import Group, Ruling, reject

FIELDS = (
    Field("key", _("Key"), Sort.TEXT, ("product id", "id", "record id")),
    Field(
        "name",
        _("Name"),
        Sort.TEXT,
        ("product", "product name", "title", "название", "товар", "продукт"),
        is_required=True,
    ),
    Field("code", _("Article number"), Sort.TEXT, ("sku", "article", "product code", "артикул")),
    Field("category", _("Category"), Sort.TEXT, ("series", "category name", "group", "категория")),
    Field("unit", _("Unit"), Sort.TEXT, ("quantity per unit", "единица")),
    Field("work_hours", _("Work hours per unit"), Sort.NUMBER, ("hours", "часы", "трудоёмкость")),
    Field("price", _("Price"), Sort.NUMBER, ("sales price", "unit price", "list price", "цена")),
    Field("currency", _("Currency"), Sort.TEXT, ("currency code", "валюта")),
    Field("valid_from", _("Price valid from"), Sort.DAY, ("valid from", "price date")),
)


class Products(Plain):
    """Adds and changes products, and says what they cost."""

    kind = "product"
    fields = ("name", "code", "category", "unit", "work_hours")

    def check(self, row: Parsed) -> Ruling | None:
        """A price is zero or more, and so are hours."""
        for name in ("price", "work_hours"):
            if row.has(name) and row.get(name) < 0:
                return reject(row, "negative", field=name)
        return None

    def details(self, row: Parsed) -> dict[str, Any]:
        """Texts as long as their columns."""
        most = {"name": 200, "code": 64, "category": 120, "unit": 24}
        details = super().details(row)
        return {
            name: value[: most[name]] if name in most else value for name, value in details.items()
        }

    def find(self, groups: Sequence[Group]) -> dict[str, Any]:
        """By key, else by article number or name in any spelling."""
        known = self.run.known(group.key for group in groups)
        for group in groups:
            row = group.first
            found = self.run.lookups.product(row.get("code") or row.get("name"))
            if found:
                known.setdefault(group.key, found)
        rows = Product.objects.filter(withdrawn_at=None).in_bulk(list(known.values()))
        return {key: rows[pk] for key, pk in known.items() if pk in rows}

    def add(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Add products."""
        made = bulk.add(self.run.workspace.pk, rows, batch=self.run.change_set.pk)
        self.run.lookups.learn_products(made)
        return made

    def change(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change products."""
        bulk.change(pairs)

    def after(self, pairs: Sequence[tuple[Any, Parsed]]) -> set[int]:
        """Write the prices that are not in force yet."""
        prices, changed = [], set()
        for product, row in pairs:
            if not row.has("price"):
                continue
            currency = row.get("currency") or self.run.workspace.currency
            day = row.get("valid_from") or bulk.ALL_ALONG
            now = self.run.lookups.prices(currency).get(product.pk, [])
            in_force = next((amount for since, amount in now if since <= day), None)
            if in_force != row.get("price"):
                prices.append((product.pk, row.get("price"), currency, day))
                changed.add(row.number)
        bulk.price(self.run.workspace.pk, prices, batch=self.run.change_set.pk)
        return changed
