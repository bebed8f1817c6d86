"""The next step of a deal: its earliest planned activity, kept beside the deal for boards and lists."""

from __future__ import annotations

from datetime import date

from penstock.flow.models import Item, Kind
from penstock.sales.models import Activity, Deal


def of(item: Item) -> Activity | None:
    """The next step as the activities say it: of those planned the earliest, with a time before without."""
    return Activity.objects.filter(item=item).planned().in_order().first()


def settle(item: Item) -> None:
    """Keep the next step of a locked item beside its deal; other items keep none.

    It does not depend on how the deal stands: while a deal is lost or parked its plans stay as they
    are and are silent, see :meth:`penstock.sales.models.activity.ActivityQuerySet.waiting`.
    """
    if item.kind == Kind.DEAL:
        step = of(item)
        Deal.objects.filter(pk=item.pk).update(
            next_step=step, next_step_on=step.due_on if step else None
        )


def due_from(due_on: date, *, parked_until: date | None) -> date:
    """The day from which a step asks for attention: not while its deal is parked."""
    return max(due_on, parked_until) if parked_until else due_on
