"""The ledger: the only truth for quantity, value and hours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Entry(Walled):
    """One change of what is owed on a line, signed: positive comes in, negative goes out.

    Written once, never changed; a correction is a new entry that supersedes. ``hours`` is null
    while the work of the line is unknown.
    """

    append_only = True

    class Kind(models.TextChoices):
        """What happened to the quantity."""

        ACCEPTED = "accepted", _("Accepted")
        AMENDED = "amended", _("Amended")
        FULFILLED = "fulfilled", _("Fulfilled")
        REVERSED = "reversed", _("Fulfilment reversed")
        CANCELLED = "cancelled", _("Cancelled")
        REINSTATED = "reinstated", _("Reinstated")
        RETURNED = "returned", _("Returned")
        REVALUED = "revalued", _("Revalued")
        MOVED = "moved", pgettext_lazy("ledger", "Moved")

    order = WorkspaceKey("backlog.Order", related_name="entries")
    line = WorkspaceKey("backlog.Line", related_name="entries")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    quantity = models.DecimalField(max_digits=19, decimal_places=4)
    value = models.DecimalField(max_digits=19, decimal_places=4)
    hours = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    occurred_at = models.DateTimeField()
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_assumed = models.BooleanField(default=False)
    is_void = models.BooleanField(default=False)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    supersedes = WorkspaceKey("self", null=True, blank=True, related_name="superseded_by")
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- many rows have none, and none must not be equal
    batch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """Signs follow the kind; idempotent by source key; superseded at most once."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="backlog_entry_source_once",
                condition=Q(source_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["workspace", "supersedes"],
                name="backlog_entry_superseded_once",
                condition=Q(supersedes__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(is_void=True)
                | Q(kind__in=["accepted", "reversed", "reinstated", "returned"], quantity__gt=0)
                | Q(kind__in=["fulfilled", "cancelled"], quantity__lt=0)
                | Q(kind="amended")
                | Q(kind="revalued", quantity=0)
                | (Q(kind="moved") & ~Q(quantity=0)),
                name="backlog_entry_sign_of_kind",
            ),
        ]
        indexes = [
            # What happened since a day is read from this index alone, without the table.
            models.Index(
                fields=["workspace", "occurred_at", "id"],
                include=[
                    "order",
                    "line",
                    "kind",
                    "quantity",
                    "value",
                    "hours",
                    "known_at",
                    "is_void",
                ],
                name="backlog_entry_since",
            ),
            models.Index(fields=["workspace", "order"], name="backlog_entry_of_order"),
            models.Index(
                fields=["workspace", "line", "occurred_at", "id"], name="backlog_entry_story"
            ),
            models.Index(
                fields=["batch"], name="backlog_entry_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind} {self.quantity}"
