"""What somebody said is not the same, so that it can be compared again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from penstock.contacts.models import Apart
from penstock.contacts.models.merge import Noun
from penstock.users.models import Member
from penstock.web.pages import merging_nouns as nouns

N_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Two records that are kept apart."""

    low: str
    high: str
    low_url: str
    high_url: str
    by: str
    said_at: datetime
    again_url: str


def lines(member: Member, noun: Noun) -> Sequence[Line]:
    """The pairs that were kept apart last, of those that are here and may be seen."""
    said = Apart.objects.filter(workspace_id=member.workspace_id, noun=noun)
    pairs = list(said.select_related("by").order_by("-said_at", "-pk")[:N_SHOWN])
    found = nouns.many(member, noun, {pk for pair in pairs for pk in (pair.low_id, pair.high_id)})
    slug = member.workspace.slug
    return [
        Line(
            low=nouns.name(noun, found[pair.low_id]),
            high=nouns.name(noun, found[pair.high_id]),
            low_url=nouns.url(noun, found[pair.low_id], slug=slug),
            high_url=nouns.url(noun, found[pair.high_id], slug=slug),
            by=pair.by.name if pair.by else "",
            said_at=pair.said_at,
            again_url=reverse("duplicate-again", args=[slug, str(noun), pair.low_id, pair.high_id]),
        )
        for pair in pairs
        if pair.low_id in found and pair.high_id in found
    ]
