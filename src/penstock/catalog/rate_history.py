"""Reading stated rates: which currencies have any, and what was said about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from penstock.catalog.models import Rate
from penstock.users.models import Workspace


@dataclass(frozen=True, slots=True)
class Quoted:
    """A currency with rates: for how many days, from when to when."""

    currency: str
    n: int
    last_day: date


def counting(workspace: Workspace, *, known: datetime | None = None) -> QuerySet[Rate]:
    """The last word on each currency and day, as far as it is a rate."""
    said = Rate.objects.filter(workspace=workspace)
    later = Rate.objects.filter(
        Q(known_at__gt=OuterRef("known_at"))
        | Q(known_at=OuterRef("known_at"), pk__gt=OuterRef("pk")),
        workspace=workspace,
        currency=OuterRef("currency"),
        day=OuterRef("day"),
    )
    if known is not None:
        said, later = said.filter(known_at__lt=known), later.filter(known_at__lt=known)
    return said.filter(~Exists(later), is_void=False)


def quoted(workspace: Workspace, *, known: datetime | None = None) -> list[Quoted]:
    """The currencies that have rates, by code."""
    rows = counting(workspace, known=known).values_list("currency").order_by("currency")
    return [Quoted(*row) for row in rows.annotate(Count("pk"), Max("day"))]


def said_before(rates: Sequence[Rate]) -> dict[int, list[Rate]]:
    """What was said earlier about the same currency and day, the newest first, by the id of the last word."""
    if not rates:
        return {}
    last = {(rate.currency, rate.day): rate.pk for rate in rates}
    found: dict[int, list[Rate]] = {rate.pk: [] for rate in rates}
    others = Rate.objects.filter(
        workspace_id=rates[0].workspace_id,
        currency__in={rate.currency for rate in rates},
        day__in={rate.day for rate in rates},
    ).exclude(pk__in=found)
    for rate in others.order_by("-known_at", "-pk"):
        if (pk := last.get((rate.currency, rate.day))) is not None:
            found[pk].append(rate)
    return found
