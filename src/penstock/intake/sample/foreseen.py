"""What the sample company was told of orders that were delivered since: mostly right, at times too bold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from math import exp

from penstock.backlog import forecasts
from penstock.backlog.models import Forecast, Order
from penstock.flow import dating
from penstock.intake.sample.company import Cast

SEED = 71
LOOK_BACK_DAYS = 300
#: Which part of the time until delivery is said in the middle and with what sureness, if all goes as usual.
SURE = {"p50": 1.0, "p85": 1.3, "p95": 1.55}
SPREAD = 0.3


def tell(cast: Cast) -> None:
    """Keep a forecast of each order on the Monday after it was accepted, as one who knows the trade would say."""
    rng = random.Random(SEED)
    delivered = Order.objects.filter(
        fulfilled_at__gte=cast.now - timedelta(days=LOOK_BACK_DAYS), accepted_at__isnull=False
    )
    made = sorted(_made(order, rng) for order in delivered.order_by("pk"))
    for at, mondays in groupby(made, key=lambda one: one[0]):
        with dating.lived(at):
            forecasts.keep(
                cast.workspace, [_row(at, number, days) for _at, number, days in mondays]
            )


def _made(order: Order, rng: random.Random) -> tuple[datetime, int, float]:
    """When it was foreseen, which order, and in how many days it was thought to be ready in the middle."""
    assert order.accepted_at is not None
    assert order.fulfilled_at is not None
    at = order.accepted_at + timedelta(days=7 - order.accepted_at.weekday())
    at = min(at.replace(hour=6, minute=7), order.fulfilled_at)
    took = (order.fulfilled_at - at).total_seconds() / 86400
    return at, order.pk, took * exp(rng.gauss(0.0, SPREAD))


def _row(at: datetime, number: int, days: float) -> Forecast:
    told: dict[str, date] = dict(_days(at, days))
    return Forecast(
        order_id=number,
        **told,
        within=1.0,
        horizon_on=(at + timedelta(days=364)).date(),
        policy="edd",
        model="capacity-1",
        level50=0.5,
        level85=0.85,
        level95=0.95,
        n_paths=5000,
        n_history=26,
        is_assumed=False,
    )


def _days(at: datetime, days: float) -> Iterator[tuple[str, date]]:
    for name, times in SURE.items():
        day = (at + timedelta(days=days * times)).date()
        yield name, day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
