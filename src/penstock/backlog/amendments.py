"""Proposed changes of an order: a deal was won again with another amount than its order has."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.backlog import ledger
from penstock.backlog.models import Entry, Line
from penstock.base.errors import RuleBroken
from penstock.flow import items
from penstock.flow.models import Finding
from penstock.users.models import Member

PROPOSAL = "amount_differs"


def accept(finding: Finding, *, by: Member) -> Entry:
    """Give an order of one line the amount of its deal, and close the proposal.

    Raises:
        RuleBroken: ``backlog.not_one_line`` with several lines, or when part of it was delivered.
    """
    with transaction.atomic():
        item = items.lock(finding.item_id)  # type: ignore[arg-type]  # -- a proposal is about an item
        line = _only_line(item.pk)
        share = line.remaining_quantity * (1 - line.discount_share)
        amount = Decimal(finding.detail["deal"])
        entry = ledger.revalue(
            line, unit_price=amount / share if share else amount, act=ledger.Act(by=by)
        )
        dismiss(finding)
        return entry


def dismiss(finding: Finding) -> Finding:
    """Leave the order as it is, and close the proposal. Safe to call twice."""
    finding.withdrawn_at = finding.withdrawn_at or timezone.now()
    finding.save(update_fields=["withdrawn_at"])
    return finding


def _only_line(order_id: int) -> Line:
    lines = list(Line.objects.filter(order_id=order_id)[:2])
    if len(lines) != 1 or lines[0].remaining_quantity != lines[0].ordered_quantity:
        raise RuleBroken(
            "backlog.not_one_line",
            _(
                "Only an order of one line of which nothing was delivered takes over the amount. "
                "Change the prices of its lines by hand."
            ),
        )
    return lines[0]
