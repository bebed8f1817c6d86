"""Opening and closing many deals at once, with their whole past."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from penstock.flow import bulk
from penstock.flow.bulk import Batch, NewItem
from penstock.flow.models import Kind
from penstock.flow.values import Value
from penstock.sales import closings, deals
from penstock.sales.models import Deal


@dataclass(slots=True)
class NewDeal:
    """A deal that is about to be written, with its end if it has one."""

    item: NewItem
    currency: str
    company_id: int | None = None
    product_id: int | None = None
    amount: Decimal | None = None
    close_on: date | None = None
    channel: str = ""
    qualified_at: datetime | None = None
    closed_amount: Decimal | None = None
    changes: list[tuple[str, Value, datetime]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a deal ended: won or lost, when, why, for how much; and where it goes."""

    deal_id: int
    key: str
    verdict: str
    at: datetime
    reason_id: int | None = None
    amount: Decimal | None = None
    follow_up_id: int | None = None
    entered_at: datetime | None = None
    is_lead: bool = False


def open_deals(rows: Sequence[NewDeal], *, currency: str, batch: Batch) -> None:
    """Write deals with items, transitions, field changes and outcomes, as the single verbs would.

    Imported history places no orders: that was done, or not, when it happened.

    Args:
        rows: What to write; each item's ``pk`` is filled in.
        currency: The workspace's, which needs no field change.
        batch: Workspace, change set and source.

    Raises:
        RuleBroken: Those of :func:`penstock.sales.deals.checked`.
    """
    for row in rows:
        row.item.values.update(_values(row, currency))
    bulk.open_items([row.item for row in rows], kind=Kind.DEAL, batch=batch)
    bulk.insert(Deal, _DEAL, (_deal(row, batch.workspace_id) for row in rows))
    bulk.change_fields(
        [change for row in rows for change in _later_values(row, batch)], batch=batch
    )


def close(rows: Sequence[Closing], *, batch: Batch) -> None:
    """Close deals that are here already; each stays where it died, or goes to follow-up when it was won."""
    bulk.enter_stages(
        [
            (
                row.deal_id,
                row.follow_up_id,
                max(row.at, row.entered_at or row.at),
                batch.key(row.key, "follow_up", batch.number),
            )
            for row in rows
            if row.follow_up_id
        ],
        batch=batch,
    )
    bulk.decide(
        [
            (
                row.deal_id,
                row.verdict,
                row.at,
                row.reason_id,
                batch.key(row.key, "end", batch.number),
            )
            for row in rows
        ],
        batch=batch,
    )
    bulk.change_fields([change for row in rows for change in _closing_values(row)], batch=batch)
    bulk.settle([row.deal_id for row in rows])
    for row in rows:
        values: dict[str, Any] = {} if row.amount is None else {"amount": row.amount}
        if row.is_lead and row.verdict == "won":
            values["qualified_at"] = row.at
        if values:
            Deal.objects.filter(pk=row.deal_id).update(**values)


def settle(deal_ids: Sequence[int]) -> None:
    """Make the values kept on deals equal to the last word of their field changes."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [list(deal_ids)])


_SETTLE = """
    UPDATE sales_deal SET
        amount = (said.values->>'amount')::numeric,
        currency = coalesce(said.values->>'currency', w.currency),
        company_id = (said.values->>'company')::bigint,
        product_id = (said.values->>'product')::bigint,
        close_on = (said.values->>'close_on')::date,
        channel = coalesce(said.values->>'channel', ''),
        qualified_at = CASE WHEN said.values->>'qualified' = 'yes' THEN coalesce(qualified_at, now()) END
    FROM (
        SELECT d.id AS item_id, coalesce(jsonb_object_agg(last.field, last.value)
                                         FILTER (WHERE last.field IS NOT NULL), '{}') AS values
        FROM unnest(%s::bigint[]) AS d (id) LEFT JOIN LATERAL (
            SELECT DISTINCT ON (c.field) c.field, c.value
            FROM flow_fieldchange c
            WHERE c.item_id = d.id AND NOT c.is_void
              AND NOT EXISTS (SELECT 1 FROM flow_fieldchange n
                              WHERE n.workspace_id = c.workspace_id AND n.supersedes_id = c.id)
            ORDER BY c.field, c.occurred_at DESC, c.id DESC
        ) last ON true
        GROUP BY d.id
    ) said, users_workspace w
    WHERE sales_deal.item_id = said.item_id AND w.id = sales_deal.workspace_id"""

_DEAL = (
    "item_id",
    "workspace_id",
    "company_id",
    "product_id",
    "amount",
    "currency",
    "close_on",
    "channel",
    "qualified_at",
    "extra",
    "closed_at",
    "closed_as",
    "is_retold",
)


def _deal(row: NewDeal, workspace_id: int) -> tuple[Any, ...]:
    latest: dict[str, Value] = {"amount": row.amount, "close_on": row.close_on}
    latest |= {name: value for name, value, _at in row.changes if name in latest}
    if row.closed_amount is not None:
        latest["amount"] = row.closed_amount
    return (
        row.item.pk,
        workspace_id,
        row.company_id,
        row.product_id,
        latest["amount"],
        row.currency,
        latest["close_on"],
        row.channel,
        row.qualified_at,
        json.dumps(row.extra, ensure_ascii=False) if row.extra else "{}",
        *_closed(row),
    )


def _closed(row: NewDeal) -> tuple[datetime | None, str, bool]:
    """The columns that :func:`penstock.sales.closings.keep` would find, without asking the rows."""
    at = row.item.decided_at if row.item.verdict else None
    if at is None:
        return None, "", False
    later = [name for name, _value, when in row.changes if name in closings.FIELDS and when > at]
    if later or at < row.item.opened_at:
        return None, "", True
    return at, row.item.verdict, False


def _values(row: NewDeal, currency: str) -> dict[str, Value]:
    values = deals.checked(
        {
            "company": row.company_id,
            "product": row.product_id,
            "amount": row.amount,
            "currency": row.currency,
            "close_on": row.close_on,
            "channel": row.channel,
        }
    )
    if values["currency"] == currency:
        del values["currency"]
    return values


def _later_values(row: NewDeal, batch: Batch) -> list[tuple[int, str, Value, datetime, str | None]]:
    rows: list[tuple[int, str, Value, datetime, str | None]] = [
        (row.item.pk, name, value, at, None) for name, value, at in row.changes
    ]
    if row.qualified_at:
        rows.append((row.item.pk, "qualified", "yes", row.qualified_at, None))
    if row.closed_amount is not None and row.closed_amount != row.amount:
        at = max(row.item.decided_at or row.item.opened_at, row.item.opened_at)
        rows.append((row.item.pk, "amount", row.closed_amount, at, None))
    return rows


def _closing_values(row: Closing) -> list[tuple[int, str, Value, datetime, str | None]]:
    rows: list[tuple[int, str, Value, datetime, str | None]] = []
    if row.amount is not None:
        rows.append((row.deal_id, "amount", row.amount, row.at, None))
    if row.is_lead and row.verdict == "won":
        rows.append((row.deal_id, "qualified", "yes", row.at, None))
    return rows
