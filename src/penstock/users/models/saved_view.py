"""What somebody wants to see of a list, kept under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from penstock.users.models.member import Member
from penstock.users.walls import Walled, WorkspaceKey


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions about many views."""

    def visible_to(self, member: Member) -> SavedViewQuerySet:
        """Their own, and those that colleagues share."""
        mine = Q(owner=member) | Q(is_shared=True)
        return self.filter(mine, workspace_id=member.workspace_id, removed_at=None)


class SavedView(Walled):
    """Filters, columns and order of one list under a name; made, changed and removed by its owner.

    ``place`` says of which list, ``query`` is what stands in the address. A removed view can come back.
    """

    place = models.CharField(max_length=24)
    name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(max_length=200)
    query = models.CharField(max_length=2000, blank=True)
    owner = WorkspaceKey(Member, related_name="+")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        """A name once for each owner and list."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "owner", "place", "name"],
                condition=Q(removed_at=None),
                name="users_savedview_name_once",
            )
        ]
        indexes = [models.Index(fields=["workspace", "place"], name="users_savedview_by_place")]

    def __str__(self) -> str:
        return self.name


class FirstView(Walled):
    """The view with which a list opens for somebody who asks for nothing else."""

    member = WorkspaceKey(Member, related_name="+")
    place = models.CharField(max_length=24)
    view = WorkspaceKey(SavedView, on_delete=models.CASCADE, related_name="+", db_index=True)

    class Meta:
        """One for each member and list."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "place"], name="users_firstview_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.view_id}"


def is_first_for(member_id: int) -> Exists:
    """Whether a view is the first of a member; for ``annotate``."""
    return Exists(FirstView.objects.filter(member_id=member_id, view=OuterRef("pk")))
