"""What must be done before some work."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from penstock.backlog.models.work_item import WorkItem
from penstock.users.walls import Walled, WorkspaceKey


class Dependency(Walled):
    """One work item can begin only after another one is done; there are no circles of them."""

    before = WorkspaceKey(WorkItem, related_name="unlocks")
    after = WorkspaceKey(WorkItem, related_name="waits_for")

    class Meta:
        """Once for each pair, and nothing waits for itself."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "before", "after"], name="backlog_dependency_once"
            ),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="backlog_dependency_not_itself"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "after"], name="backlog_dependency_of_work")]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"
