"""A pipeline is an ordered row of stages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Kind(models.TextChoices):
    """What flows in a pipeline."""

    DEAL = "deal", _("Deals")
    ORDER = "order", _("Orders")
    WORK = "work", _("Work items")
    CHANGE = "change", _("Changes")


class StageKind(models.TextChoices):
    """What standing in a stage means, for limits and ageing; never an outcome."""

    QUEUE = "queue", _("Waiting")
    WORK = "work", _("In progress")
    DONE = "done", _("Finished")


# The names of the stages that every new workspace starts with, shown in the reader's language until
# renamed.
LABELS = {
    "lead_generation": _("Lead generation"),
    "qualification": _("Prospecting and qualification"),
    "needs_assessment": _("Needs assessment"),
    "first_contact": _("First contact"),
    "proposal": _("Proposal"),
    "negotiation": _("Negotiation and closing"),
    "follow_up": _("Follow-up"),
    "accepted": pgettext_lazy("stage", "Accepted"),
    "ready": pgettext_lazy("stage", "Ready"),
    "in_work": pgettext_lazy("stage", "In work"),
    "done": pgettext_lazy("stage", "Done"),
    "to_do": pgettext_lazy("stage", "To do"),
    "sales": _("Sales"),
    "fulfilment": _("Fulfilment"),
    "work": _("Work"),
}


class Pipeline(Walled):
    """A way from first to last stage; a workspace has several, each with stages of its own."""

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    batch = models.BigIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One pipeline per code."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="flow_pipeline_code_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name that people gave, or the default one in the reader's language."""
        return self.name or str(LABELS.get(self.code, self.code))


class Stage(Walled):
    """One step of a pipeline; renamed and reordered freely, retired but never deleted."""

    pipeline = WorkspaceKey(Pipeline, related_name="stages")
    name = models.CharField(_("name"), max_length=120, blank=True)
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        _("kind"), max_length=8, choices=StageKind.choices, default=StageKind.WORK
    )
    canonical = models.CharField(max_length=32, blank=True)
    probability = models.DecimalField(
        _("probability of winning"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    wip_limit = models.PositiveIntegerField(_("WIP limit"), null=True, blank=True)
    needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Codes are once per pipeline; a probability is a share."""

        ordering = ["pipeline", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "pipeline", "code"], name="flow_stage_code_once"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__isnull=True)
                | models.Q(probability__gte=0, probability__lte=1),
                name="flow_stage_probability_is_share",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name that people gave, or the default one in the reader's language."""
        return self.name or str(LABELS.get(self.code, self.code))


class LossReason(Walled):
    """Why deals are lost, in the workspace's own words; retired, never deleted."""

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    batch = models.BigIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    LABELS = {
        "price": _("Price"),
        "competitor": _("A competitor won"),
        "no_budget": _("No budget"),
        "no_decision": _("No decision"),
        "timing": _("Bad timing"),
        "no_answer": _("No answer"),
        "not_a_fit": _("Not a fit"),
        "unknown": _("Not stated"),
    }

    class Meta:
        """One reason per code."""

        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="flow_loss_reason_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name that people gave, or the default one in the reader's language."""
        return self.name or str(self.LABELS.get(self.code, self.code))
