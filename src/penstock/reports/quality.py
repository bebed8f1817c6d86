"""What is wrong with the data: findings counted by kind, each with examples."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from penstock.flow.models import Finding, Kind
from penstock.sales.models import Deal
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Example:
    """One item that a finding is about; the key is empty where there is none."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Found:
    """How often one thing was found."""

    code: str
    label: str
    n: int
    examples: tuple[Example, ...]


def findings(member: Member, *, n_examples: int = 5) -> tuple[Found, ...]:
    """Findings that still stand and are about what the member may see, the most frequent first."""
    rows = Finding.objects.filter(
        ~Q(item__kind=Kind.DEAL) | Q(item__in=Deal.objects.visible_to(member).values("pk")),
        Q(item=None) | Q(item__withdrawn_at=None),
        workspace_id=member.workspace_id,
        withdrawn_at=None,
    )
    counts = rows.values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    first = rows.annotate(
        place=Window(RowNumber(), partition_by=F("code"), order_by=F("pk").asc())
    ).filter(place__lte=n_examples)
    shown: dict[str, list[Example]] = {}
    for row in first.select_related("item").order_by("pk"):
        item = row.item
        shown.setdefault(row.code, []).append(
            Example(key=item.key if item else "", title=item.title if item else "")
        )
    return tuple(
        Found(
            code=code,
            label=str(Finding.LABELS.get(code, code)),
            n=n,
            examples=tuple(shown.get(code, ())),
        )
        for code, n in counts
    )
