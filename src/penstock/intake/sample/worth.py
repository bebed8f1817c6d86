"""What waiting costs for some of the sample company's orders, and one that goes first because it was agreed."""

from __future__ import annotations

import random
from decimal import Decimal

from penstock.backlog import priorities
from penstock.backlog.models import Order
from penstock.intake.sample.company import Cast
from penstock.users.models import Role

SEED = 53
SHARE = 0.4


def say(cast: Cast) -> None:
    """Say what a day of waiting costs and what an order brings, for two orders of five; put one first."""
    rng = random.Random(SEED)
    rows = Order.objects.filter(item__outcome="", item__withdrawn_at=None, fulfilled_at=None)
    orders = [order for order in rows.order_by("pk") if rng.random() < SHARE]
    for order in orders:
        priorities.say_costs(
            order,
            cost_of_delay=Decimal(rng.choice([40, 90, 150, 400])),
            contribution=Decimal(rng.choice([900, 2600, 7400])),
            by=cast.member(Role.OPERATIONS),
        )
    if orders:
        chosen = rng.choice(orders)
        priorities.put_first(chosen, place=1, reason="agreed", by=cast.member(Role.MANAGER))
