"""How a customer came, once and again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.flow.models.dated import Dated
from penstock.sales.models.campaign import Campaign, Channel
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Touch(Dated):
    """A customer came by a channel, perhaps by a campaign; the first may be older than the deal.

    What the addresses said stands in :class:`TouchTrace`, which can be erased.
    """

    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    campaign = WorkspaceKey(Campaign, null=True, blank=True, related_name="touches")

    class Meta(Dated.Meta):
        """As every dated row."""

        constraints = [*Dated.Meta.constraints]
        indexes = [
            *Dated.Meta.indexes,
            models.Index(
                fields=["workspace", "campaign"],
                name="sales_touch_by_campaign",
                condition=models.Q(campaign__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.channel}"


class TouchTrace(Walled):
    """What the addresses of a touch said, apart from it, so that it can be erased."""

    touch = WorkspaceOneToOne(Touch, related_name="trace")
    utm_source = models.CharField(max_length=200, blank=True)
    utm_medium = models.CharField(max_length=200, blank=True)
    utm_campaign = models.CharField(max_length=200, blank=True)
    utm_term = models.CharField(max_length=200, blank=True)
    utm_content = models.CharField(max_length=200, blank=True)
    landing = models.CharField(max_length=200, blank=True)
    referrer = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.touch_id}"
