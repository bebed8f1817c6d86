"""A thing or service with a price."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Product(Walled):
    """Something that can be sold; retired, never deleted."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200)
    match_key = models.CharField(max_length=200)
    code = models.CharField(_("article number"), max_length=64, blank=True)
    category = models.CharField(_("category"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    work_hours = models.DecimalField(
        _("work hours per unit"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    extra = models.JSONField(default=dict, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by name in any spelling."""

        indexes = [
            models.Index(fields=["workspace", "sort_key"], name="catalog_product_by_name"),
            models.Index(fields=["workspace", "match_key"], name="catalog_product_by_match"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(Walled):
    """What one unit of a product costs from a day on; a new price is a new row.

    One without an amount says that from this day on no price is known: an import of one was taken back.
    """

    append_only = True

    product = WorkspaceKey(Product, related_name="prices")
    amount = models.DecimalField(_("price"), max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    batch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """Never below zero."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="catalog_price_not_negative"
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "product", "currency", "-valid_from"],
                name="catalog_price_valid",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
