"""What is wrong with the data, counted and shown instead of mended in silence."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Finding(Walled):
    """A record of impossible or doubtful data, such as a delivery before the acceptance."""

    LABELS = {
        "fulfilled_before_accepted": _("Fulfilled before it was accepted"),
        "shipped_before_accepted": _("Handed to the carrier before it was accepted"),
        "no_acceptance": _("Fulfilled without any acceptance"),
        "closed_before_opened": _("Closed before it was opened"),
        "moved_before_opened": _("Moved before it was opened"),
        "cancelled_before_accepted": _("Cancelled before it was accepted"),
        "cancelled_though_fulfilled": _("Cancelled although it was fulfilled"),
        "amount_differs": _("The deal was won again with another amount than its order has"),
    }

    item = WorkspaceKey("flow.Item", null=True, blank=True, related_name="findings")
    code = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- none must not be equal
    batch = models.BigIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Counted by code."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="flow_finding_source_once",
                condition=models.Q(source_key__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["workspace", "code"], name="flow_finding_by_code")]

    def __str__(self) -> str:
        return str(self.LABELS.get(self.code, self.code))
