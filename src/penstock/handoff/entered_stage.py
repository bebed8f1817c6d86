"""A deal that enters a stage gets the tasks of its playbook."""

from __future__ import annotations

from penstock.flow.moves import Moved
from penstock.sales import playbooks
from penstock.sales.deals import DealOpened


def play(event: Moved) -> None:
    """Call off what ends with the stage it left, and plan what the new one brings."""
    playbooks.enter(event.item, to=event.to, origin=event.origin, by=event.by, at=event.at)


def begin(event: DealOpened) -> None:
    """Plan what the first stage brings."""
    item = event.deal.item
    playbooks.enter(item, to=item.stage, origin=None, by=event.by, at=event.at)
