"""The next step of a deal: its earliest planned activity, kept beside the deal for boards and lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from penstock.flow import replay
from penstock.flow.models import Item, Kind
from penstock.sales.models import Activity, ActivityChange, Deal


def of(item: Item) -> Activity | None:
    """The next step as the activities say it: of those planned the earliest, with a time before without."""
    return Activity.objects.filter(item=item).planned().in_order().first()


def planned(item: Item) -> list[Activity]:
    """All that is planned about an item, the next step first, with people and owners; one query."""
    rows = Activity.objects.filter(item=item).planned().in_order()
    return _at_home(rows.select_related("owner", "person"), item)


def all_of(item: Item) -> list[Activity]:
    """All that is planned or was done about an item, the next step first, the last done last; one query."""
    rows = Activity.objects.filter(item=item, cancelled_at=None)
    return sorted(_at_home(rows.select_related("owner", "person"), item), key=_order)


def planned_at(item: Item, *, at: datetime, known: datetime | None = None) -> list[Activity]:
    """What was planned about an item at an instant of the past; as :func:`stood_at`."""
    return [row for row in stood_at(item, at=at, known=known) if row.is_planned]


def stood_at(item: Item, *, at: datetime, known: datetime | None = None) -> list[Activity]:
    """What was planned or done about an item at an instant of the past, with day, owner and result of then.

    In the order of :func:`all_of`. Words, people and kinds are those of today: they have no history.
    """
    changes = ActivityChange.objects.filter(item=item).select_related(
        "owner", "activity__person", "activity__owner"
    )
    by_activity: dict[int, list[ActivityChange]] = {}
    for change in changes:
        by_activity.setdefault(change.activity_id, []).append(change)
    found = [replay.last(rows, at=at, known=known) for rows in by_activity.values()]
    stood = [_as_of(row) for row in found if row and row.state != ActivityChange.State.CANCELLED]
    return sorted(_at_home(stood, item), key=_order)


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


def _as_of(change: ActivityChange) -> Activity:
    """An activity as one of its changes left it; to be read, not to be saved."""
    activity: Activity = change.activity
    activity.due_on, activity.due_at, activity.owner = change.due_on, change.due_at, change.owner
    activity.result, activity.cancelled_at = change.result, None
    is_done = change.state == ActivityChange.State.DONE
    activity.done_at = change.occurred_at if is_done else None
    return activity


def _at_home(rows: Iterable[Activity], item: Item) -> list[Activity]:
    """The same rows, knowing the item and the workspace that the asker has loaded."""
    found = list(rows)
    for row in found:
        row.item, row.workspace = item, item.workspace
    return found


def _order(activity: Activity) -> tuple[bool, date, bool, datetime, int]:
    """What is planned by its day, those with a time first; then what was done, by when it was."""
    if activity.done_at is not None:
        return (True, activity.done_at.date(), False, activity.done_at, activity.pk)
    assert activity.due_on is not None, "what is planned has a day"
    return (
        False,
        activity.due_on,
        activity.due_at is None,
        activity.due_at or datetime.min.replace(tzinfo=UTC),
        activity.pk,
    )


def due_from(due_on: date, *, parked_until: date | None) -> date:
    """The day from which a step asks for attention: not while its deal is parked."""
    return max(due_on, parked_until) if parked_until else due_on
