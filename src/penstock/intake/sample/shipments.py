"""Deliveries that the sample company has planned, some of them late, and orders that leave all at once."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from penstock.backlog import deliveries
from penstock.backlog.models import Line, Order
from penstock.flow.dating import today
from penstock.intake.sample.company import Cast
from penstock.users.models import Role

SEED = 67
PLANNED_SHARE = 0.45


def plan_some(cast: Cast) -> None:
    """Plan what near half of the open orders have to deliver: in one delivery, or in two."""
    rng = random.Random(SEED)
    open_ones = Order.objects.filter(
        item__outcome="", item__withdrawn_at=None, promised_on__isnull=False
    )
    for order in open_ones.order_by("promised_on", "pk"):
        if rng.random() < PLANNED_SHARE:
            _plan(cast, order, rng)


def _plan(cast: Cast, order: Order, rng: random.Random) -> None:
    lines = list(order.lines.filter(remaining_quantity__gt=0).order_by("position"))
    assert order.promised_on is not None
    day = max(order.promised_on, today(cast.workspace) - timedelta(days=3))
    by = cast.member(Role.OPERATIONS)
    is_whole = rng.random() < 0.6
    if is_whole and len(lines) > 1:
        deliveries.ship_together(order, is_together=True)
    first = [(line, line.remaining_quantity if is_whole else _half(line)) for line in lines]
    deliveries.plan(order, on=day, quantities=first, by=by)
    rest = [(line, free) for line in lines if (free := deliveries.unplanned(order).get(line.pk))]
    if rest:
        later = day + timedelta(days=rng.randint(7, 20))
        deliveries.plan(order, on=later, quantities=rest, by=by)


def _half(line: Line) -> Decimal:
    return (line.remaining_quantity / 2).to_integral() or line.remaining_quantity
