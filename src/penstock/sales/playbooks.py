"""Playbooks: tasks that a stage puts on the deals that enter it; shaped in the settings, played over the bus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.catalog import calendars
from penstock.catalog.exchange import Exchange, Part
from penstock.flow import dating
from penstock.flow.models import Item, Kind, Stage
from penstock.sales import activities
from penstock.sales.models import Activity, Deal, PlaybookTask, PlayedTask
from penstock.sales.models.playbook import Counted, Who
from penstock.users import audit
from penstock.users.models import Member, Workspace

FIELDS = (
    *("kind", "title", "link", "days", "counted", "who", "member", "least_amount"),
    *("is_required", "ends_with_stage", "template"),
)
#: What a playbook planned.
SOURCE = "playbook"
LONGEST_DAYS = 250
#: A move that is written down later than this puts nothing on the deal: the past needs no tasks.
FRESH = timedelta(days=1)


def of_stage(stage: Stage) -> QuerySet[PlaybookTask]:
    """The tasks of a stage, in order."""
    return PlaybookTask.objects.filter(stage=stage, retired_at=None).order_by("position", "pk")


def shaped_stages(workspace: Workspace) -> frozenset[int]:
    """The stages that put tasks on deals, or did so once."""
    tasks = PlaybookTask.objects.filter(workspace=workspace)
    return frozenset(tasks.values_list("stage_id", flat=True).distinct())


def add(stage: Stage, *, by: Member | None, **details: Any) -> PlaybookTask:
    """Add a task to the playbook of a stage of deals; deals that stand there already are left alone.

    Raises:
        RuleBroken: ``sales.playbook_stage``, ``sales.playbook_title``, ``sales.playbook_kind``,
            ``sales.playbook_days``, ``sales.playbook_member``, ``sales.playbook_amount``.
    """
    if stage.pipeline.kind != Kind.DEAL:
        raise RuleBroken("sales.playbook_stage", _("Only stages of deals have a playbook."))
    with transaction.atomic():
        task = PlaybookTask(
            workspace_id=stage.workspace_id, stage=stage, position=_next_position(stage)
        )
        _write(task, details)
        _record("playbook.added", task, by=by)
        return task


def change(task: PlaybookTask, *, by: Member | None, **details: Any) -> PlaybookTask:
    """Change a task; what it planned before stays as it is.

    Raises:
        RuleBroken: As :func:`add`.
    """
    with transaction.atomic():
        task = PlaybookTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        _write(task, details)
        _record("playbook.changed", task, by=by)
        return task


def arrange(stage: Stage, *, tasks: Sequence[PlaybookTask], by: Member | None) -> None:
    """Put the tasks of a stage into this order: so they are planned, and stand where they are due alike.

    Raises:
        RuleBroken: ``sales.playbook_order`` unless each task in use is named exactly once.
    """
    with transaction.atomic():
        in_use = {task.pk for task in of_stage(stage).select_for_update(no_key=True)}
        if in_use != {task.pk for task in tasks} or len(in_use) != len(tasks):
            raise RuleBroken(
                "sales.playbook_order",
                _("The tasks have changed meanwhile. Look again, then put them in order."),
            )
        for position, task in enumerate(tasks):
            PlaybookTask.objects.filter(pk=task.pk).update(position=position)
        audit.record(
            workspace_id=stage.workspace_id, by=by, action="playbook.arranged", target=stage
        )


def retire(task: PlaybookTask, *, by: Member | None) -> PlaybookTask:
    """Let a task be planned no more; what it planned stays. Safe to call twice; back by :func:`take_up`."""
    with transaction.atomic():
        task = PlaybookTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        if task.retired_at is None:
            task.retired_at = timezone.now()
            task.save(update_fields=["retired_at"])
            _record("playbook.retired", task, by=by)
        return task


def take_up(task: PlaybookTask, *, by: Member | None) -> PlaybookTask:
    """Plan a retired task again, as the last of its stage. Safe to call twice."""
    with transaction.atomic():
        task = PlaybookTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        if task.retired_at is not None:
            task.position, task.retired_at = _next_position(task.stage), None
            task.save(update_fields=["retired_at", "position"])
            _record("playbook.taken_up", task, by=by)
        return task


def enter(
    item: Item, *, to: Stage, origin: Stage | None, by: Member | None, at: datetime
) -> list[Activity]:
    """Play the stage that a deal entered: call off what ends with the one it left, and plan what it brings.

    What is planned already, or was done before, is not planned again; what was called off is. Nothing
    happens to what is no deal, and nothing for a move of long ago. Runs in the transaction of the move.
    """
    if item.kind != Kind.DEAL or dating.now() - at > FRESH:
        return []
    stages = [stage.pk for stage in (origin, to) if stage is not None]
    tasks = list(
        PlaybookTask.objects.filter(stage__in=stages)
        .select_related("member")
        .order_by("position", "pk")
    )
    if not tasks:
        return []
    played = _played(item)
    if origin is not None and origin.pk != to.pk:
        _call_off(tasks, played, stage=origin, by=by)
    deal = Deal.objects.select_related("item__owner__team__lead", "workspace").get(pk=item.pk)
    wanted = [
        task
        for task in tasks
        if task.stage_id == to.pk and task.retired_at is None and _applies(task, deal, played)
    ]
    return [_plan(task, deal, by=by, at=at, n=len(played.get(task.pk, []))) for task in wanted]


def _next_position(stage: Stage) -> int:
    last = of_stage(stage).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _played(item: Item) -> dict[int, list[Activity]]:
    found: dict[int, list[Activity]] = {}
    rows = PlayedTask.objects.filter(item=item).select_related("activity")
    for row in rows.order_by("pk"):
        found.setdefault(row.task_id, []).append(row.activity)
    return found


def _call_off(
    tasks: Iterable[PlaybookTask],
    played: Mapping[int, list[Activity]],
    *,
    stage: Stage,
    by: Member | None,
) -> None:
    for task in tasks:
        if task.stage_id == stage.pk and task.ends_with_stage:
            for activity in played.get(task.pk, []):
                if activity.is_planned:
                    activities.cancel(activity, by=by)


def _applies(task: PlaybookTask, deal: Deal, played: Mapping[int, list[Activity]]) -> bool:
    if any(activity.cancelled_at is None for activity in played.get(task.pk, [])):
        return False
    if task.least_amount is None:
        return True
    if deal.amount is None:
        return False
    workspace = deal.workspace
    exchange = Exchange(workspace, day=dating.today(workspace))
    rate = exchange.rate_of(Part(deal.currency, deal.amount))
    return rate is not None and deal.amount * rate >= task.least_amount


def _plan(task: PlaybookTask, deal: Deal, *, by: Member | None, at: datetime, n: int) -> Activity:
    activity = activities.plan(
        deal.item,
        kind=task.kind,
        due=_due(task, deal, at=at),
        by=by,
        subject=task.title,
        notes=task.link,
        owner=_owner(task, deal),
        source=SOURCE,
        source_key=f"{SOURCE}:{task.pk}:{deal.pk}:{n}",
    )
    PlayedTask.objects.create(
        workspace_id=deal.workspace_id, task=task, activity=activity, item=deal.item
    )
    return activity


def _due(task: PlaybookTask, deal: Deal, *, at: datetime) -> date:
    """Working days after the entry, or before the expected close where that is known; never in the past."""
    calendar, today = calendars.of(deal.workspace), dating.today(deal.workspace)
    if task.counted == Counted.CLOSE and deal.close_on is not None:
        return max(
            today, calendar.add_days(deal.close_on, -task.days) if task.days else deal.close_on
        )
    entered = at.astimezone(deal.workspace.zone).date()
    return max(today, calendar.add_days(entered, task.days))


def _owner(task: PlaybookTask, deal: Deal) -> Member | None:
    owner: Member | None = deal.item.owner
    named: Member | None = task.member
    if task.who == Who.MEMBER and named is not None and named.is_active:
        return named
    if task.who == Who.LEAD and owner is not None and owner.team is not None:
        lead: Member | None = owner.team.lead
        return lead or owner
    return owner


def _write(task: PlaybookTask, details: Mapping[str, Any]) -> None:
    unknown = set(details) - set(FIELDS)
    if unknown:
        raise ValueError(f"a task has no {', '.join(sorted(unknown))}")
    for name, value in details.items():
        setattr(task, name, value)
    task.title = task.title.strip()[:250]
    if task.who != Who.MEMBER:
        task.member = None
    if task.kind != Activity.ActivityKind.EMAIL:
        task.template = None
    _check(task)
    task.save()


def _check(task: PlaybookTask) -> None:
    broken = {
        "title": (not task.title, _("Say what is to be done.")),
        "kind": (
            task.kind not in Activity.ActivityKind.values or task.kind == "note",
            _("Choose one of the kinds offered."),
        ),
        "days": (
            not 0 <= task.days <= LONGEST_DAYS,
            _("Enter working days between 0 and 250."),
        ),
        "member": (
            task.who == Who.MEMBER and task.member is None,
            _("Choose the member who does it."),
        ),
        "amount": (
            task.least_amount is not None and task.least_amount < Decimal(0),
            _("Enter an amount of 0 or more."),
        ),
    }
    for name, (is_broken, text) in broken.items():
        if is_broken:
            field = "least_amount" if name == "amount" else name
            raise RuleBroken(f"sales.playbook_{name}", text, needs=[field])


def _record(action: str, task: PlaybookTask, *, by: Member | None) -> None:
    audit.record(workspace_id=task.workspace_id, by=by, action=action, target=task)
