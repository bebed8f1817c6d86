"""Work items in their simplest form: one per line of goods, moved on a board of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from penstock.backlog import standing
from penstock.backlog.models import Line, Order, WorkItem
from penstock.flow import items, moves, pipelines
from penstock.flow.dating import when
from penstock.flow.models import Kind, Stage, Transition
from penstock.users.models import Member


def open_for(line: Line, *, by: Member | None, at: datetime | None = None) -> WorkItem:
    """Open the work behind a line, waiting in the first stage of the work pipeline."""
    with transaction.atomic():
        pipeline = pipelines.default_for(line.workspace_id, kind=Kind.WORK)
        item = items.open_item(pipeline=pipeline, title=line.title, by=by, times=when(at))
        return WorkItem.objects.create(workspace_id=line.workspace_id, item=item, line=line)


def of(line: Line) -> WorkItem | None:
    """The work behind a line, on which it is held and dated; a charge has none."""
    found = WorkItem.objects.filter(line=line, item__withdrawn_at=None)
    return found.select_related("item__workspace").order_by("pk").first()


def move(
    work: WorkItem,
    *,
    to: Stage,
    by: Member | None,
    at: datetime | None = None,
    seen: int | None = None,
) -> Transition:
    """Move work to another stage; its order's standing follows."""
    with transaction.atomic():
        order_id = work.line.order_id if work.line else None
        # The order is locked before its work, here and in the ledger, so that the two never wait
        # for each other.
        order_item = items.lock(order_id) if order_id else None
        row = moves.move(work.item, to=to, by=by, at=at, seen=seen)
        if order_item is not None and Order.objects.filter(pk=order_item.pk).exists():
            standing.settle(order_item, by=by, times=when(at))
        return row
