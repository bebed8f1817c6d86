"""The append-only rows that say what happened to an item."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.flow.models.dated import Dated
from penstock.flow.models.pipeline import LossReason, Stage
from penstock.users.walls import WorkspaceKey


class Transition(Dated):
    """The item entered a stage. Where it came from is the row before: nothing contradicts."""

    stage = WorkspaceKey(Stage, related_name="transitions")

    def __str__(self) -> str:
        return f"{self.item_id} → {self.stage_id} {self.occurred_at:%Y-%m-%d %H:%M}"


class FieldChange(Dated):
    """A field had this value from then on: amounts, dates, codes and ids, never free text.

    ``value`` is written by :mod:`penstock.flow.values` (decimal with four places, ISO date, code or
    id); null means that it became unknown.
    """

    field = models.CharField(max_length=40)
    value = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 -- unknown differs from empty

    class Meta(Dated.Meta):
        """Read by item and field."""

        indexes = [
            models.Index(
                fields=["workspace", "item", "field", "occurred_at", "id"],
                name="flow_fieldchange_story",
            ),
            models.Index(
                fields=["batch"],
                name="flow_fieldchange_batch",
                condition=models.Q(batch__isnull=False),
            ),
            # Few deals have a currency of their own: whether any has is one probe.
            models.Index(
                fields=["workspace", "item"],
                name="flow_fieldchange_currency",
                condition=models.Q(field="currency"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.field} = {self.value}"


class Outcome(Dated):
    """How an item ended, or that it was reopened; the latest row that counts says it."""

    class Verdict(models.TextChoices):
        """What became of the item; open means reopened."""

        OPEN = "open", _("Reopened")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        MERGED = "merged", _("Merged")
        FULFILLED = "fulfilled", _("Fulfilled")
        CANCELLED = "cancelled", _("Cancelled")
        COMPLETED = "completed", _("Completed")
        DROPPED = "dropped", _("Dropped")

    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    reason = WorkspaceKey(LossReason, null=True, blank=True, related_name="+")

    class Meta(Dated.Meta):
        """The ends of deals are read by time, from an index of their own."""

        indexes = [
            models.Index(
                fields=["workspace", "item", "occurred_at", "id"], name="flow_outcome_story"
            ),
            models.Index(
                fields=["batch"],
                name="flow_outcome_batch",
                condition=models.Q(batch__isnull=False),
            ),
            models.Index(
                fields=["workspace", "occurred_at", "id"],
                include=["item", "verdict", "known_at", "is_void"],
                name="flow_outcome_of_deals",
                condition=models.Q(verdict__in=["won", "lost", "open", "merged"]),
            ),
            # Merged deals are few, and every figure leaves them out.
            models.Index(
                fields=["workspace", "item"],
                name="flow_outcome_merged",
                condition=models.Q(verdict="merged"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"


class Parking(Dated):
    """The item waits until a day; without a day the waiting ended."""

    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.item_id} until {self.until}"


class Blocker(Dated):
    """Something stands in the item's way, or (cause empty) no longer does.

    ``until`` is the day by which it is expected to be gone; it ends when somebody says so.
    """

    class Side(models.TextChoices):
        """Who can remove it."""

        OURS = "ours", _("Ours")
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")

    cause = models.CharField(max_length=40, blank=True)
    side = models.CharField(max_length=16, choices=Side.choices, blank=True)
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.item_id} {self.cause or 'clear'}"
