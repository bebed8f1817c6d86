"""The sample company's orders: promised, worked on, delivered in parts, late, cancelled, returned."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from penstock.backlog import ledger, orders, work
from penstock.backlog.models import Line, Order, WorkItem
from penstock.flow import dating
from penstock.flow.models import Kind, Stage
from penstock.intake.sample.company import DAYS, Cast
from penstock.users.models import Role

N_REPEAT = 68


def plan(cast: Cast) -> None:
    """Plan the orders that come without a deal: spare parts and service for customers of before."""
    for _number in range(N_REPEAT):
        at = cast.work_time(DAYS * cast.rng.random() ** 0.8)
        cast.plan(at, lambda: _place(cast))


def follow(cast: Cast, order_id: int) -> None:
    """Plan what becomes of an order that was just placed: its promise, work and delivery."""
    rng, now = cast.rng, dating.now()
    order = Order.objects.get(pk=order_id)
    promised = now + timedelta(days=rng.randint(28, 63))
    orders.change_dates(
        order,
        by=cast.member(Role.OPERATIONS),
        requested_on=(promised - timedelta(days=rng.randint(-10, 14))).date(),
        promised_on=promised.date(),
    )
    fate = rng.random()
    if fate < 0.05:
        cast.plan(now + timedelta(days=rng.randint(5, 25)), lambda: _cancel(cast, order_id))
        return
    begin = now + timedelta(days=rng.randint(4, 20))
    done = promised + timedelta(days=min(30.0, rng.lognormvariate(0, 1) * 4 - 7))
    if fate > 0.93:
        done += timedelta(days=60)
    cast.plan(begin, lambda: _begin(cast, order_id))
    done = max(done, begin + timedelta(days=3))
    if rng.random() < 0.35:
        cast.plan(begin + (done - begin) * 0.6, lambda: _deliver_part(cast, order_id))
    cast.plan(done, lambda: _deliver(cast, order_id, done))


def _place(cast: Cast) -> None:
    rng = cast.rng
    company = rng.choice(cast.companies[:24])
    parts = rng.sample(cast.products[3:], rng.choice([1, 2, 2, 3]))
    lines = [
        orders.NewLine(
            title=product.name,
            quantity=Decimal(rng.choice([1, 2, 4, 6, 10])),
            unit_price=price,
            discount_share=Decimal(rng.choice(["0", "0", "0.05", "0.1"])),
            product=product,
        )
        for product, price in parts
    ]
    order = orders.place(
        cast.workspace,
        title=cast.words.repeat.format(company=company.name),
        lines=lines,
        by=cast.member(Role.OPERATIONS),
        company=company,
        owner=cast.member(Role.REP),
        reference=f"PO-{rng.randint(1000, 9999)}",
    )
    follow(cast, order.pk)


def _begin(cast: Cast, order_id: int) -> None:
    stage = Stage.objects.get(workspace=cast.workspace, pipeline__kind=Kind.WORK, code="in_work")
    for item in WorkItem.objects.filter(line__order_id=order_id, item__outcome=""):
        work.move(item, to=stage, by=cast.member(Role.OPERATIONS))


def _deliver_part(cast: Cast, order_id: int) -> None:
    for line in _open_lines(order_id):
        part = (line.remaining_quantity / 2).quantize(Decimal(1))
        if 0 < part < line.remaining_quantity:
            ledger.fulfil(line, quantity=part, act=_act(cast))


def _deliver(cast: Cast, order_id: int, at: datetime) -> None:
    orders.fulfil_all(Order.objects.get(pk=order_id), by=cast.member(Role.OPERATIONS))
    if cast.rng.random() < 0.04:
        cast.plan(at + timedelta(days=cast.rng.randint(3, 15)), lambda: _take_back(cast, order_id))


def _take_back(cast: Cast, order_id: int) -> None:
    line = Line.objects.filter(order_id=order_id).first()
    if line is not None:
        ledger.return_goods(line, quantity=Decimal(1), act=_act(cast, reason="defect"))


def _cancel(cast: Cast, order_id: int) -> None:
    orders.cancel_rest(
        Order.objects.get(pk=order_id), reason="customer", by=cast.member(Role.OPERATIONS)
    )


def _open_lines(order_id: int) -> list[Line]:
    return list(Line.objects.filter(order_id=order_id, remaining_quantity__gt=0))


def _act(cast: Cast, *, reason: str = "") -> ledger.Act:
    return ledger.Act(by=cast.member(Role.OPERATIONS), reason=reason)
