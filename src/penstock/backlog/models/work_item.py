"""What a team pulls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class WorkItem(Walled):
    """The work behind an order line; its place on the board is its item's stage.

    Its owner is who has it; without a team any team may take it.
    """

    item = WorkspaceOneToOne("flow.Item", primary_key=True, related_name="work_item")
    line = WorkspaceKey("backlog.Line", null=True, blank=True, related_name="work_items")
    team = WorkspaceKey("users.Team", null=True, blank=True, related_name="+")
    hours = models.DecimalField(
        _("work hours"), max_digits=19, decimal_places=4, null=True, blank=True
    )

    class Meta:
        """Hours are unknown or not negative."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours__isnull=True) | models.Q(hours__gte=0),
                name="backlog_work_item_hours_not_negative",
            )
        ]
        indexes = [models.Index(fields=["workspace", "line"], name="backlog_work_item_of_line")]

    def __str__(self) -> str:
        return str(self.item)
