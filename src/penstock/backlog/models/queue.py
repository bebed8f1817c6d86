"""In which order what is owed is worked on."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.models import Workspace
from penstock.users.walls import Walled, WorkspaceKey


class QueueRule(Walled):
    """The policy of a workspace: who is next. One row; without it the earliest promise goes first.

    With a bound, orders age: whoever waits longer than ``bound_days`` is overtaken by nobody who comes
    later. ``delay_share`` of the value is what a working day of waiting costs where nobody said. ``k``
    says how far ATC looks ahead, in mean orders.
    """

    class Policy(models.TextChoices):
        """By what the next one is chosen."""

        EDD = "edd", _("Earliest promise first")
        FCFS = "fcfs", _("First accepted, first served")
        WSPT = "wspt", _("Cost of delay per hour of work (WSJF)")
        CONTRIBUTION = "contribution", _("Contribution per hour of work")
        RATIO = "critical_ratio", _("Critical ratio")
        ATC = "atc", _("Apparent tardiness cost (ATC)")

    policy = models.CharField(max_length=16, choices=Policy.choices, default=Policy.EDD)
    bound_days = models.PositiveSmallIntegerField(null=True, blank=True)
    delay_share = models.DecimalField(max_digits=6, decimal_places=5, default=Decimal("0.002"))
    k = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(2))
    refreshed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One for each workspace; its numbers are above nothing."""

        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="backlog_queuerule_once"),
            models.CheckConstraint(
                condition=Q(delay_share__gt=0, delay_share__lte=1, k__gt=0),
                name="backlog_queuerule_above_nothing",
            ),
            models.CheckConstraint(
                condition=Q(bound_days=None) | Q(bound_days__gt=0),
                name="backlog_queuerule_bound_above_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.policy

    @classmethod
    def of(cls, workspace: Workspace | int) -> QueueRule:
        """The rule in force; not yet written where nobody chose one."""
        number = workspace if isinstance(workspace, int) else workspace.pk
        return cls.objects.filter(workspace_id=number).first() or cls(workspace_id=number)


class RankChange(Walled):
    """Somebody put an order ahead of the policy, or let the policy decide again (rank empty); and why."""

    append_only = True

    class Reason(models.TextChoices):
        """Why it goes first."""

        CUSTOMER = "customer", pgettext_lazy("why an order goes first", "The customer asked")
        AGREED = "agreed", pgettext_lazy("why an order goes first", "It was agreed in the contract")
        RISK = (
            "risk",
            pgettext_lazy("why an order goes first", "It would be cancelled or cost a penalty"),
        )
        FITS = "fits", pgettext_lazy("why an order goes first", "It fits what is being worked on")
        OTHER = "other", pgettext_lazy("why an order goes first", "Another reason")

    order = WorkspaceKey("backlog.Order", related_name="ranks")
    rank = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        """Found by order."""

        indexes = [models.Index(fields=["workspace", "order"], name="backlog_rank_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.rank}"
