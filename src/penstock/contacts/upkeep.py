"""What the worker does so that no pair that is possibly one is missing for long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from penstock.contacts import pairs, tokens
from penstock.contacts.comparing import BOTH, COMPANIES, Comparison
from penstock.contacts.models import Alike
from penstock.users.models import Workspace


def begin(workspace: Workspace) -> None:
    """Cut anew what a workspace without pairs holds, and find them: those of before they were kept.

    Every hour. Safe to call twice, and while others write.
    """
    for noun in BOTH:
        if not Alike.objects.filter(workspace=workspace, noun=noun.noun).exists():
            _cut_all(workspace, noun)


def renew(workspace: Workspace) -> None:
    """Compare all of a workspace anew: two that were added in the same instant saw nothing of each other.

    Every day. Safe to call twice, and while others write.
    """
    for noun in BOTH:
        pairs.compare_all(workspace.pk, noun)


def _cut_all(workspace: Workspace, noun: Comparison) -> None:
    refresh: Callable[[Sequence[Any]], None] = (
        tokens.refresh_companies if noun is COMPANIES else tokens.refresh_people
    )
    rows: Any = noun.record.objects.filter(workspace=workspace, withdrawn_at=None, merged_into=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), pairs.N_AT_ONCE):
        with transaction.atomic():
            # Held, so that nobody changes a name between the reading and the cutting.
            part = rows.filter(pk__in=ids[first : first + pairs.N_AT_ONCE]).order_by("pk")
            refresh(list(part.select_for_update(no_key=True)))
