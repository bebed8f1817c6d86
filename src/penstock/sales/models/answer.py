"""How soon leads are answered: the rule of a pipeline, a clock per lead, and who was told."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.models import Pipeline
from penstock.flow.models.dated import Dated
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Rung(models.IntegerChoices):
    """The steps by which an unanswered lead climbs."""

    OWNER = 1, pgettext_lazy("told of an unanswered lead", "Owner")
    TEAM_LEAD = 2, pgettext_lazy("told of an unanswered lead", "Team lead")
    MANAGER = 3, pgettext_lazy("told of an unanswered lead", "Managers")


class AnswerRule(Walled):
    """Within how many working hours the leads of a pipeline are answered, and when others are told.

    The latest row of a pipeline counts, for leads that come in from then on.
    """

    append_only = True

    pipeline = WorkspaceKey(Pipeline, related_name="answer_rules")
    target_hours = models.DecimalField(_("target"), max_digits=7, decimal_places=2)
    lead_hours = models.DecimalField(_("then the team lead"), max_digits=7, decimal_places=2)
    manager_hours = models.DecimalField(_("then the managers"), max_digits=7, decimal_places=2)
    recorded_at = models.DateTimeField(db_default=Now())
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Hours are more than none, and the steps come in order."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_hours__gt=0, lead_hours__gte=0, manager_hours__gte=0),
                name="sales_answer_rule_hours",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "pipeline", "-id"], name="sales_answer_rule_last")
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id} {self.target_hours} h"


class AnswerClockQuerySet(models.QuerySet["AnswerClock"]):
    """Questions about many clocks."""

    def running(self) -> AnswerClockQuerySet:
        """Of leads that nobody answered, closed or qualified yet."""
        return self.filter(
            answered_at=None,
            deal__qualified_at=None,
            deal__item__outcome="",
            deal__item__withdrawn_at=None,
        )


class AnswerClock(Walled):
    """Runs from the arrival of a lead to the first human contact, in working hours.

    Target and steps are those that counted at the arrival, as moments. Kept by ``sales.answers``.
    """

    deal = WorkspaceOneToOne("sales.Deal", related_name="clock")
    arrived_at = models.DateTimeField()
    target_hours = models.DecimalField(max_digits=7, decimal_places=2)
    due_at = models.DateTimeField()
    lead_at = models.DateTimeField()
    manager_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_hours = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    activity = WorkspaceKey("sales.Activity", null=True, blank=True, related_name="+")

    objects = AnswerClockQuerySet.as_manager()

    class Meta:
        """An answer has a time; what is next to climb is found by its moment."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_hours__isnull=True)
                | models.Q(answered_at__isnull=False, answered_hours__isnull=False),
                name="sales_answer_clock_answer_has_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "next_at"],
                name="sales_answer_clock_next",
                condition=models.Q(answered_at=None, next_at__isnull=False),
            ),
            models.Index(fields=["workspace", "arrived_at"], name="sales_answer_clock_arrived"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.arrived_at:%Y-%m-%d %H:%M}"

    def is_late(self, at: datetime) -> bool:
        """Not answered in its time: by then, as long as it runs."""
        return (self.answered_at or at) > self.due_at


class Escalation(Dated):
    """Somebody was told that a lead is not answered."""

    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    to = WorkspaceKey("users.Member", related_name="+")

    class Meta(Dated.Meta):
        """As every dated row."""

        constraints = [*Dated.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.item_id} {self.rung} {self.to_id}"
