"""When something will be ready, as it was foreseen at a moment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Forecast(Walled):
    """A promise of the product: the days by which an order, a line or work is ready in 50, 85 and 95 of 100 cases.

    Written when it differs from the one before, and never changed: whether it held is counted later. A
    day is empty where it lies beyond the horizon; ``within`` says how likely it is ready by then.
    ``by_promise`` says how likely it is ready on the promised day. ``level50``, ``level85`` and
    ``level95`` are what was asked of the distribution for each, after what was learned from earlier ones.
    """

    append_only = True

    class Problem(models.TextChoices):
        """Why there is no day, or only one under a condition."""

        NO_CAPACITY = "no_capacity", _("Nobody said who works, and nothing was delivered yet.")
        NO_HOURS = "no_hours", _("Its team has no hours to work.")
        NO_DAYS = "no_days", _("The calendar has no working day.")
        HELD = "held", _("It is held, and nobody knows until when.")

    order = WorkspaceKey("backlog.Order", null=True, blank=True, related_name="forecasts")
    line = WorkspaceKey("backlog.Line", null=True, blank=True, related_name="forecasts")
    work = WorkspaceKey("backlog.WorkItem", null=True, blank=True, related_name="forecasts")
    made_at = models.DateTimeField()
    p50 = models.DateField(null=True, blank=True)
    p85 = models.DateField(null=True, blank=True)
    p95 = models.DateField(null=True, blank=True)
    within = models.FloatField()
    by_promise = models.FloatField(null=True, blank=True)
    horizon_on = models.DateField()
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)
    policy = models.CharField(max_length=16)
    model = models.CharField(max_length=24)
    level50 = models.FloatField()
    level85 = models.FloatField()
    level95 = models.FloatField()
    n_paths = models.PositiveIntegerField()
    n_history = models.PositiveIntegerField()
    is_assumed = models.BooleanField()

    class Meta:
        """Of one thing; found by it, the newest first."""

        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, line__isnull=True, work__isnull=True)
                | Q(order__isnull=True, line__isnull=False, work__isnull=True)
                | Q(order__isnull=True, line__isnull=True, work__isnull=False),
                name="backlog_forecast_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(within__gte=0, within__lte=1), name="backlog_forecast_within_is_share"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "order", "-id"], name="backlog_forecast_of_order"),
            models.Index(fields=["workspace", "line", "-id"], name="backlog_forecast_of_line"),
            models.Index(fields=["workspace", "work", "-id"], name="backlog_forecast_of_work"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.p85 or self.problem}"
