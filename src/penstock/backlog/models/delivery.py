"""What leaves for the customer together, planned and made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Delivery(Walled):
    """Parts of an order's lines that leave on one day: planned for it, made, or both.

    A plan is never changed: another word withdraws it and says it anew, so it can be asked as it was
    known. What was made and taken back is withdrawn too; the ledger has both.
    """

    order = WorkspaceKey("backlog.Order", related_name="deliveries")
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(_("delivery note"), max_length=120, blank=True)
    known_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- none must not be equal

    class Meta:
        """Planned or made; idempotent by source key."""

        constraints = [
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(delivered_at__isnull=False),
                name="backlog_delivery_planned_or_made",
            ),
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="backlog_delivery_source_once",
                condition=Q(source_key__isnull=False, withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "order"], name="backlog_delivery_of_order"),
            models.Index(
                fields=["workspace", "planned_on"],
                name="backlog_delivery_to_come",
                condition=Q(delivered_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "delivered_at"],
                name="backlog_delivery_made",
                condition=Q(delivered_at__isnull=False, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.planned_on or self.delivered_at}"

    @property
    def is_made(self) -> bool:
        """It left."""
        return self.delivered_at is not None


class DeliveryPart(Walled):
    """How much of a line a delivery was planned to take, and the entry of the ledger by which it did."""

    delivery = WorkspaceKey(Delivery, related_name="parts")
    line = WorkspaceKey("backlog.Line", related_name="deliveries")
    quantity = models.DecimalField(max_digits=19, decimal_places=4)
    entry = WorkspaceKey("backlog.Entry", null=True, blank=True, related_name="delivered_by")

    class Meta:
        """A line once, with a quantity above nothing."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "delivery", "line"], name="backlog_delivery_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="backlog_delivery_part_above_nothing"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "line"], name="backlog_delivery_part_of_line")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.quantity}"
