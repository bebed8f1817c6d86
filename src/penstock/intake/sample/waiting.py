"""The sample company's orders that wait: for a payment, an answer, material; and that waited before."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from penstock.backlog import holds
from penstock.backlog.models import Line, Order
from penstock.flow import dating
from penstock.intake.sample.company import Cast
from penstock.users.models import Role

SEED = 41
SHARE = 0.35


def hold_some(cast: Cast) -> None:
    """Let a third of the open orders wait some days after their acceptance; half of them still do."""
    rng = random.Random(SEED)
    open_ones = Order.objects.filter(item__outcome="", item__withdrawn_at=None)
    for order in open_ones.select_related("item").order_by("pk"):
        if rng.random() < SHARE:
            _hold(cast, order, rng)


def _hold(cast: Cast, order: Order, rng: random.Random) -> None:
    since = order.item.opened_at + timedelta(days=rng.randint(2, 12))
    cause = rng.choice([code for code in holds.CAUSES if code != "other"])
    lasts = timedelta(days=rng.randint(4, 30))
    expected = since + timedelta(days=rng.randint(7, 28))
    why = holds.Why(cause, holds.CAUSES[cause][1], expected.date() if rng.random() < 0.6 else None)
    line = order.lines.filter(sort=Line.Sort.GOODS, remaining_quantity__gt=0).first()
    is_alone = line is not None and order.lines.count() > 1 and rng.random() < 0.5
    if since < cast.now:
        _wait(cast, order, line if is_alone else None, why, since=since, lasts=lasts)


def _wait(
    cast: Cast,
    order: Order,
    line: Line | None,
    why: holds.Why,
    *,
    since: datetime,
    lasts: timedelta,
) -> None:
    by = cast.member(Role.OPERATIONS)
    with dating.lived(since):
        _ = holds.hold_line(line, why, by=by) if line else holds.hold(order, why, by=by)
    if since + lasts < cast.now:
        with dating.lived(since + lasts):
            _ = holds.release_line(line, by=by) if line else holds.release(order, by=by)
