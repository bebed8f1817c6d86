"""Where an order stands, derived from its ledger and its work; nobody types it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Entry, Line, Order, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import bus, items, moves, outcomes
from penstock.flow.dating import When
from penstock.flow.models import Item, Outcome, Stage
from penstock.users.models import Member

Verdict = Outcome.Verdict


def counting(entries: QuerySet[Entry], *, known: datetime | None = None) -> QuerySet[Entry]:
    """The entries that count: known, not void, and superseded by none that is known."""
    later = Entry.objects.filter(supersedes=OuterRef("pk"))
    if known is not None:
        later, entries = later.filter(known_at__lt=known), entries.filter(known_at__lt=known)
    return entries.filter(~Exists(later), is_void=False)


def settle(item: Item, *, by: Member | None, times: When) -> None:
    """Move a locked order to the stage that follows from its ledger and work, and write or lift its outcome.

    Nothing remaining: done, fulfilled if any part was, else cancelled. Work begun or a part delivered: in work. Hours
    known for all that remains: ready. Otherwise: accepted.
    """
    facts = _facts(item)
    verdict = _verdict(item, facts)
    if verdict != item.outcome:
        outcomes.decide(item, verdict=verdict or Verdict.OPEN, by=by, times=times)
        _remember_fulfilment(item, verdict=verdict, times=times)
    item = items.lock(item.pk)
    target = _stage(item, code=_code(item, facts, verdict))
    if target.pk != item.stage_id:
        moves.enter_stage(item, to=target, by=by, times=times)
    else:
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[target.pk])
    _close_work(item, by=by, times=times)


def _facts(item: Item) -> dict[str, object]:
    return Line.objects.filter(order_id=item.pk).aggregate(
        remaining=Sum("remaining_quantity"),
        n_unknown=Count(
            "pk", filter=Q(remaining_hours=None, remaining_quantity__gt=0, sort=Line.Sort.GOODS)
        ),
    )


def _verdict(item: Item, facts: dict[str, object]) -> str:
    if facts["remaining"]:
        return ""
    return Verdict.FULFILLED if _has_delivered(item) else Verdict.CANCELLED


def _has_delivered(item: Item) -> bool:
    kinds = (Entry.Kind.FULFILLED, Entry.Kind.REVERSED, Entry.Kind.RETURNED)
    total = counting(Entry.objects.filter(order_id=item.pk, kind__in=kinds)).aggregate(
        n=Sum("quantity")
    )
    return bool(total["n"])


def _code(item: Item, facts: dict[str, object], verdict: str) -> str:
    if verdict:
        return "done"
    has_begun = WorkItem.objects.filter(
        line__order_id=item.pk, item__stage__kind__in=("work", "done"), item__withdrawn_at=None
    ).exclude(item__outcome=Verdict.DROPPED)
    if has_begun.exists() or _has_delivered(item):
        return "in_work"
    return "accepted" if facts["n_unknown"] else "ready"


def _stage(item: Item, *, code: str) -> Stage:
    stage = item.pipeline.stages.filter(code=code).first()
    if stage is None:
        raise RuleBroken(
            "backlog.no_stage",
            _("The order pipeline lacks its stage “%(code)s”. Add it in the settings.")
            % {"code": code},
        )
    return stage


def _remember_fulfilment(item: Item, *, verdict: str, times: When) -> None:
    Order.objects.filter(pk=item.pk).update(
        fulfilled_at=times.occurred_at if verdict == Verdict.FULFILLED else None
    )


def _close_work(item: Item, *, by: Member | None, times: When) -> None:
    """Complete or drop the work of lines with nothing left, and reopen that of lines that came back."""
    works = WorkItem.objects.filter(line__order_id=item.pk).select_related("line", "item__pipeline")
    for work in works:
        is_left = work.line is not None and work.line.remaining_quantity > 0
        if work.item.is_open == is_left:
            continue
        locked = items.lock(work.item_id)
        verdict = Verdict.OPEN if is_left else _work_verdict(work)
        outcomes.decide(locked, verdict=verdict, by=by, times=times)
        target = _stage(locked, code="to_do" if is_left else "done")
        if verdict != Verdict.DROPPED and target.pk != locked.stage_id:
            moves.enter_stage(items.lock(work.item_id), to=target, by=by, times=times)


def _work_verdict(work: WorkItem) -> str:
    delivered = counting(
        Entry.objects.filter(line_id=work.line_id, kind__in=("fulfilled", "reversed", "returned"))
    ).aggregate(n=Sum("quantity"))
    return Verdict.COMPLETED if delivered["n"] else Verdict.DROPPED
