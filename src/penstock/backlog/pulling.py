"""“Give me my next task”: the first work that can be done, taken by one person and no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.backlog import priorities, standing
from penstock.backlog.models import Dependency, QueueRule, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import changes, gates, items, limits, moves
from penstock.flow.dating import When, when
from penstock.flow.models import Item, Kind, Stage, StageKind, Transition
from penstock.users.models import Member, Team

#: Whoever loses so many races in a row is told to try again.
MOST_TRIES = 100
OVER_LIMIT = "wip_limit"


@dataclass(frozen=True, slots=True)
class Pulled:
    """Work that was taken, and the move by which it was."""

    work: WorkItem
    row: Transition


def workable(
    member: Member, *, team: Team | None = None, policy: str | None = None
) -> QuerySet[WorkItem]:
    """Work that waits and can be begun by somebody, the first to do first.

    It stands in a stage where work waits; nobody else has it; neither it nor its order is held;
    something of its line is owed; all that must be done before is done. With a team: that team's work,
    and work of no team. Without a policy it is the workspace's.
    """
    chosen = policy or QueueRule.of(member.workspace_id).policy
    found = WorkItem.objects.filter(
        workspace_id=member.workspace_id,
        item__kind=Kind.WORK,
        item__withdrawn_at=None,
        item__outcome="",
        item__is_blocked=False,
        item__stage__kind=StageKind.QUEUE,
    ).filter(Q(item__owner=None) | Q(item__owner=member))
    owed = Q(line__remaining_quantity__gt=0, line__order__item__is_blocked=False)
    found = found.filter(Q(line=None) | owed)
    if team is not None:
        found = found.filter(Q(team=None) | Q(team=team))
    first = priorities.order_by(chosen, of="line__order__")
    return found.filter(~Exists(unfinished(OuterRef("pk")))).order_by(
        *first, F("line__position").asc(nulls_last=True), "item__opened_at", "pk"
    )


def unfinished(work: Any) -> QuerySet[Dependency]:
    """What must be done before some work, and is not."""
    waits = Dependency.objects.filter(after=work, before__item__withdrawn_at=None)
    return waits.filter(before__item__outcome="").exclude(before__item__stage__kind=StageKind.DONE)


def pull(
    member: Member,
    *,
    team: Team | None = None,
    policy: str | None = None,
    despite: str = "",
    at: datetime | None = None,
) -> Pulled | None:
    """Take the first workable item: it gets an owner and enters the first stage of work.

    Two people never get the same one: each locks a candidate that no other has locked, and looks again
    once it holds it. With a reason a full stage is passed; that is kept as an override.

    Returns:
        What was taken; None when nothing can be begun.

    Raises:
        RuleBroken: ``flow.wip_limit`` when the stage is full and no reason is given, ``flow.gate``;
            ``backlog.no_work_stage`` where the pipeline has no stage of work.
    """
    lost: set[int] = set()
    for _try in range(MOST_TRIES):
        with transaction.atomic():
            work = _claim(workable(member, team=team, policy=policy).exclude(pk__in=lost))
            if work is None:
                return None
            if workable(member, team=team, policy=policy).filter(pk=work.pk).exists():
                return _take(work, member=member, despite=despite, at=at)
        # Somebody was quicker, between the look at it and the lock.
        lost.add(work.pk)
    return None


def put_back(work: WorkItem, *, by: Member | None) -> Transition | None:
    """Let work wait again for whoever comes next; work that waits already stays as it is.

    Raises:
        RuleBroken: ``flow.closed``.
    """
    with transaction.atomic():
        order_item = items.lock(work.line.order_id) if work.line else None
        item = items.lock(work.item_id)
        if item.stage.kind == StageKind.QUEUE:
            _own(item, None, by=by, times=when(None))
            return None
        row = moves.move(item, to=items.first_stage(item.pipeline), by=by)
        _own(item, None, by=by, times=when(None))
        if order_item is not None:
            standing.settle(order_item, by=by, times=when(None))
        return row


def _claim(candidates: QuerySet[WorkItem]) -> WorkItem | None:
    """The first candidate that nobody else is taking, locked; then its order and item, as every verb does."""
    free = candidates.select_for_update(of=("self",), no_key=True, skip_locked=True)
    work = free.select_related("line").first()
    if work is not None:
        if work.line is not None:
            items.lock(work.line.order_id)
        items.lock(work.item_id)
    return work


def _take(work: WorkItem, *, member: Member, despite: str, at: datetime | None) -> Pulled:
    item = items.lock(work.item_id)
    to = _stage_of_work(item)
    times = when(at, not_before=item.entered_at)
    lacking = gates.check(item, to=to, despite=despite)
    lacking += _over_limit(to, despite=despite)
    _own(item, member, by=member, times=times)
    row = moves.enter_stage(item, to=to, by=member, times=times)
    gates.remember(row, lacking, despite=despite)
    if work.line is not None:
        standing.settle(items.lock(work.line.order_id), by=member, times=times)
    return Pulled(work=WorkItem.objects.select_related("item__stage").get(pk=work.pk), row=row)


def _over_limit(to: Stage, *, despite: str) -> list[str]:
    """Refuse one more in a full stage, or say that a reason passes it."""
    try:
        limits.check(to)
    except RuleBroken:
        if not despite.strip():
            raise
        return [OVER_LIMIT]
    return []


def _stage_of_work(item: Item) -> Stage:
    stages = item.pipeline.stages.filter(kind=StageKind.WORK, retired_at=None)
    found: Stage | None = (
        stages.filter(position__gt=item.stage.position).order_by("position", "pk").first()
    )
    if found is None:
        raise RuleBroken(
            "backlog.no_work_stage",
            _("This pipeline has no stage in which work is done. Add one in the settings first."),
        )
    return items.hold_stage(found, pipeline_id=item.pipeline_id)


def _own(item: Item, owner: Member | None, *, by: Member | None, times: When) -> None:
    if item.owner_id != (owner.pk if owner else None):
        item.owner = owner
        items.write(item, "owner_id")
        changes.record(item, values={"owner": owner.pk if owner else None}, by=by, times=times)
