"""Promises of the sample company that moved: later for a cause, sometimes sooner; and lines with days of their own."""

from __future__ import annotations

import random
from datetime import date, timedelta

from penstock.backlog import dates
from penstock.backlog.dates import Told, Why
from penstock.backlog.models import Line, Order
from penstock.flow import dating
from penstock.intake.sample import work_words
from penstock.intake.sample.company import Cast
from penstock.users.models import Role

SEED = 53
MOVED_SHARE = 0.3
SLIPS = ("capacity", "supplier", "quality", "customer", "scope")


def move_some(cast: Cast) -> None:
    """Give a third of the open orders another day, some of them twice; date the last line of a few apart."""
    rng = random.Random(SEED)
    open_ones = Order.objects.filter(
        item__outcome="", item__withdrawn_at=None, promised_on__isnull=False
    )
    for order in open_ones.select_related("item").order_by("pk"):
        if rng.random() < MOVED_SHARE:
            _move(cast, order, rng)
        if order.lines.count() > 1 and rng.random() < MOVED_SHARE:
            _date_last_line(cast, order, rng)


def _move(cast: Cast, order: Order, rng: random.Random) -> None:
    day, at = order.promised_on, order.item.opened_at
    assert day is not None
    for _time in range(rng.choice([1, 1, 2])):
        at += timedelta(days=rng.randint(6, 20))
        is_sooner = rng.random() < 0.15
        day += timedelta(days=-rng.randint(1, 4) if is_sooner else rng.randint(4, 18))
        if at < cast.now:
            why = Why("sooner" if is_sooner else rng.choice(SLIPS), _words(cast, rng))
            _say(cast, order, day, why, days=(at - order.item.opened_at).days)


def _say(cast: Cast, order: Order, day: date, why: Why, *, days: int) -> None:
    with dating.lived(order.item.opened_at + timedelta(days=days)):
        told = Told(by=cast.member(Role.OPERATIONS), why=why)
        dates.change(order, {dates.PROMISE: day}, told=told)


def _date_last_line(cast: Cast, order: Order, rng: random.Random) -> None:
    line = order.lines.filter(sort=Line.Sort.GOODS, remaining_quantity__gt=0).last()
    at = order.item.opened_at + timedelta(days=3)
    if line is None or at >= cast.now:
        return
    promised = Order.objects.get(pk=order.pk).promised_on or at.date()
    apart = timedelta(days=rng.randint(7, 21))
    with dating.lived(at):
        told = Told(by=cast.member(Role.OPERATIONS))
        dates.change_line(
            line, {"requested_on": promised, dates.PROMISE: promised + apart}, told=told
        )


def _words(cast: Cast, rng: random.Random) -> str:
    words = work_words.BY_LANGUAGE[cast.workspace.language]
    return rng.choice(words.promise_notes) if rng.random() < 0.5 else ""
