"""One position of an order."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penstock.base.money import ZERO
from penstock.users.walls import Walled, WorkspaceKey


class Line(Walled):
    """What is to be delivered, how much of it, at which price; the unit of account of the backlog.

    Its four dates are None where those of its order hold; their changes are field changes of the item
    of its work. The three remainders are the sums of its ledger entries, kept by the verbs in
    :mod:`penstock.backlog.ledger`; the database refuses any that would fall below zero.
    """

    class Sort(models.TextChoices):
        """Goods and services are delivered by work; charges, such as freight, come with them."""

        GOODS = "goods", _("Goods or service")
        CHARGE = "charge", _("Charge")

    order = WorkspaceKey("backlog.Order", related_name="lines")
    position = models.PositiveIntegerField()
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.GOODS)
    title = models.CharField(_("title"), max_length=250)
    product = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="lines")
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    unit_price = models.DecimalField(_("price"), max_digits=19, decimal_places=4)
    discount_share = models.DecimalField(
        _("discount"), max_digits=9, decimal_places=6, default=Decimal(0)
    )
    tax_share = models.DecimalField(_("tax"), max_digits=9, decimal_places=6, default=Decimal(0))
    ordered_quantity = models.DecimalField(max_digits=19, decimal_places=4, default=ZERO)
    remaining_quantity = models.DecimalField(max_digits=19, decimal_places=4, default=ZERO)
    remaining_value = models.DecimalField(max_digits=19, decimal_places=4, default=ZERO)
    remaining_hours = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    requested_on = models.DateField(_("requested"), null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        """No remainder below zero; shares are shares."""

        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "order", "position"], name="backlog_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(remaining_quantity__gte=0), name="backlog_line_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(remaining_value__gte=0), name="backlog_line_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(remaining_hours__isnull=True) | Q(remaining_hours__gte=0),
                name="backlog_line_hours_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="backlog_line_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount_share__gte=0, discount_share__lte=1),
                name="backlog_line_discount_is_share",
            ),
            models.CheckConstraint(
                condition=Q(tax_share__gte=0), name="backlog_line_tax_not_negative"
            ),
        ]
        indexes = [
            # What is left of all lines is read from this index alone, without the table. Value or
            # hours without quantity are left where a part of the history was voided.
            models.Index(
                fields=["workspace", "order", "id"],
                include=["sort", "remaining_quantity", "remaining_value", "remaining_hours"],
                name="backlog_line_rest",
                condition=Q(remaining_quantity__gt=0)
                | Q(remaining_value__gt=0)
                | Q(remaining_hours__gt=0),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Something is left to deliver."""
        return self.remaining_quantity > 0
