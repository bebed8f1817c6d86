"""Who looked at or changed what concerns access, settings and personal data."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from penstock.users.walls import Walled, WorkspaceKey


class AuditEntry(Walled):
    """One act on access, settings or personal data; written once, never changed.

    It carries codes and ids only, so that erasing a person does not touch it.
    """

    append_only = True

    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    action = models.CharField(max_length=64)
    target_kind = models.CharField(max_length=32, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        """Read by time."""

        indexes = [models.Index(fields=["workspace", "-recorded_at"], name="users_audit_by_time")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_id or ''}".strip()
