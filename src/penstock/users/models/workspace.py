"""One company's part of the house."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sees(models.TextChoices):
    """Which deals a rep sees."""

    ALL = "all", _("All deals of the workspace")
    OWN = "own", _("Own and unassigned deals")


class Overrides(models.TextChoices):
    """Who may pass a gate without its answers, with a reason."""

    MANAGERS = "managers", _("Owners and managers")
    SELLERS = "sellers", _("Everybody who sells")


class Workspace(models.Model):
    """A company: its people, rows, time zone, currency and rules; others see nothing of it."""

    slug = models.SlugField(_("address"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=8, default="en")
    reps_see = models.CharField(_("reps see"), max_length=8, choices=Sees.choices, default=Sees.ALL)
    overrides = models.CharField(
        _("who may pass a gate without its answers"),
        max_length=8,
        choices=Overrides.choices,
        default=Overrides.MANAGERS,
        db_default=Overrides.MANAGERS,
    )
    late_share = models.DecimalField(
        _("a deal is late when this share of the won ones had left its stage"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.85"),
        db_default=Decimal("0.85"),
    )
    expedite_limit = models.PositiveSmallIntegerField(
        _("orders that may go before all others"), default=3, db_default=3
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.time_zone)
