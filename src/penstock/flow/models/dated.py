"""What every append-only, bitemporal row has."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from penstock.users.walls import Walled, WorkspaceKey


class Dated(Walled):
    """A fact with three times: when it was so, when the company knew, when it was written.

    Rows are never changed. A correction is a new row that names the one it supersedes; from its
    ``known_at`` on the old row no longer counts. A row with ``is_void`` only takes the old one away
    and says nothing itself.
    """

    append_only = True

    item = WorkspaceKey("flow.Item", related_name="%(class)ss")
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
        """Idempotent by source key, and superseded at most once."""

        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="%(app_label)s_%(class)s_source_once",
                condition=models.Q(source_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["workspace", "supersedes"],
                name="%(app_label)s_%(class)s_superseded_once",
                condition=models.Q(supersedes__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "item", "occurred_at", "id"],
                name="%(app_label)s_%(class)s_story",
            ),
            models.Index(
                fields=["batch"],
                name="%(app_label)s_%(class)s_batch",
                condition=models.Q(batch__isnull=False),
            ),
        ]
