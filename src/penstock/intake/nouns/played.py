"""Stages that deals entered just now by a file: their playbooks are played, as at every other door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from penstock.flow.models import Item, Stage
from penstock.intake.nouns.run import Run
from penstock.sales import playbooks


@dataclass(frozen=True, slots=True)
class Entry:
    """A deal came to stand in a stage; ``origin_id`` is None where it was opened there."""

    item_id: int
    origin_id: int | None
    to_id: int
    at: datetime


def play(run: Run, entries: Iterable[Entry]) -> None:
    """Call off what ends with the stages that deals left, and plan what the new ones bring.

    What lies longer back than ``playbooks.FRESH`` is history, which needs no tasks.
    """
    fresh = [entry for entry in entries if run.now - entry.at <= playbooks.FRESH]
    shaped = playbooks.shaped_stages(run.workspace) if fresh else frozenset()
    wanted = [entry for entry in fresh if shaped & {entry.origin_id, entry.to_id}]
    if not wanted:
        return
    items = Item.objects.present().select_related("stage", "pipeline", "owner", "workspace")
    there = items.in_bulk([entry.item_id for entry in wanted])
    stages = Stage.objects.in_bulk({one for row in wanted for one in (row.origin_id, row.to_id)})
    for entry in wanted:
        if (item := there.get(entry.item_id)) is not None:
            origin = stages.get(entry.origin_id or 0)
            playbooks.enter(item, to=stages[entry.to_id], origin=origin, by=run.by, at=entry.at)
