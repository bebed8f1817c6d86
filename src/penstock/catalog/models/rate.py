"""What one currency is worth in another."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Rate(Walled):
    """What one unit of a currency was worth in the workspace's own on a day.

    Made by hand or by an import. Of several rows for one currency and day the one known last counts;
    with ``is_void`` it says that there is no rate for that day. Nothing is ever rewritten, so that any
    sum can be asked as it was known.
    """

    append_only = True

    currency = models.CharField(_("currency"), max_length=3)
    into = models.CharField(max_length=3)
    day = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=30, decimal_places=15)
    is_void = models.BooleanField(default=False)
    source = models.CharField(_("source"), max_length=60, blank=True)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_assumed = models.BooleanField(default=False)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    batch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """More than nothing, and between two currencies; the last on or before a day is one probe."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__gt=0), name="catalog_rate_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=~models.Q(currency=models.F("into")), name="catalog_rate_of_two"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "currency", "-day", "-known_at", "-id"],
                name="catalog_rate_in_force",
            ),
            models.Index(
                fields=["batch"], name="catalog_rate_batch", condition=models.Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.into} ({self.day})"
