"""What a customer paid before delivery, against the value of the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.backlog.models import Deposit, Order
from penstock.base.money import ZERO
from penstock.flow import replay
from penstock.reports.moment import Moment


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in, or (negative) went back."""

    row_id: int
    amount: Decimal
    day: date
    by: str

    @property
    def is_refund(self) -> bool:
        """It went back."""
        return self.amount < 0


@dataclass(frozen=True, slots=True)
class Deposits:
    """All payments that count, newest first; ``ordered`` is the value of the order without tax."""

    payments: Sequence[Payment]
    ordered: Decimal

    @property
    def held(self) -> Decimal:
        """Received and not refunded."""
        return sum((one.amount for one in self.payments), start=ZERO)

    @property
    def share(self) -> Decimal | None:
        """Of the value of the order; None where that is nothing."""
        return self.held / self.ordered if self.ordered else None


def read(order: Order, *, moment: Moment, ordered: Decimal) -> Deposits:
    """The deposits of an order as of a day, in one query."""
    rows = replay.effective(
        Deposit.objects.filter(item_id=order.pk).select_related("by"), known=moment.known_at
    )
    return Deposits(
        payments=[
            Payment(
                row_id=row.pk,
                amount=row.amount,
                day=row.occurred_at.astimezone(moment.zone).date(),
                by=row.by.name if row.by else "",
            )
            for row in reversed(rows)
            if moment.is_now or row.occurred_at < moment.at
        ],
        ordered=ordered,
    )
