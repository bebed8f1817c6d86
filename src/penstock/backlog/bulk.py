"""Writing many orders at once with their lines, ledger, work and end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from penstock.backlog.models import Entry, Line, Order, WorkItem
from penstock.base.money import ZERO, exact, net_value
from penstock.flow import bulk, pipelines
from penstock.flow.bulk import Batch, NewItem
from penstock.flow.models import Kind, Outcome, Pipeline, StageKind
from penstock.flow.values import Value

Verdict = Outcome.Verdict


@dataclass(slots=True)
class NewLine:
    """A line that is about to be written; ``hours`` are for all of it, None while unknown."""

    key: str
    title: str
    quantity: Decimal
    unit_price: Decimal
    discount_share: Decimal = Decimal(0)
    tax_share: Decimal = Decimal(0)
    hours: Decimal | None = None
    product_id: int | None = None
    sort: str = Line.Sort.GOODS
    extra: dict[str, Any] = field(default_factory=dict)
    pk: int = 0

    @property
    def value(self) -> Decimal:
        """What it is worth without tax."""
        return net_value(
            quantity=self.quantity, unit_price=self.unit_price, discount_share=self.discount_share
        )

    @property
    def booked_hours(self) -> Decimal | None:
        """Hours as the ledger books them; charges need none."""
        return ZERO if self.sort == Line.Sort.CHARGE else self.hours


@dataclass(slots=True)
class NewOrder:
    """An order that is about to be written, with its lines and its end if it has one."""

    key: str
    title: str
    accepted_at: datetime
    currency: str
    company_id: int | None = None
    owner_id: int | None = None
    reference: str = ""
    requested_on: date | None = None
    promised_on: date | None = None
    verdict: str = ""
    closed_at: datetime | None = None
    lines: list[NewLine] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    pk: int = 0


@dataclass(frozen=True, slots=True)
class LinesOf:
    """Lines for an order that is there: where they begin, and how the order stands."""

    order_id: int
    key: str
    accepted_at: datetime
    verdict: str
    closed_at: datetime | None
    first_position: int
    lines: Sequence[NewLine]


def place_orders(rows: Sequence[NewOrder], *, batch: Batch) -> None:
    """Write orders as placing, fulfilling and cancelling them one by one would; fills in every ``pk``."""
    pipeline = pipelines.default_for(batch.workspace_id, kind=Kind.ORDER)
    stages = _codes(pipeline)
    news = [_order_item(row, pipeline, stages) for row in rows]
    bulk.open_items(news, kind=Kind.ORDER, batch=batch)
    for row, item in zip(rows, news, strict=True):
        row.pk = item.pk
    bulk.insert(Order, _ORDER, (_order(row, batch.workspace_id) for row in rows))
    add_lines(
        [
            LinesOf(row.pk, row.key, row.accepted_at, row.verdict, row.closed_at, 1, row.lines)
            for row in rows
        ],
        batch=batch,
    )


def add_lines(orders: Sequence[LinesOf], *, batch: Batch) -> None:
    """Write lines of orders that are there, with ledger entries and work that fit how each order stands."""
    lines = [line for order in orders for line in order.lines]
    for line, pk in zip(lines, bulk.take_ids(Line, len(lines)), strict=True):
        line.pk = pk
    bulk.insert(Line, _LINE, [row for order in orders for row in _lines(order, batch)])
    bulk.insert(Entry, _ENTRY, [row for order in orders for row in _entries(order, batch)])
    _open_work(orders, batch=batch)


def make_ready(rows: Sequence[tuple[int, str, datetime]], *, batch: Batch) -> None:
    """Move open orders, all hours of which are known, to ready: order id, key, when."""
    pipeline = pipelines.default_for(batch.workspace_id, kind=Kind.ORDER)
    stage_id = _codes(pipeline)["ready"]
    bulk.enter_stages(
        [(pk, stage_id, at, batch.key(key, "ready", batch.number)) for pk, key, at in rows],
        batch=batch,
    )
    bulk.settle([pk for pk, _key, _at in rows])


def void(batch: int, *, workspace_id: int) -> set[int]:
    """Void the ledger entries that an import wrote on orders which it did not place.

    Lines keep the sum of what still counts; lines that it added are left with nothing.

    Returns:
        The orders and the work behind their lines whose rows were voided.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VOID, [batch, batch])
        orders = {row[0] for row in cursor.fetchall()}
        cursor.execute(_REMAINDERS, [list(orders)])
    Order.objects.filter(pk__in=orders, item__outcome="fulfilled").update(fulfilled_at=None)
    works = WorkItem.objects.filter(workspace_id=workspace_id, line__order_id__in=orders)
    return orders | set(works.values_list("item_id", flat=True))


_VOID = """
    INSERT INTO backlog_entry (workspace_id, order_id, line_id, kind, quantity, value, hours, reason, occurred_at,
                               known_at, is_assumed, is_void, supersedes_id, batch)
    SELECT e.workspace_id, e.order_id, e.line_id, e.kind, e.quantity, e.value, e.hours, '', e.occurred_at,
           e.known_at, true, true, e.id, e.batch
    FROM backlog_entry e JOIN flow_item i ON i.id = e.order_id
    WHERE e.batch = %s AND i.batch IS DISTINCT FROM %s AND NOT e.is_void
      AND NOT EXISTS (SELECT 1 FROM backlog_entry n WHERE n.workspace_id = e.workspace_id AND n.supersedes_id = e.id)
    RETURNING order_id"""
_REMAINDERS = """
    UPDATE backlog_line l SET
        ordered_quantity = said.ordered, remaining_quantity = said.quantity, remaining_value = said.value,
        remaining_hours = said.hours
    FROM (
        SELECT o.id,
            coalesce(sum(e.quantity) FILTER (WHERE e.kind IN ('accepted', 'amended', 'moved')), 0) AS ordered,
            coalesce(sum(e.quantity), 0) AS quantity, coalesce(sum(e.value), 0) AS value, sum(e.hours) AS hours
        FROM backlog_line o LEFT JOIN backlog_entry e
            ON e.workspace_id = o.workspace_id AND e.line_id = o.id AND NOT e.is_void
            AND NOT EXISTS (SELECT 1 FROM backlog_entry n
                            WHERE n.workspace_id = e.workspace_id AND n.supersedes_id = e.id)
        WHERE o.order_id = ANY(%s) GROUP BY o.id
    ) said
    WHERE l.id = said.id"""


def _open_work(orders: Sequence[LinesOf], *, batch: Batch) -> None:
    pairs = [
        (order, line) for order in orders for line in order.lines if line.sort == Line.Sort.GOODS
    ]
    if not pairs:
        return
    pipeline = pipelines.default_for(batch.workspace_id, kind=Kind.WORK)
    stages = _codes(pipeline)
    items = [_work_item(order, line, pipeline, stages) for order, line in pairs]
    bulk.open_items(items, kind=Kind.WORK, batch=batch)
    bulk.insert(
        WorkItem,
        ("item_id", "workspace_id", "line_id"),
        (
            (item.pk, batch.workspace_id, line.pk)
            for item, (_order, line) in zip(items, pairs, strict=True)
        ),
    )


def _codes(pipeline: Pipeline) -> dict[str, int]:
    """The stages of the usual codes, or where people shaped them anew the first in use of the same kind."""
    stages = list(pipeline.stages.filter(retired_at=None).order_by("position", "id"))
    by_kind = {stage.kind: stage.pk for stage in reversed(stages)}
    usual = {code: by_kind.get(kind, stages[0].pk) for code, kind in _KINDS.items()}
    return usual | {stage.code: stage.pk for stage in stages}


def _order_item(row: NewOrder, pipeline: Pipeline, stages: dict[str, int]) -> NewItem:
    item = NewItem(
        title=row.title,
        key=row.key,
        opened_at=row.accepted_at,
        stage_id=stages["accepted"],
        pipeline_id=pipeline.pk,
        owner_id=row.owner_id,
        values=_dates(row),
        verdict=row.verdict,
        decided_at=row.closed_at,
    )
    is_ready = bool(row.lines) and all(line.booked_hours is not None for line in row.lines)
    if is_ready:
        item.moves.append((stages["ready"], row.accepted_at))
    if row.verdict and row.closed_at:
        item.moves.append((stages["done"], row.closed_at))
    return item


def _dates(row: NewOrder) -> dict[str, Value]:
    return {"requested_on": row.requested_on, "promised_on": row.promised_on}


def _work_item(
    order: LinesOf, line: NewLine, pipeline: Pipeline, stages: dict[str, int]
) -> NewItem:
    item = NewItem(
        title=line.title,
        key=f"{order.key}/{line.key}:work",
        opened_at=order.accepted_at,
        stage_id=stages["to_do"],
        pipeline_id=pipeline.pk,
    )
    if order.verdict and order.closed_at:
        is_done = order.verdict == Verdict.FULFILLED
        item.verdict = str(Verdict.COMPLETED if is_done else Verdict.DROPPED)
        item.decided_at = order.closed_at
        if is_done:
            item.moves.append((stages["done"], order.closed_at))
    return item


_KINDS = {
    "accepted": StageKind.QUEUE,
    "ready": StageKind.QUEUE,
    "to_do": StageKind.QUEUE,
    "in_work": StageKind.WORK,
    "done": StageKind.DONE,
}
_ORDER = (
    "item_id",
    "workspace_id",
    "company_id",
    "reference",
    "currency",
    "accepted_at",
    "requested_on",
    "promised_on",
    "fulfilled_at",
    "extra",
)
_LINE = (
    "id",
    "workspace_id",
    "order_id",
    "position",
    "sort",
    "title",
    "product_id",
    "unit",
    "unit_price",
    "discount_share",
    "tax_share",
    "ordered_quantity",
    "remaining_quantity",
    "remaining_value",
    "remaining_hours",
    "batch",
    "extra",
)
_ENTRY = (
    "workspace_id",
    "order_id",
    "line_id",
    "kind",
    "quantity",
    "value",
    "hours",
    "reason",
    "occurred_at",
    "known_at",
    "is_assumed",
    "is_void",
    "source_key",
    "batch",
)


def _order(row: NewOrder, workspace_id: int) -> tuple[Any, ...]:
    return (
        row.pk,
        workspace_id,
        row.company_id,
        row.reference[:120],
        row.currency,
        row.accepted_at,
        row.requested_on,
        row.promised_on,
        row.closed_at if row.verdict == Verdict.FULFILLED else None,
        json.dumps(row.extra, ensure_ascii=False),
    )


def _lines(order: LinesOf, batch: Batch) -> list[tuple[Any, ...]]:
    is_open = not order.verdict
    return [
        (
            line.pk,
            batch.workspace_id,
            order.order_id,
            position,
            str(line.sort),
            line.title.strip()[:250],
            line.product_id,
            "",
            exact(line.unit_price),
            line.discount_share,
            line.tax_share,
            line.quantity,
            line.quantity if is_open else ZERO,
            line.value if is_open else ZERO,
            None if line.booked_hours is None else line.booked_hours if is_open else ZERO,
            batch.number,
            json.dumps(line.extra, ensure_ascii=False),
        )
        for position, line in enumerate(order.lines, start=order.first_position)
    ]


def _entries(order: LinesOf, batch: Batch) -> list[tuple[Any, ...]]:
    rows = []
    for line in order.lines:
        rows.append(_entry(order, line, "accepted", 1, order.accepted_at, batch))
        if order.verdict and order.closed_at:
            kind = "fulfilled" if order.verdict == Verdict.FULFILLED else "cancelled"
            rows.append(_entry(order, line, kind, -1, order.closed_at, batch))
    return rows


def _entry(
    order: LinesOf, line: NewLine, kind: str, sign: int, at: datetime, batch: Batch
) -> tuple[Any, ...]:
    hours = line.booked_hours
    return (
        batch.workspace_id,
        order.order_id,
        line.pk,
        kind,
        sign * line.quantity,
        sign * line.value,
        None if hours is None else sign * hours,
        "",
        at,
        at,
        batch.is_assumed,
        False,
        batch.key(order.key, line.key, kind),
        batch.number,
    )
