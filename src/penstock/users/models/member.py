"""Who belongs to a workspace, and what they do there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Role(models.TextChoices):
    """What a member is there for."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    MANAGER = "manager", _("Manager")
    REP = "rep", _("Sales rep")
    OPERATIONS = "operations", _("Operations")
    VIEWER = "viewer", _("Viewer")


class Team(Walled):
    """Members who work together, such as a sales region or a workshop; retired, never deleted.

    Its ``lead`` answers for it: sees what its members leave undone. A lead may lead several teams.
    """

    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=200)
    lead = WorkspaceKey("users.Member", null=True, blank=True, related_name="leads")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One team per name."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="users_team_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Member(Walled):
    """A person in a workspace; without an account if an import named an owner who has none."""

    account = models.ForeignKey(
        "users.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    name = models.CharField(_("name"), max_length=150)
    sort_key = models.CharField(max_length=200)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.REP)
    team = WorkspaceKey(Team, null=True, blank=True, related_name="members")
    is_active = models.BooleanField(_("active"), default=True)
    batch = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One membership per account; names may repeat."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account"], name="users_member_account_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "sort_key"], name="users_member_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Up to two letters for a small round sign."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
