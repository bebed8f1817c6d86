"""What a file says anew about orders that are here already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from penstock.backlog import orders
from penstock.backlog.bulk import LinesOf
from penstock.backlog.dates import Why
from penstock.backlog.models import Line, Order
from penstock.base.errors import PenstockError
from penstock.flow import bulk
from penstock.intake.models import Verdict
from penstock.intake.nouns import order_lines
from penstock.intake.nouns.order_fields import SAYS_LINE
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run

if TYPE_CHECKING:
    from penstock.intake.nouns.orders import Standing

DATES = ("requested_on", "promised_on")


def update(run: Run, order_id: int, group: Group, standing: Standing) -> list[Ruling]:
    """Write what differs: dates, new lines, changed lines, the end."""
    order = (
        Order.objects.select_related("item").filter(pk=order_id, item__withdrawn_at=None).first()
    )
    if order is None:
        return [reject(row, "gone") for row in group.rows]
    try:
        with transaction.atomic():
            changed = _header(run, order, group)
            line_rulings = _lines(run, order, group)
            changed += _end(run, order, group, standing)
    except PenstockError as error:
        return [reject(row, error.code, message=error.message) for row in group.rows]
    return [_merged(ruling, changed, order) for ruling in line_rulings]


def _merged(ruling: Ruling, changed: list[str], order: Order) -> Ruling:
    ruling.target_kind, ruling.target_id = "order", order.pk
    if changed and ruling.verdict == Verdict.SAME:
        ruling.verdict, ruling.params = Verdict.UPDATE, {"fields": changed}
    return ruling


def _header(run: Run, order: Order, group: Group) -> list[str]:
    row = group.first
    dates: dict[str, Any] = {
        name: row.get(name)
        for name in DATES
        if row.has(name) and row.get(name) != getattr(order, name)
    }
    if dates:
        orders.change_dates(order, by=run.by, why=Why("system"), **dates)
    return list(dates)


def _lines(run: Run, order: Order, group: Group) -> list[Ruling]:
    rulings, good = order_lines.sift(run, group)
    if not any(row.has(name) for row in group.rows for name in SAYS_LINE):
        return [same(row, order.pk) for row in group.rows]
    known = run.known([order_lines.line_id(group.key, key) for key in good], noun="order_lines")
    fresh = []
    for key, row in good.items():
        pk = known.get(order_lines.line_id(group.key, key))
        if pk:
            rulings.append(order_lines.update_line(run, Line.objects.get(pk=pk), row))
        else:
            rulings.append(Ruling(row, Verdict.CREATE))
            fresh += order_lines.new_lines(run, key, row)
    if fresh and order.accepted_at:
        item, position = order.item, order.lines.count() + 1
        addition = LinesOf(
            order.pk, group.key, order.accepted_at, item.outcome, item.decided_at, position, fresh
        )
        order_lines.write_lines(run, [addition])
    return rulings


def _end(run: Run, order: Order, group: Group, standing: Standing) -> list[str]:
    item = order.item
    if not standing.verdict or standing.closed_at is None or item.outcome == standing.verdict:
        return []
    if item.outcome:
        return []
    if not order.lines.exists():
        key = run.batch.key(group.key, "end", run.batch.number)
        bulk.decide([(order.pk, standing.verdict, standing.closed_at, None, key)], batch=run.batch)
        bulk.settle([order.pk])
    elif standing.verdict == "fulfilled":
        orders.fulfil_all(order, by=run.by, at=standing.closed_at)
    else:
        orders.cancel_rest(order, reason="imported", by=run.by, at=standing.closed_at)
    return ["status"]
