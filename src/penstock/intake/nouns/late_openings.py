"""Deals that a file opens in a late stage: they are asked the gates before it, as a move there would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.flow import gates
from penstock.intake.nouns import deal_notes
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.live_moves import OPTION, remember
from penstock.intake.nouns.ruling import Ruling, reject
from penstock.intake.nouns.run import Run
from penstock.intake.nouns.stages import Stages
from penstock.sales import facts
from penstock.sales.bulk import NewDeal


def lacking(new: NewDeal, row: Parsed, stages: Stages) -> list[str]:
    """The answers that the gates before its stage miss; none for what has ended, which is history."""
    stage = stages.of(new.item.stage_id)
    if new.item.verdict or stage is None:
        return []
    wanted = gates.asked_at_opening(stages.in_use, to=stage)
    known = _known(new, row) if wanted else set()
    return [need for need in wanted if need not in known]


def refused(run: Run, row: Parsed, needs: Sequence[str]) -> Ruling | None:
    """The verdict on a row that misses answers, unless the file gives a reason to pass."""
    if not needs or str(run.option(OPTION, "")).strip():
        return None
    names = ", ".join(str(facts.LABELS.get(need, need)) for need in needs)
    return reject(row, "flow.gate", needs=names)


def keep(run: Run, passed: Mapping[str, Sequence[str]]) -> None:
    """Write down which deals passed without which answers, by their keys in the file."""
    keys = {run.batch.key(key, "at", 0): needs for key, needs in passed.items()}
    remember(run, {key: needs for key, needs in keys.items() if key is not None})


def _known(new: NewDeal, row: Parsed) -> set[str]:
    """What the row itself says: its values, and the topics of which it says something."""
    values = {
        "company": new.company_id,
        "product": new.product_id,
        "amount": new.amount,
        "close_on": new.close_on,
        "channel": new.channel,
        "owner": new.item.owner_id,
    }
    known = {name for name, value in values.items() if value not in (None, "")}
    return known | {field.name for field in deal_notes.FIELDS if row.has(field.name)}
