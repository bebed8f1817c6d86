"""Where a proposal was mailed, and what became of each letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.notices import proposals as letters
from penstock.notices.models import Message
from penstock.sales.models import Proposal

TONES = {"sent": "ok", "refused": "late", "given_up": "late"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """One letter."""

    address: str
    at: datetime
    state: str
    tone: str
    answer: str


def of(proposal: Proposal) -> Sequence[Mailed]:
    """The letters of a proposal, the newest first; those of people who were erased are left out."""
    links = list(proposal.links.exclude(address="").order_by("-pk"))
    keys = [letters.source_key(link.pk) for link in links]
    found = Message.objects.filter(workspace_id=proposal.workspace_id, source_key__in=keys)
    by_key = {message.source_key: message for message in found.defer("text", "html")}
    return [
        Mailed(
            address=link.address,
            at=link.made_at,
            state=message.get_status_display(),
            tone=TONES.get(message.status, ""),
            answer=message.answer,
        )
        for link, key in zip(links, keys, strict=True)
        if (message := by_key.get(key)) is not None
    ]
