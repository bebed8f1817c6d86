"""Money that a customer paid before delivery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penstock.flow.models import Dated


class Deposit(Dated):
    """A payment towards an order, in the order's currency: received, or (negative) refunded.

    A row that was a mistake is superseded by a void one; what is held is the sum of those that count.
    """

    amount = models.DecimalField(_("amount"), max_digits=19, decimal_places=4)

    class Meta(Dated.Meta):
        """A payment is not nothing."""

        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(amount=0), name="backlog_deposit_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.amount}"
