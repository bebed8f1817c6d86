"""What a change of the backlog is held against."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import Window
from penstock.users.walls import Walled, WorkspaceKey


class Baseline(Walled):
    """Weeks of a backlog that were kept under a name, or a plan of one week; never changed, only removed.

    ``weeks`` are what came in, could be done, was called off and changed otherwise, each with its working
    days, as numbers in text so that no digit is lost. A plan has no days of its own.
    """

    class Measure(models.TextChoices):
        """In what a backlog is told."""

        ORDERS = "orders", _("Orders")
        VALUE = "value", _("Value")
        HOURS = "hours", _("Hours")

    name = models.CharField(_("name"), max_length=80)
    measure = models.CharField(max_length=8, choices=Measure.choices)
    weeks = models.JSONField()
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A name once for each measure."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "measure", "name"],
                condition=Q(removed_at=None),
                name="backlog_baseline_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def window(self) -> Window | None:
        """The days that it was; None for a plan."""
        if self.first_on is None or self.last_on is None:
            return None
        return Window(self.first_on, self.last_on, self.workspace.zone)
