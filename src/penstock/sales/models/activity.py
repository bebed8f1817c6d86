"""What somebody does, or means to do, about a deal, an order or a piece of work."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.models import Dated, Item
from penstock.users.walls import Walled, WorkspaceKey


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Questions about many activities."""

    def present(self) -> ActivityQuerySet:
        """About items that were not withdrawn."""
        return self.filter(item__withdrawn_at=None)

    def planned(self) -> ActivityQuerySet:
        """Neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)

    def done(self) -> ActivityQuerySet:
        """Done."""
        return self.exclude(done_at=None)

    def waiting(self, today: date) -> ActivityQuerySet:
        """Planned, about what is neither lost nor parked: what asks for somebody's time.

        Losing and parking leave plans as they are and silence them, so that reopening and the end
        of the parking bring them back. Whoever wins keeps theirs: care begins.
        """
        return (
            self.present()
            .planned()
            .exclude(item__outcome="lost")
            .exclude(item__outcome="", item__parked_until__gt=today)
        )

    def in_order(self) -> ActivityQuerySet:
        """The earliest first; within a day those with a time, then those without."""
        return self.order_by("due_on", models.F("due_at").asc(nulls_last=True), "pk")


class Activity(Walled):
    """A call, a meeting, an e-mail, a task or a note about an item, planned or done.

    When it is due, whose it is and whether it is done are the last word of its changes, kept here.
    What it is about in words stands in this row alone, so that it can be erased.
    """

    class ActivityKind(models.TextChoices):
        """What is done."""

        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail")
        TASK = "task", _("Task")
        NOTE = "note", _("Note")

    class Result(models.TextChoices):
        """What came of it."""

        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")
        POSITIVE = "positive", _("Went well")
        NEGATIVE = "negative", _("Went badly")
        MOVED = "moved", _("Put off")

    class Priority(models.IntegerChoices):
        """What comes first among what is due on the same day."""

        NORMAL = 0, pgettext_lazy("priority", "Normal")
        HIGH = 1, pgettext_lazy("priority", "High")

    item = WorkspaceKey(Item, related_name="activities")
    kind = models.CharField(_("kind"), max_length=16, choices=ActivityKind.choices)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    owner = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    source = models.CharField(max_length=40, blank=True)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- many have none, and none must not be equal
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(_("result"), max_length=16, choices=Result.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        """Planned ones have a day; none is both done and cancelled."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="sales_activity_source_once",
                condition=models.Q(source_key__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=False)
                | models.Q(done_at__isnull=False)
                | models.Q(cancelled_at__isnull=False),
                name="sales_activity_planned_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="sales_activity_one_end",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "item", "due_on"], name="sales_activity_of_item"),
            models.Index(
                fields=["workspace", "owner", "due_on"],
                name="sales_activity_planned",
                condition=models.Q(done_at=None, cancelled_at=None),
            ),
            models.Index(
                fields=["workspace", "done_at"],
                include=["owner", "kind", "item"],
                name="sales_activity_done",
                condition=models.Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())

    @property
    def is_planned(self) -> bool:
        """Neither done nor cancelled."""
        return self.done_at is None and self.cancelled_at is None


class ActivityChange(Dated):
    """What happened to an activity, and how it stood from then on; never in words of people."""

    class Act(models.TextChoices):
        """What was done to it."""

        PLANNED = "planned"
        MOVED = "moved"
        GIVEN = "given"
        DONE = "done"
        CANCELLED = "cancelled"

    class State(models.TextChoices):
        """How it stands after that."""

        PLANNED = "planned"
        DONE = "done"
        CANCELLED = "cancelled"

    activity = WorkspaceKey(Activity, related_name="changes")
    act = models.CharField(max_length=16, choices=Act.choices)
    state = models.CharField(max_length=16, choices=State.choices)
    owner = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=16, blank=True)

    class Meta(Dated.Meta):
        """Read by activity."""

        indexes = [
            models.Index(
                fields=["workspace", "item", "occurred_at", "id"],
                name="sales_activitychange_story",
            ),
            models.Index(
                fields=["workspace", "activity", "occurred_at", "id"],
                name="sales_activitychange_of_one",
            ),
            models.Index(
                fields=["batch"],
                name="sales_activitychange_batch",
                condition=models.Q(batch__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.act} {self.occurred_at:%Y-%m-%d %H:%M}"
