"""An organisation that buys, or may."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.contacts.models.tier import Tier
from penstock.users.walls import Walled, WorkspaceKey


class Company(Walled):
    """A customer or prospect, made by hand, by a deal or by an import.

    Withdrawn when its import is reverted. ``merged_into`` is the company that answers for it since
    they were merged: the row stays, and a merge can be undone.
    """

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200)
    match_key = models.CharField(max_length=200)
    domain = models.CharField(_("web domain"), max_length=200, blank=True)
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    segment = models.CharField(_("segment"), max_length=60, blank=True)
    tier = models.CharField(
        _("tier"), max_length=1, choices=Tier.choices, blank=True, default="", db_default=""
    )
    country = models.CharField(_("country"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    parent = WorkspaceKey("self", null=True, blank=True, related_name="subsidiaries")
    extra = models.JSONField(default=dict, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    merged_into = WorkspaceKey("self", null=True, blank=True, related_name="absorbed")

    class Meta:
        """Found by name in any spelling."""

        indexes = [
            models.Index(fields=["workspace", "sort_key"], name="contacts_company_by_name"),
            models.Index(fields=["workspace", "match_key"], name="contacts_company_by_match"),
            models.Index(
                fields=["workspace", "merged_into"],
                name="contacts_company_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
