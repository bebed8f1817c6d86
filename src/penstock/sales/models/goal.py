"""What is to be reached in a month, a quarter or a year."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales.models.activity import Activity
from penstock.users.walls import Walled, WorkspaceKey


class Metric(models.TextChoices):
    """What is counted."""

    WON_AMOUNT = "won_amount", _("Won value")
    WON_DEALS = "won_deals", _("Won deals")
    NEW_LEADS = "new_leads", _("New leads")
    ACTIVITIES = "activities", _("Activities done")
    COST_PER_LEAD = "cost_per_lead", _("Cost per lead")


class GoalPeriod(models.TextChoices):
    """How long a goal runs."""

    MONTH = "month", pgettext_lazy("length of a goal", "Month")
    QUARTER = "quarter", pgettext_lazy("length of a goal", "Quarter")
    YEAR = "year", pgettext_lazy("length of a goal", "Year")


class Goal(Walled):
    """What a workspace, team, person, product or channel is to reach in a period, from a day on.

    Made in the settings. Changing a goal writes a new row, so that the old one answers for the days
    before; a row without a value takes the goal away. Of several rows that are in force on a day, the
    one with the latest first day counts, and of those the one known last.
    """

    append_only = True

    metric = models.CharField(_("what is counted"), max_length=16, choices=Metric.choices)
    activity = models.CharField(
        _("kind of activity"), max_length=16, choices=Activity.ActivityKind.choices, blank=True
    )
    period = models.CharField(_("period"), max_length=8, choices=GoalPeriod.choices)
    first_on = models.DateField(_("first day"))
    team = WorkspaceKey("users.Team", null=True, blank=True, related_name="+")
    owner = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    product = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="+")
    channel = models.CharField(_("channel"), max_length=60, blank=True)
    value = models.DecimalField(_("goal"), max_digits=19, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    valid_from = models.DateField(_("in force from"))
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """More than nothing, of one thing at most, beginning where its period begins."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(value__gt=0),
                name="sales_goal_more_than_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(team=None, owner=None, product=None)
                | models.Q(team=None, owner=None, channel="")
                | models.Q(team=None, product=None, channel="")
                | models.Q(owner=None, product=None, channel=""),
                name="sales_goal_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(first_on__day=1)
                & (
                    models.Q(period=GoalPeriod.MONTH)
                    | models.Q(period=GoalPeriod.QUARTER, first_on__month__in=(1, 4, 7, 10))
                    | models.Q(period=GoalPeriod.YEAR, first_on__month=1)
                ),
                name="sales_goal_begins_with_period",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "first_on", "period"], name="sales_goal_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period} {self.first_on}"

    @property
    def subject(self) -> tuple[str, int | str | None]:
        """Whose goal it is: a dimension and what of it, or the workspace's."""
        for name in ("team", "owner", "product"):
            if (key := getattr(self, f"{name}_id")) is not None:
                return name, key
        return ("channel", self.channel) if self.channel else ("", None)

    @property
    def identity(self) -> tuple[str, str, str, date, tuple[str, int | str | None]]:
        """What makes two rows words about the same goal."""
        return self.metric, self.activity, self.period, self.first_on, self.subject
