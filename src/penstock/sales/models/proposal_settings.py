"""How a workspace writes its proposals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class ProposalSettings(Walled):
    """What stands on every proposal of a workspace, and what an acceptance does; one row, or none yet."""

    accepting_wins = models.BooleanField(_("an accepted proposal wins its deal"), default=True)
    valid_days = models.PositiveIntegerField(_("valid for days"), default=30)
    seller = models.TextField(_("sender"), blank=True, max_length=1000)
    footer = models.CharField(_("foot line"), blank=True, max_length=250)
    terms = models.JSONField(default=dict, blank=True)
    logo = models.BinaryField(default=bytes, blank=True)
    logo_type = models.CharField(max_length=16, blank=True)

    class Meta:
        """One row per workspace."""

        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="sales_proposalsettings_once")
        ]

    def __str__(self) -> str:
        return str(self.workspace_id)


class ProposalTemplate(Walled):
    """A workspace's own typst text for documents of one language."""

    language = models.CharField(_("language"), max_length=8)
    source = models.TextField(_("template"), max_length=60_000)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        """One per language."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "language"], name="sales_proposaltemplate_once"
            )
        ]

    def __str__(self) -> str:
        return self.language
