"""Channels by which customers come, campaigns that bring them, and what those cost."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class Channel(models.TextChoices):
    """How somebody came upon the company."""

    CONTENT = "content", pgettext_lazy("channel", "Content")
    SOCIAL = "social", pgettext_lazy("channel", "Social media")
    PAID = "paid", pgettext_lazy("channel", "Paid advertising")
    SEARCH = "search", pgettext_lazy("channel", "Search")
    REFERRAL = "referral", pgettext_lazy("channel", "Referral")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    EVENT = "event", pgettext_lazy("channel", "Event")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    DIRECT = "direct", pgettext_lazy("channel", "Direct")


class Campaign(Walled):
    """Something done on purpose, by one channel, so that customers come. Retired, never deleted.

    A visitor whose address carries its ``code`` as ``utm_campaign`` came by it.
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A code names one campaign, and none ends before it starts."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "code"],
                name="sales_campaign_code_once",
                condition=~models.Q(code=""),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="sales_campaign_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignCost(Walled):
    """What a campaign cost over some days, spread over them evenly.

    Nothing is rewritten: a correction is a row that supersedes, a void one takes back. So a sum of costs
    can be asked as it was known on any day.
    """

    append_only = True

    campaign = WorkspaceKey(Campaign, related_name="costs")
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    amount = models.DecimalField(_("amount"), max_digits=19, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    is_void = models.BooleanField(default=False)
    supersedes = WorkspaceKey("self", null=True, blank=True, related_name="superseded_by")
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Costs are not negative, a period does not end before it begins, a row is superseded once."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="sales_campaign_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")),
                name="sales_campaign_cost_of_a_period",
            ),
            models.UniqueConstraint(
                fields=["workspace", "supersedes"],
                name="sales_campaign_cost_superseded_once",
                condition=models.Q(supersedes__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "campaign", "first"], name="sales_campaign_cost_of"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.first}–{self.last}: {self.amount} {self.currency}"


class ChannelRule(Walled):
    """Which channel a word stands for: a stated source, or a value in an address."""

    class Sort(models.TextChoices):
        """What is compared with the word."""

        STATED = "stated", _("Stated source")
        CAMPAIGN = "utm_campaign", "utm_campaign"
        SOURCE = "utm_source", "utm_source"
        MEDIUM = "utm_medium", "utm_medium"
        REFERRER = "referrer", _("Referring site")

    sort = models.CharField(_("compared with"), max_length=16, choices=Sort.choices)
    text = models.CharField(_("word"), max_length=200)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)

    class Meta:
        """A word stands for one channel."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sort", "text"], name="sales_channel_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.text}: {self.channel}"
