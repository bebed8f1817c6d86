"""How other systems call what is known here."""

from __future__ import annotations

from django.db import models

from penstock.users.walls import Walled, WorkspaceKey


class Identity(Walled):
    """A source's key of a thing; by it a later file finds what an earlier one made."""

    source = models.CharField(max_length=60)
    noun = models.CharField(max_length=16)
    key = models.CharField(max_length=200)
    target_id = models.BigIntegerField()
    change_set = WorkspaceKey("intake.ChangeSet", related_name="identities")

    class Meta:
        """A key names one thing."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "noun", "key"], name="intake_identity_once"
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "change_set"], name="intake_identity_of_set"),
            models.Index(fields=["workspace", "noun", "target_id"], name="intake_identity_target"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"
