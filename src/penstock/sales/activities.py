"""What can happen to an activity: planned, put off, given away, done, cancelled, and each taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts.models import Person
from penstock.flow import bus, items, replay
from penstock.flow.dating import When, today, when
from penstock.flow.models import Item
from penstock.sales import answers, steps
from penstock.sales.models import Activity, ActivityChange
from penstock.users.models import Member

Act, State = ActivityChange.Act, ActivityChange.State
# A shorter name or number would be found within other words.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class ActivityPlanned:
    """Somebody has something to do; also told when it is given to somebody else."""

    activity: Activity
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ActivityDone:
    """Something was done, planned before or not."""

    activity: Activity
    by: Member | None
    at: datetime


def plan(  # noqa: PLR0913 -- an activity has that many details
    item: Item,
    *,
    kind: str,
    due: date | datetime,
    by: Member | None,
    subject: str = "",
    notes: str = "",
    owner: Member | None = None,
    person: Person | None = None,
    minutes: int | None = None,
    priority: int = Activity.Priority.NORMAL,
    source: str = "",
    source_key: str | None = None,
    at: datetime | None = None,
) -> Activity:
    """Plan something to do about an item: on a day, or at a moment if ``due`` has a time.

    Without ``owner`` it is the item's owner's, or else whoever plans it. With a ``source_key`` it is
    planned once, however often it is told.

    Raises:
        RuleBroken: ``sales.activity_kind``, ``sales.note_planned``, ``sales.due_past``,
            ``sales.minutes``, ``flow.before_opening``.
    """
    _check_kind(kind)
    if kind == Activity.ActivityKind.NOTE:
        raise RuleBroken(
            "sales.note_planned",
            _("A note says what is known. Plan a task instead, or write the note now."),
            needs=["kind"],
        )
    if minutes is not None and not 0 < minutes <= 24 * 60:
        raise RuleBroken(
            "sales.minutes", _("Enter a length between 1 minute and one day."), needs=["minutes"]
        )
    with transaction.atomic():
        item = items.lock(item.pk)
        if (known := _told_before(item, source_key=source_key)) is not None:
            return known
        times = _times(item, at=at)
        due_on, due_at = _due(item, due, times=times)
        activity = _create(
            item,
            times=times,
            kind=kind,
            subject=subject,
            notes=notes,
            owner=owner or item.owner or by,
            person=person,
            due_on=due_on,
            due_at=due_at,
            minutes=minutes,
            priority=priority,
            source=source,
            source_key=source_key,
        )
        _write(item, activity, act=Act.PLANNED, by=by, times=times)
        bus.tell(ActivityPlanned(activity=activity, by=by, at=times.occurred_at))
        return activity


def log(  # noqa: PLR0913 -- an activity has that many details
    item: Item,
    *,
    kind: str,
    by: Member | None,
    subject: str = "",
    notes: str = "",
    result: str = "",
    owner: Member | None = None,
    person: Person | None = None,
    source: str = "",
    source_key: str | None = None,
    at: datetime | None = None,
) -> Activity:
    """Write down what was done without having been planned, or a note.

    With a ``source_key`` it is written once, however often it is told.

    Raises:
        RuleBroken: ``sales.activity_kind``, ``sales.result``, ``sales.note_empty``,
            ``flow.before_opening``, ``flow.future``.
    """
    _check_kind(kind)
    _check_result(result)
    if kind == Activity.ActivityKind.NOTE and not (subject.strip() or notes.strip()):
        raise RuleBroken("sales.note_empty", _("Write something into the note."), needs=["notes"])
    with transaction.atomic():
        item = items.lock(item.pk)
        if (known := _told_before(item, source_key=source_key)) is not None:
            return known
        times = _times(item, at=at)
        activity = _create(
            item,
            times=times,
            kind=kind,
            subject=subject,
            notes=notes,
            owner=owner or by or item.owner,
            person=person,
            done_at=times.occurred_at,
            result=result,
            source=source,
            source_key=source_key,
        )
        _write(item, activity, act=Act.DONE, by=by, times=times)
        bus.tell(ActivityDone(activity=activity, by=by, at=times.occurred_at))
        return activity


def complete(
    activity: Activity,
    *,
    by: Member | None,
    result: str = "",
    notes: str | None = None,
    at: datetime | None = None,
) -> Activity:
    """Say that it was done, and what came of it. Calling it for what is done changes nothing.

    Raises:
        RuleBroken: ``sales.result``; ``sales.activity_cancelled``.
    """
    _check_result(result)
    with transaction.atomic():
        item, activity = _locked(activity)
        if activity.done_at is not None:
            return activity
        _check_planned(activity)
        times = _times(item, at=at, not_before=activity.planned_at)
        activity.done_at, activity.result = times.occurred_at, result
        if notes is not None:
            activity.notes = notes.strip()
        _write(item, activity, act=Act.DONE, by=by, times=times)
        bus.tell(ActivityDone(activity=activity, by=by, at=times.occurred_at))
        return activity


def cancel(activity: Activity, *, by: Member | None, at: datetime | None = None) -> Activity:
    """Say that it will not be done. Calling it for what is cancelled changes nothing.

    Raises:
        RuleBroken: ``sales.activity_done`` for what was done.
    """
    with transaction.atomic():
        item, activity = _locked(activity)
        if activity.cancelled_at is not None:
            return activity
        _check_planned(activity)
        times = _times(item, at=at, not_before=activity.planned_at)
        activity.cancelled_at = times.occurred_at
        _write(item, activity, act=Act.CANCELLED, by=by, times=times)
        return activity


def call_off_batch(batch: int, *, by: Member | None) -> None:
    """Call off what an import planned and nobody has done, about what is still here."""
    told = ActivityChange.objects.filter(batch=batch).values("activity")
    planned = Activity.objects.present().planned().filter(pk__in=told, batch=batch)
    for activity in planned.order_by("item_id", "pk"):
        cancel(activity, by=by)


def reschedule(
    activity: Activity, *, due: date | datetime, by: Member | None, at: datetime | None = None
) -> Activity:
    """Put it off, or bring it forward.

    Raises:
        RuleBroken: ``sales.due_past``, ``sales.activity_done``, ``sales.activity_cancelled``.
    """
    with transaction.atomic():
        item, activity = _locked(activity)
        _check_planned(activity)
        times = _times(item, at=at, not_before=activity.planned_at)
        due_on, due_at = _due(item, due, times=times)
        if (due_on, due_at) != (activity.due_on, activity.due_at):
            activity.due_on, activity.due_at = due_on, due_at
            _write(item, activity, act=Act.MOVED, by=by, times=times)
        return activity


def assign(activity: Activity, *, owner: Member, by: Member | None) -> Activity:
    """Give it to a member.

    Raises:
        RuleBroken: ``sales.activity_done``, ``sales.activity_cancelled``.
    """
    with transaction.atomic():
        item, activity = _locked(activity)
        _check_planned(activity)
        if activity.owner_id != owner.pk:
            times = _times(item, at=None, not_before=activity.planned_at)
            activity.owner = owner
            _write(item, activity, act=Act.GIVEN, by=by, times=times)
            bus.tell(ActivityPlanned(activity=activity, by=by, at=times.occurred_at))
        return activity


def reword(
    activity: Activity, *, by: Member | None, subject: str | None = None, notes: str | None = None
) -> Activity:
    """Say in other words what it is about; words have no history, for they may be personal."""
    with transaction.atomic():
        _item, activity = _locked(activity)
        activity.subject = activity.subject if subject is None else subject.strip()[:250]
        activity.notes = activity.notes if notes is None else notes.strip()
        activity.save(update_fields=["subject", "notes"])
        return activity


def take_back(change: ActivityChange, *, by: Member | None) -> Activity:
    """Take back the last thing that happened to an activity: it stands as before.

    What had only this one change, because it was planned or written down by it, is cancelled.

    Raises:
        Conflict: ``sales.changed_meanwhile`` when something happened to it since.
    """
    with transaction.atomic():
        item, activity = _locked(change.activity)
        last = replay.last(activity.changes.all())
        if last is None or last.pk != change.pk:
            raise Conflict(
                "sales.changed_meanwhile",
                _("Something happened to it since. Look again, then decide."),
            )
        # The same moment, known from now on, and never before what it takes back.
        times = when(None, not_before=change.known_at).columns()
        _row(
            activity,
            act=change.act,
            by=by,
            columns={**times, "occurred_at": change.occurred_at},
            is_void=True,
            supersedes=change,
        )
        _settle(activity, gone_at=times["known_at"])
        steps.settle(item)
        answers.settle(item)
        _announce(item)
        return activity


def last_change(activity: Activity) -> ActivityChange | None:
    """What happened to it last, to be taken back."""
    return replay.last(activity.changes.all())


def history(item: Item) -> QuerySet[ActivityChange]:
    """The changes of an item's activities, for its timeline."""
    return ActivityChange.objects.filter(item=item).select_related("by", "activity", "owner")


def forget(person: Person) -> None:
    """Erase the words of activities with a person, and of all that name the person or an address of theirs."""
    words = [word for word in (person.name, person.email, person.phone) if len(word) >= SHORTEST]
    named = Q(person=person)
    for word in words:
        named |= Q(subject__icontains=word) | Q(notes__icontains=word)
    Activity.objects.filter(named, workspace_id=person.workspace_id).update(subject="", notes="")


def _create(item: Item, *, times: When, subject: str, notes: str, **values: Any) -> Activity:
    return Activity.objects.create(
        workspace_id=item.workspace_id,
        item=item,
        subject=subject.strip()[:250],
        notes=notes.strip(),
        planned_at=times.occurred_at,
        batch=times.batch,
        **values,
    )


def _locked(activity: Activity) -> tuple[Item, Activity]:
    item = items.lock(activity.item_id)
    return item, Activity.objects.select_related("owner", "workspace").get(pk=activity.pk)


def _write(item: Item, activity: Activity, *, act: str, by: Member | None, times: When) -> None:
    """Write how an activity stands now, and keep it so on the activity and on the deal."""
    items.check_time(item, at=times.occurred_at)
    _row(activity, act=act, by=by, columns=times.columns())
    _settle(activity, gone_at=times.known_at)
    steps.settle(item)
    answers.settle(item)
    _announce(item)


def _row(activity: Activity, *, act: str, by: Member | None, columns: Any, **more: Any) -> None:
    ActivityChange.objects.create(
        workspace_id=activity.workspace_id,
        item_id=activity.item_id,
        activity=activity,
        act=act,
        state=_state(activity),
        owner=activity.owner,
        due_on=activity.due_on,
        due_at=activity.due_at,
        result=activity.result,
        by=by,
        **columns,
        **more,
    )


def _state(activity: Activity) -> str:
    if activity.done_at is not None:
        return State.DONE
    return State.PLANNED if activity.cancelled_at is None else State.CANCELLED


def _settle(activity: Activity, *, gone_at: datetime) -> None:
    """Make what is kept on a locked activity equal to the last word of its changes."""
    row = replay.last(activity.changes.all())
    if row is None:
        activity.done_at, activity.cancelled_at, activity.result = None, gone_at, ""
    else:
        activity.done_at = row.occurred_at if row.state == State.DONE else None
        activity.cancelled_at = row.occurred_at if row.state == State.CANCELLED else None
        activity.due_on, activity.due_at = row.due_on, row.due_at
        activity.owner_id, activity.result = row.owner_id, row.result
    activity.save(
        update_fields=[
            *("done_at", "cancelled_at", "due_on", "due_at", "owner", "result", "notes"),
        ]
    )


def _told_before(item: Item, *, source_key: str | None) -> Activity | None:
    if source_key is None:
        return None
    known = Activity.objects.filter(workspace_id=item.workspace_id, source_key=source_key).first()
    if known is not None and known.item_id != item.pk:
        raise Conflict(
            "sales.source_key",
            _("This record was taken in before about something else. Give it a key of its own."),
        )
    return known


def _times(item: Item, *, at: datetime | None, not_before: datetime | None = None) -> When:
    return when(at, not_before=max(item.opened_at, not_before or item.opened_at))


def _due(item: Item, due: date | datetime, *, times: When) -> tuple[date, datetime | None]:
    zone = item.workspace.zone
    moment = due if isinstance(due, datetime) else None
    day = due.astimezone(zone).date() if isinstance(due, datetime) else due
    if day < min(times.occurred_at.astimezone(zone).date(), today(item.workspace)):
        raise RuleBroken(
            "sales.due_past", _("Choose today or a later day for it."), needs=["due_on"]
        )
    return day, moment


def _check_kind(kind: str) -> None:
    if kind not in Activity.ActivityKind.values:
        raise RuleBroken(
            "sales.activity_kind", _("Choose one of the kinds offered."), needs=["kind"]
        )


def _check_result(result: str) -> None:
    if result and result not in Activity.Result.values:
        raise RuleBroken("sales.result", _("Choose one of the results offered."), needs=["result"])


def _check_planned(activity: Activity) -> None:
    if activity.done_at is not None:
        raise RuleBroken("sales.activity_done", _("It is done already. Take that back first."))
    if activity.cancelled_at is not None:
        raise RuleBroken("sales.activity_cancelled", _("It was cancelled. Take that back first."))


def _announce(item: Item) -> None:
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
