"""A matter that a member does not want to see before a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Snooze(Walled):
    """Of one member, about one item, of one kind of matter: it stays away from Today until a day.

    It is a wish and no history: another day replaces it, and nobody else sees it.
    """

    member = WorkspaceKey("users.Member", related_name="+")
    item = WorkspaceKey("flow.Item", related_name="+")
    kind = models.CharField(max_length=24)
    until = models.DateField(_("until"))

    class Meta:
        """One day per member and matter."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "item", "kind"], name="sales_snooze_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.until}"
