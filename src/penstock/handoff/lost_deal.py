"""A lost deal is won back on a day, where a rule says so; one that is open again is not."""

from __future__ import annotations

from penstock.sales import followups
from penstock.sales.deals import DealLost, DealReopened


def plan_win_back(event: DealLost) -> None:
    """Plan to win it back."""
    followups.after_loss(event.deal, reason=event.reason, at=event.at)


def call_off(event: DealReopened) -> None:
    """Nobody wins back what is open again."""
    followups.call_off(event.deal.item)
