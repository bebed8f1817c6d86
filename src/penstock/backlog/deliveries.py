"""Booking what was delivered of several lines of an order at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog import ledger
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import RuleBroken
from penstock.flow import items
from penstock.users.models import Member


def book(
    order: Order,
    *,
    quantities: Sequence[tuple[Line, Decimal]],
    by: Member | None,
    at: datetime | None = None,
) -> list[Entry]:
    """Fulfil some lines of an order, each by its quantity: all or none.

    Raises:
        RuleBroken: ``backlog.nothing_delivered`` without a quantity, and as ``ledger.fulfil``.
    """
    if not quantities:
        raise RuleBroken(
            "backlog.nothing_delivered",
            _("Enter how much was delivered of at least one line."),
            needs=["quantity"],
        )
    with transaction.atomic():
        items.lock(order.pk)
        act = ledger.Act(by=by, at=at)
        return [ledger.fulfil(line, quantity=quantity, act=act) for line, quantity in quantities]
