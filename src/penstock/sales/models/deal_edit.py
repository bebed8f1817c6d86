"""Several deals changed in one act, so that it can be taken back in one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class DealEdit(Walled):
    """One act on several deals: who did what, and when it was taken back."""

    class Act(models.TextChoices):
        """What was done to each of them."""

        MOVE = "move", _("Move")
        ASSIGN = "assign", _("Assign")
        CLOSE_ON = "close_on", _("Set the expected close")
        PARK = "park", _("Park")
        LOSE = "lose", _("Lose")

    act = models.CharField(max_length=16, choices=Act.choices)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.act} {self.done_at:%Y-%m-%d}"


class DealEditRow(Walled):
    """What the act found at one deal and what it left there, as ids and dates."""

    edit = WorkspaceKey(DealEdit, related_name="rows")
    item = WorkspaceKey("flow.Item", related_name="+")
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)

    class Meta:
        """A deal once in an act."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "edit", "item"], name="sales_dealeditrow_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.item_id}"
