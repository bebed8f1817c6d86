"""What the sample company does about its open orders: calls, notes, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from penstock.backlog.models import Order
from penstock.flow import dating
from penstock.flow.models import Item
from penstock.intake.sample.company import Cast
from penstock.sales import activities
from penstock.users.models import Role

#: Of the open orders this share was talked about, and for as many something is planned.
TALKED, PLANNED = 0.6, 0.4
KINDS = ("call", "email", "task")


def keep(cast: Cast) -> None:
    """Let operations call about some open orders, and plan what comes next."""
    for item in _items(cast):
        if cast.rng.random() < TALKED:
            _talk(cast, item)
        if cast.rng.random() < PLANNED:
            _plan(cast, item)


def _items(cast: Cast) -> Iterable[Item]:
    orders = Order.objects.open().filter(workspace=cast.workspace).order_by("pk")
    for order in orders.select_related("item__owner", "item__workspace"):
        yield order.item


def _talk(cast: Cast, item: Item) -> None:
    kind = cast.rng.choice(("call", "note"))
    at = item.opened_at + (cast.now - item.opened_at) * cast.rng.uniform(0.2, 0.9)
    said = cast.rng.choice(cast.words.order_done[kind])
    with dating.lived(at):
        activities.log(
            item,
            kind=kind,
            by=cast.member(Role.OPERATIONS),
            subject="" if kind == "note" else said,
            notes=said if kind == "note" else "",
            result="reached" if kind == "call" else "",
        )


def _plan(cast: Cast, item: Item) -> None:
    kind = cast.rng.choice(KINDS)
    operator = cast.member(Role.OPERATIONS)
    planned_at = max(item.opened_at, cast.now - timedelta(days=cast.rng.randint(1, 4)))
    with dating.lived(planned_at):
        first = dating.today(cast.workspace)
        activities.plan(
            item,
            kind=kind,
            due=first + timedelta(days=cast.rng.randint(0, 9)),
            by=operator,
            owner=operator if kind == "task" else None,
            subject=cast.rng.choice(cast.words.order_planned[kind]),
        )
