"""Writing many claims at once, as files bring them: what somebody noted about a deal elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from penstock.flow import bulk
from penstock.flow.bulk import Batch
from penstock.sales.claims import CONFIDENCE
from penstock.sales.models import Claim, ClaimWording, Manner, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a file says about a topic of a deal: a guess, for nobody knows who said it to whom."""

    deal_id: int
    topic: Topic
    at: datetime
    key: str
    text: str = ""
    amount: Decimal | None = None
    currency: str = ""
    due_on: date | None = None


def note(rows: Sequence[Noted], *, batch: Batch) -> list[Noted]:
    """Write claims that were not written before, by their keys; returns those that were written."""
    keys = [row.key for row in rows]
    there = set(
        Claim.objects.filter(workspace_id=batch.workspace_id, source_key__in=keys).values_list(
            "source_key", flat=True
        )
    )
    fresh = list({row.key: row for row in rows if row.key not in there}.values())
    numbered = list(zip(bulk.take_ids(Claim, len(fresh)), fresh, strict=True)) if fresh else []
    bulk.insert(Claim, _CLAIM, (_claim(pk, row, batch) for pk, row in numbered))
    bulk.insert(
        ClaimWording,
        ("workspace_id", "claim_id", "text"),
        ((batch.workspace_id, pk, row.text[:2000]) for pk, row in numbered if row.text),
    )
    return fresh


_CLAIM = (
    "id",
    "workspace_id",
    "item_id",
    "topic",
    "is_for",
    "manner",
    "confidence",
    "amount",
    "currency",
    "is_approved",
    "part",
    "due_on",
    "occurred_at",
    "known_at",
    "is_assumed",
    "is_void",
    "source_key",
    "batch",
)


def _claim(pk: int, row: Noted, batch: Batch) -> tuple[object, ...]:
    return (
        pk,
        batch.workspace_id,
        row.deal_id,
        str(row.topic),
        True,
        str(Manner.GUESS),
        CONFIDENCE[Manner.GUESS],
        row.amount,
        row.currency if row.amount is not None else "",
        False,
        "",
        row.due_on,
        row.at,
        row.at,
        batch.is_assumed,
        False,
        row.key,
        batch.number,
    )
