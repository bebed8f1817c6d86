"""What was done in a window: by whom, of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from penstock.base.calendar import Window
from penstock.sales import access
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Done:
    """So many activities of one kind that one member did; ``owner_id`` is None for nobody's."""

    owner_id: int | None
    owner: str
    kind: str
    n: int


def done(viewer: Member, window: Window, *, owners: Iterable[int] | None = None) -> list[Done]:
    """Counts per member and kind of what was done in a window, as it is known now; one query.

    Args:
        viewer: Who asks: only what they may see counts.
        window: Days, both ends included.
        owners: Only what belongs to these members; None for all.
    """
    rows = access.activities_for(viewer).filter(done_at__gte=window.start, done_at__lt=window.stop)
    if owners is not None:
        rows = rows.filter(owner__in=list(owners))
    counted = (
        rows.order_by()
        .values_list("owner_id", "owner__name", "kind")
        .annotate(n=Count("pk"))
        .order_by("owner__sort_key", "owner_id", "kind")
    )
    return [Done(owner_id, name or "", kind, n) for owner_id, name, kind, n in counted]
