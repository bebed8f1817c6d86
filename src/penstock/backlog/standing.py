"""Where an order stands, derived from its ledger and its work; nobody types it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Entry, Line, Order, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import blockers, bus, items, moves, outcomes
from penstock.flow.dating import When
from penstock.flow.models import Item, Outcome, Stage, StageKind
from penstock.users.models import Member

Verdict = Outcome.Verdict
DELIVERED = (Entry.Kind.FULFILLED, Entry.Kind.REVERSED, Entry.Kind.RETURNED)
CANCELLED = (Entry.Kind.CANCELLED, Entry.Kind.REINSTATED)
_IS_UNKNOWN = Q(remaining_hours=None, remaining_quantity__gt=0, sort=Line.Sort.GOODS)
_KINDS = {
    "accepted": StageKind.QUEUE,
    "ready": StageKind.QUEUE,
    "to_do": StageKind.QUEUE,
    "in_work": StageKind.WORK,
    "done": StageKind.DONE,
}


@dataclass(frozen=True, slots=True)
class OrderFulfilled:
    """Nothing of an order remains, and at least a part of it was delivered."""

    item: Item
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderUnfulfilled:
    """Something of a fulfilled order came back, or its delivery was taken back."""

    item: Item
    by: Member | None
    at: datetime


def counting(entries: QuerySet[Entry], *, known: datetime | None = None) -> QuerySet[Entry]:
    """The entries that count: known, not void, and superseded by none that is known."""
    later = Entry.objects.filter(supersedes=OuterRef("pk"))
    if known is not None:
        later, entries = later.filter(known_at__lt=known), entries.filter(known_at__lt=known)
    return entries.filter(~Exists(later), is_void=False)


def settle(item: Item, *, by: Member | None, times: When) -> None:
    """Derive stage and outcome of a locked order from its ledger and its work.

    Nothing remaining: done, fulfilled if any part was, merged if all went elsewhere, else cancelled.
    Work begun or a part delivered: in work. Hours known for all that remains: ready. Otherwise:
    accepted.
    """
    facts = _facts(item)
    # A fact that came late cannot put the order back to where it stood then: its end is the end of
    # its last part.
    times = _not_before(times, item.entered_at, facts.last_at)
    before = item.outcome
    if facts.verdict != before:
        outcomes.decide(item, verdict=facts.verdict or Verdict.OPEN, by=by, times=times)
        _remember_fulfilment(item, verdict=facts.verdict, times=times)
    if not item.is_open:
        blockers.end(item, by=by, times=times)
    _close_work(item, by=by, times=times)
    code = _code(item, facts)
    if item.stage.code != code and (target := _stage(item, code=code)).pk != item.stage_id:
        moves.enter_stage(item, to=target, by=by, times=times)
    else:
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    _tell(item, before=before, by=by, at=times.occurred_at)


def _tell(item: Item, *, before: str, by: Member | None, at: datetime) -> None:
    """Once the order and its work stand where they belong: what follows may look at them."""
    if item.outcome == before:
        return
    if item.outcome == Verdict.FULFILLED:
        bus.tell(OrderFulfilled(item=item, by=by, at=at))
    elif before == Verdict.FULFILLED:
        bus.tell(OrderUnfulfilled(item=item, by=by, at=at))


def has_delivered(item: Item) -> bool:
    """Whether any part of an order was delivered and not taken back."""
    return _facts(item).has_delivered


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is left of an order, and whether anything of it was delivered."""

    is_left: bool
    is_unknown: bool
    has_delivered: bool
    has_moved: bool
    last_at: datetime | None

    @property
    def verdict(self) -> str:
        if self.is_left:
            return ""
        if self.has_delivered:
            return Verdict.FULFILLED
        return Verdict.MERGED if self.has_moved else Verdict.CANCELLED


def _facts(item: Item) -> _Facts:
    lines = Line.objects.filter(order_id=item.pk).aggregate(
        remaining=Sum("remaining_quantity"),
        n_unknown=Count("pk", filter=_IS_UNKNOWN),
    )
    entries = counting(Entry.objects.filter(order_id=item.pk)).aggregate(
        delivered=Sum("quantity", filter=Q(kind__in=DELIVERED)),
        moved=Sum("quantity", filter=Q(kind=Entry.Kind.MOVED)),
        cancelled=Sum("quantity", filter=Q(kind__in=CANCELLED)),
        last_at=Max("occurred_at"),
    )
    return _Facts(
        is_left=bool(lines["remaining"]),
        is_unknown=bool(lines["n_unknown"]),
        has_delivered=bool(entries["delivered"]),
        # All of it went into another order; with a part cancelled it is a cancelled one.
        has_moved=(entries["moved"] or 0) < 0 and not entries["cancelled"],
        last_at=entries["last_at"],
    )


def _code(item: Item, facts: _Facts) -> str:
    if not facts.is_left:
        return "done"
    if facts.has_delivered or _has_begun(item):
        return "in_work"
    return "accepted" if facts.is_unknown else "ready"


def _has_begun(item: Item) -> bool:
    return (
        WorkItem.objects.filter(
            line__order_id=item.pk,
            item__stage__kind__in=(StageKind.WORK, StageKind.DONE),
            item__withdrawn_at=None,
        )
        .exclude(item__outcome=Verdict.DROPPED)
        .exists()
    )


def _stage(item: Item, *, code: str) -> Stage:
    """The stage of a code, or the first in use of its kind where people shaped it anew."""
    stages: list[Stage] = list(item.pipeline.stages.order_by("position", "id"))
    named = [stage for stage in stages if stage.code == code]
    alike = [stage for stage in stages if stage.kind == _KINDS[code]]
    for stage in (*named, *alike):
        if stage.retired_at is None:
            return stage
    raise RuleBroken(
        "backlog.no_stage",
        _("This pipeline has no stage for what waits, is in work or is done. Add it first."),
    )


def _remember_fulfilment(item: Item, *, verdict: str, times: When) -> None:
    Order.objects.filter(pk=item.pk).update(
        fulfilled_at=times.occurred_at if verdict == Verdict.FULFILLED else None
    )


def _close_work(item: Item, *, by: Member | None, times: When) -> None:
    """Complete or drop the work of lines with nothing left; reopen that of lines back."""
    changed = WorkItem.objects.filter(line__order_id=item.pk, item__withdrawn_at=None).filter(
        Q(item__outcome="", line__remaining_quantity=0)
        | (~Q(item__outcome="") & Q(line__remaining_quantity__gt=0))
    )
    for work in changed.order_by("pk"):
        locked = items.lock(work.item_id)
        verdict = _work_verdict(work) if locked.is_open else Verdict.OPEN
        then = _not_before(times, locked.entered_at, locked.decided_at)
        outcomes.decide(locked, verdict=verdict, by=by, times=then)
        if not locked.is_open:
            blockers.end(locked, by=by, times=then)
        target = _stage(locked, code="to_do" if verdict == Verdict.OPEN else "done")
        if verdict != Verdict.DROPPED and target.pk != locked.stage_id:
            moves.enter_stage(locked, to=target, by=by, times=then)


def _work_verdict(work: WorkItem) -> Outcome.Verdict:
    delivered = counting(
        Entry.objects.filter(line_id=work.line_id or 0, kind__in=DELIVERED)
    ).aggregate(n=Sum("quantity"))
    return Verdict.COMPLETED if delivered["n"] else Verdict.DROPPED


def _not_before(times: When, *moments: datetime | None) -> When:
    then = max([times.occurred_at, *(moment for moment in moments if moment is not None)])
    return replace(times, occurred_at=then, known_at=max(times.known_at, then))
