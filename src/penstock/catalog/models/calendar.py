"""When people work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Calendar(Walled):
    """Working time of the workspace or of a part of it; one is the default, none is deleted.

    A workspace that has none yet works the usual week, Monday to Friday from nine to six.
    """

    name = models.CharField(gettext_lazy("name"), max_length=120, blank=True)
    is_default = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One is the default."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                name="catalog_calendar_one_default",
                condition=models.Q(is_default=True),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name that people gave, or the usual one in the reader's language."""
        return self.name or _("Working time")


class CalendarWeek(Walled):
    """The hours of a week from a day on: seven lists of spans in minutes after midnight.

    Another week is another row, so the working hours of the past stay what they were.
    """

    append_only = True

    calendar = WorkspaceKey(Calendar, related_name="weeks")
    valid_from = models.DateField()
    hours = models.JSONField()
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Read as one story."""

        indexes = [
            models.Index(
                fields=["workspace", "calendar", "valid_from", "id"], name="catalog_week_story"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} from {self.valid_from}"


class CalendarDay(Walled):
    """A day with hours of its own: none for a holiday. Taken off the calendar, never deleted."""

    calendar = WorkspaceKey(Calendar, related_name="days")
    day = models.DateField()
    hours = models.JSONField(default=list)
    name = models.CharField(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A day stands on a calendar once."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "calendar", "day"],
                name="catalog_calendar_day_once",
                condition=models.Q(removed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
