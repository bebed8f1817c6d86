"""Orders that go before others, and whom that makes wait."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penstock.flow.models import Dated
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Expedite(Dated):
    """From then on an order goes before all others, or (not ``is_on``) no longer does.

    It keeps the bill that was shown before: how many orders were overtaken, by how many hours of work,
    and how many days longer they wait together; hours or days are None where nobody could tell. The
    words stand in :class:`ExpediteWording`, which can be erased.
    """

    is_on = models.BooleanField(default=True)
    cause = models.CharField(max_length=40, blank=True)
    n_overtaken = models.PositiveIntegerField(default=0)
    hours = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    days = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)

    class Meta(Dated.Meta):
        """Whoever goes first has a cause."""

        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(is_on=False) | ~Q(cause=""), name="backlog_expedite_has_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.cause or 'as before'}"


class ExpediteWording(Walled):
    """What was said when an order was put before others: apart, so that it can be erased."""

    expedite = WorkspaceOneToOne(Expedite, related_name="wording")
    text = models.CharField(_("note"), max_length=500)

    def __str__(self) -> str:
        return f"{self.expedite_id}"


class Overtaken(Walled):
    """An order that waits longer because another one was put before it; ``days`` None where nobody could tell."""

    append_only = True

    expedite = WorkspaceKey(Expedite, related_name="overtaken")
    order = WorkspaceKey("backlog.Order", related_name="overtaken_by")
    days = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)

    class Meta:
        """Once for each order that goes first."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "expedite", "order"], name="backlog_overtaken_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "order"], name="backlog_overtaken_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id} by {self.expedite_id}"
