"""What of an order is to leave on which day, and what has left; now or as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from penstock.backlog.models import Delivery, DeliveryPart, Entry, Order
from penstock.base.money import ZERO
from penstock.reports.moment import Moment


@dataclass(frozen=True, slots=True)
class Part:
    """How much of one line."""

    title: str
    quantity: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One delivery; ``delivery_id`` is None for what the ledger alone knows to have left."""

    delivery_id: int | None
    parts: Sequence[Part]
    planned_on: date | None
    left_at: datetime | None = None
    left_on: date | None = None
    days_late: int = 0
    reference: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What is to leave, the next first, and what left, the last first.

    ``n_unplanned`` counts open lines of which less is planned than is left; ``has_too_much`` says that of
    a line more is planned than is left.
    """

    coming: Sequence[Shipment]
    made: Sequence[Shipment]
    n_unplanned: int
    has_too_much: bool


def read(
    order: Order,
    left: Mapping[int, Decimal],
    entries: Iterable[Mapping[str, Any]],
    *,
    moment: Moment,
) -> Deliveries:
    """The deliveries of an order, in one query.

    Args:
        order: Whose.
        left: What is left of each open line at the moment, by line.
        entries: Its ledger at the moment, newest first, as the page shows it.
        moment: When.
    """
    found = _stories(order)
    made = {one: rows for one, rows in found.items() if _is_made(one, rows, moment)}
    coming = {
        one: rows for one, rows in found.items() if one not in made and _is_planned(one, moment)
    }
    planned = _planned(coming.values())
    # What was taken back is no delivery any more, and none of the ledger's own either.
    known = {part.entry_id for rows in found.values() for part in rows}
    shipped = [_made(one, rows, moment) for one, rows in made.items()]
    shipped += _others(entries, known=known, moment=moment)
    return Deliveries(
        coming=sorted(
            (_coming(one, rows, moment) for one, rows in coming.items()),
            key=lambda one: (one.planned_on or date.max, one.delivery_id or 0),
        ),
        made=sorted(shipped, key=lambda one: (one.left_at, one.delivery_id or 0), reverse=True),
        n_unplanned=sum(1 for line, rest in left.items() if planned.get(line, ZERO) < rest),
        has_too_much=any(n > left.get(line, ZERO) for line, n in planned.items()),
    )


def _stories(order: Order) -> dict[Delivery, list[DeliveryPart]]:
    parts = DeliveryPart.objects.filter(delivery__order_id=order.pk).select_related(
        "delivery__by", "line", "entry"
    )
    found: dict[Delivery, list[DeliveryPart]] = {}
    for part in parts.order_by("delivery_id", "line__position"):
        found.setdefault(part.delivery, []).append(part)
    return found


def _planned(coming: Iterable[Sequence[DeliveryPart]]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for rows in coming:
        for part in rows:
            sums[part.line_id] = sums.get(part.line_id, ZERO) + part.quantity
    return sums


def _is_made(one: Delivery, parts: Sequence[DeliveryPart], moment: Moment) -> bool:
    entries = [part.entry for part in parts if part.entry is not None]
    if moment.is_now:
        return bool(entries) and one.withdrawn_at is None
    known = moment.known_at
    told = [
        entry
        for entry in entries
        if entry.occurred_at < moment.at and (known is None or entry.known_at < known)
    ]
    return bool(told) and (one.withdrawn_at is None or one.withdrawn_at >= moment.at)


def _is_planned(one: Delivery, moment: Moment) -> bool:
    if one.planned_on is None:
        return False
    if moment.is_now:
        return one.withdrawn_at is None and one.delivered_at is None
    known = min(moment.at, moment.known_at or moment.at)
    is_told = one.known_at < known and (one.withdrawn_at is None or one.withdrawn_at >= known)
    return is_told and (one.delivered_at is None or one.delivered_at >= moment.at)


def _coming(one: Delivery, parts: Sequence[DeliveryPart], moment: Moment) -> Shipment:
    assert one.planned_on is not None
    return Shipment(
        delivery_id=one.pk,
        parts=[Part(part.line.title, part.quantity, part.line.unit) for part in parts],
        planned_on=one.planned_on,
        days_late=max(0, (moment.on - one.planned_on).days),
        reference=one.reference,
        by=one.by.name if one.by else "",
    )


def _made(one: Delivery, parts: Sequence[DeliveryPart], moment: Moment) -> Shipment:
    left = [(part, part.entry) for part in parts if part.entry is not None]
    at = max(entry.occurred_at for _part, entry in left)
    day = at.astimezone(moment.zone).date()
    return Shipment(
        delivery_id=one.pk,
        parts=[Part(part.line.title, -entry.quantity, part.line.unit) for part, entry in left],
        planned_on=one.planned_on,
        left_at=at,
        left_on=day,
        days_late=max(0, (day - one.planned_on).days) if one.planned_on else 0,
        reference=one.reference,
        by=one.by.name if one.by else "",
    )


def _others(
    entries: Iterable[Mapping[str, Any]], *, known: set[int | None], moment: Moment
) -> list[Shipment]:
    """What left without a delivery of its own, as imports tell it: what left in one instant left together."""
    found: dict[datetime, list[Mapping[str, Any]]] = {}
    for entry in entries:
        is_delivery = entry["kind"] == Entry.Kind.FULFILLED and not entry["is_gone"]
        if is_delivery and entry["id"] not in known:
            found.setdefault(entry["occurred_at"], []).append(entry)
    return [
        Shipment(
            delivery_id=None,
            parts=[Part(row["line__title"], -row["quantity"]) for row in rows],
            planned_on=None,
            left_at=at,
            left_on=at.astimezone(moment.zone).date(),
            by=rows[0]["by__name"] or "",
        )
        for at, rows in found.items()
    ]
