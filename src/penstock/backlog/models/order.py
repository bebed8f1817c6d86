"""An accepted promise to deliver."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.models import Member
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class OrderQuerySet(models.QuerySet["Order"]):
    """Questions about many orders."""

    def visible_to(self, member: Member) -> OrderQuerySet:
        """What this member may see: every order of the workspace that was not withdrawn."""
        return self.filter(workspace_id=member.workspace_id, item__withdrawn_at=None)

    def open(self) -> OrderQuerySet:
        """With something left to deliver."""
        return self.filter(item__outcome="")


class Order(Walled):
    """What was ordered by whom, and the five dates; quantities stand in its lines' ledger.

    Requested is the customer's wish, promised our word (its history is field changes), planned our
    plan, expected the forecast, fulfilled the fact. The first promise is kept beside the last one where
    there were several. Its stage is derived, never typed.
    """

    item = WorkspaceOneToOne("flow.Item", primary_key=True, related_name="order")
    company = WorkspaceKey("contacts.Company", null=True, blank=True, related_name="orders")
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    accepted_at = models.DateTimeField(null=True, blank=True)
    requested_on = models.DateField(_("requested"), null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    first_promised_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    cost_of_delay = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    contribution = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    # Both are of :mod:`penstock.backlog.priorities`: put first by hand, and what the policy sorts by.
    manual_rank = models.FloatField(null=True, blank=True)
    queue_key = models.FloatField(null=True, blank=True)
    is_shipped_together = models.BooleanField(
        _("shipped together"), default=False, db_default=False
    )
    is_expedited = models.BooleanField(default=False, db_default=False)
    is_cancellable_without_penalty = models.BooleanField(
        _("can be cancelled without penalty"), default=False, db_default=False
    )
    extra = models.JSONField(default=dict, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        """Found by customer, reference and promise."""

        indexes = [
            models.Index(fields=["workspace", "company"], name="backlog_order_of_company"),
            models.Index(fields=["workspace", "reference"], name="backlog_order_by_reference"),
            models.Index(fields=["workspace", "promised_on"], name="backlog_order_by_promise"),
            # The queue in its order, without all that was delivered long ago.
            models.Index(
                fields=[
                    "workspace",
                    "-is_expedited",
                    "queue_key",
                    "promised_on",
                    "accepted_at",
                    "item",
                ],
                include=["currency", "company"],
                name="backlog_order_queue",
                condition=models.Q(fulfilled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)

    def is_overdue(self, today: date) -> bool:
        """Open although the promised day has passed."""
        return self.item.is_open and self.promised_on is not None and self.promised_on < today
