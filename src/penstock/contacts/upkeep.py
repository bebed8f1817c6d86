"""What the worker does so that no pair that is possibly one is missing for long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from penstock.contacts import pairs, tokens
from penstock.contacts.comparing import BOTH, COMPANIES, Comparison
from penstock.users.models import Workspace

#: So many of the oldest records tell whether all are cut as they are cut now.
N_LOOKED_AT = 20


def begin(workspace: Workspace) -> None:
    """Cut anew what was cut in another way, before pairs were kept, and find its pairs.

    Every hour; with nothing to do it looks at a few records. Safe to call twice, and while others
    write. The newest are cut first: once the oldest are right, all are.
    """
    for noun in BOTH:
        if not _is_cut(workspace, noun):
            _cut_all(workspace, noun)


def renew(workspace: Workspace) -> None:
    """Compare all of a workspace anew: two that were added in the same instant saw nothing of each other.

    Every day. Safe to call twice, and while others write.
    """
    for noun in BOTH:
        pairs.compare_all(workspace.pk, noun)


def _is_cut(workspace: Workspace, noun: Comparison) -> bool:
    oldest = list(_live(workspace, noun).order_by("pk")[:N_LOOKED_AT])
    kept = noun.token.objects.filter(**{f"{noun.key}__in": [thing.pk for thing in oldest]})
    return tokens.pieces_of(noun, oldest) == set(kept.values_list(noun.key, "kind", "text"))


def _live(workspace: Workspace, noun: Comparison) -> Any:
    return noun.record.objects.filter(workspace=workspace, withdrawn_at=None, merged_into=None)


def _cut_all(workspace: Workspace, noun: Comparison) -> None:
    refresh: Callable[[Sequence[Any]], None] = (
        tokens.refresh_companies if noun is COMPANIES else tokens.refresh_people
    )
    rows = _live(workspace, noun)
    ids = list(rows.order_by("-pk").values_list("pk", flat=True))
    for first in range(0, len(ids), pairs.N_AT_ONCE):
        with transaction.atomic():
            # Held, so that nobody changes a name between the reading and the cutting.
            part = rows.filter(pk__in=ids[first : first + pairs.N_AT_ONCE]).order_by("pk")
            refresh(list(part.select_for_update(no_key=True)))
