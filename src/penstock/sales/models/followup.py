"""What is done for a customer after the win, and for a lost deal when its time comes again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Act(models.TextChoices):
    """What a follow-up does when its day has come."""

    SURVEY = "survey", _("Ask for satisfaction")
    RENEWAL = "renewal", _("Open a renewal")
    UPSELL = "upsell", _("Open an upsell")
    WIN_BACK = "win_back", _("Win back")


class Scale(models.TextChoices):
    """How satisfaction is asked for."""

    CSAT = "csat", pgettext_lazy("survey", "CSAT, 1 to 5")
    NPS = "nps", pgettext_lazy("survey", "NPS, 0 to 10")


class FollowupRule(Walled):
    """What follows by itself after a delivery, or after a loss; made in the settings, retired there.

    Changing a rule changes what is planned from then on; what was planned before keeps its day.
    """

    act = models.CharField(_("what is done"), max_length=16, choices=Act.choices)
    name = models.CharField(_("name"), max_length=120)
    after_days = models.PositiveIntegerField(_("days after the delivery or the loss"), default=7)
    pipeline = WorkspaceKey("flow.Pipeline", null=True, blank=True, related_name="+")
    product = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="+")
    reason = WorkspaceKey("flow.LossReason", null=True, blank=True, related_name="+")
    scale = models.CharField(_("scale"), max_length=8, choices=Scale.choices, default=Scale.CSAT)
    offer = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="+")
    close_days = models.PositiveIntegerField(_("days until it should close"), default=30)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """An upsell without an offer offers nothing."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(act=Act.UPSELL) | models.Q(offer__isnull=False),
                name="sales_followuprule_upsell_offers",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Whether it still plans anything."""
        return self.retired_at is None


class Followup(Walled):
    """One act planned for a day, by a rule or by hand; carried out once, or called off.

    ``source`` is what it follows: a delivered order, or a lost deal. ``opened`` is the deal that it
    led to, if it led to one.
    """

    act = models.CharField(_("what is done"), max_length=16, choices=Act.choices)
    source = WorkspaceKey("flow.Item", related_name="followups")
    rule = WorkspaceKey(FollowupRule, null=True, blank=True, related_name="followups")
    company = WorkspaceKey("contacts.Company", null=True, blank=True, related_name="+")
    amount = models.DecimalField(
        _("amount"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    due_on = models.DateField(_("day"))
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    opened = WorkspaceKey("flow.Item", null=True, blank=True, related_name="+")

    class Meta:
        """A rule plans once per delivery or loss; what is due is read from its index."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "rule", "source"],
                name="sales_followup_rule_once",
                condition=models.Q(rule__isnull=False, cancelled_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(cancelled_at=None),
                name="sales_followup_done_or_cancelled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_on", "id"],
                name="sales_followup_due",
                condition=models.Q(done_at=None, cancelled_at=None),
            ),
            models.Index(fields=["workspace", "source"], name="sales_followup_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.due_on}"

    @property
    def is_planned(self) -> bool:
        """Neither carried out nor called off."""
        return self.done_at is None and self.cancelled_at is None
