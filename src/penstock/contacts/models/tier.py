"""How important a customer is, and was."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Tier(models.TextChoices):
    """From the most important customers down."""

    A = "a", _("A: key customer")
    B = "b", _("B: regular customer")
    C = "c", _("C: occasional customer")


class TierChange(Walled):
    """A company had this tier from then on; an empty one took it away. Never changed."""

    append_only = True

    company = WorkspaceKey("contacts.Company", related_name="tier_changes")
    tier = models.CharField(max_length=1, choices=Tier.choices, blank=True)
    occurred_at = models.DateTimeField()
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Read company by company, in order."""

        indexes = [
            models.Index(
                fields=["workspace", "company", "occurred_at", "id"],
                name="contacts_tierchange_story",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.tier or '–'}"
