"""The sample company's orders: promised, worked on, delivered in parts, late, cancelled, returned."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from penstock.backlog import ledger, orders, work
from penstock.backlog.models import Line, Order, WorkItem
from penstock.catalog.models import Product
from penstock.flow.models import Kind, Stage
from penstock.intake.sample import currencies
from penstock.intake.sample.company import DAYS, Cast
from penstock.users.models import Role

N_REPEAT = 68


class Future:
    """What becomes of an order: its promise, its work, its delivery or its end before."""

    def __init__(self, cast: Cast, accepted: datetime) -> None:
        rng = cast.rng
        self.cast, self.accepted = cast, accepted
        self.promised = accepted + timedelta(days=rng.randint(28, 63))
        self.requested = self.promised - timedelta(days=rng.randint(-10, 14))
        fate = rng.random()
        self.is_cancelled = fate < 0.05
        self.begins = accepted + timedelta(days=rng.randint(4, 20))
        late = min(30.0, rng.lognormvariate(0, 1) * 4 - 7) + (60 if fate > 0.93 else 0)
        self.ends = max(self.promised + timedelta(days=late), self.begins + timedelta(days=3))
        if self.is_cancelled:
            self.ends = accepted + timedelta(days=rng.randint(5, 25))
        self.part = self.begins + (self.ends - self.begins) * 0.6 if rng.random() < 0.35 else None
        self.returned = (
            self.ends + timedelta(days=rng.randint(3, 15)) if rng.random() < 0.05 else None
        )

    def tell(self, order_id: int) -> None:
        """Let it happen to an order that was just placed."""
        cast = self.cast
        orders.change_dates(
            Order.objects.get(pk=order_id),
            by=cast.member(Role.OPERATIONS),
            requested_on=self.requested.date(),
            promised_on=self.promised.date(),
        )
        if self.is_cancelled:
            cast.plan(self.ends, lambda: _cancel(cast, order_id))
            return
        cast.plan(self.begins, lambda: _begin(cast, order_id))
        if self.part:
            cast.plan(self.part, lambda: _deliver_part(cast, order_id))
        cast.plan(self.ends, lambda: _deliver(cast, order_id))
        self.tell_return(order_id)

    def tell_return(self, order_id: int) -> None:
        """Let some of it come back after it was delivered."""
        if self.returned and not self.is_cancelled:
            cast = self.cast
            cast.plan(self.returned, lambda: _take_back(cast, order_id))


class Repeat:
    """An order without a deal: spare parts and service for a customer of before."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        rng = cast.rng
        self.cast, self.at = cast, at
        self.company = rng.choice(cast.companies[:24])
        self.currency = currencies.currency_of(cast, self.company)
        self.owner = cast.member(Role.REP)
        self.reference = f"PO-{rng.randint(1000, 9999)}"
        self.parts: list[tuple[Product, Decimal, Decimal, Decimal]] = [
            (
                product,
                currencies.priced(cast, price, self.currency),
                Decimal(rng.choice([1, 2, 4, 6, 10])),
                Decimal(rng.choice(["0", "0", "0.05", "0.1"])),
            )
            for product, price in rng.sample(cast.products[3:], rng.choice([1, 2, 2, 3]))
        ]
        self.future = Future(cast, at)

    @property
    def title(self) -> str:
        """What it is about."""
        return self.cast.words.repeat.format(company=self.company.name)

    def tell(self) -> None:
        """Let it be placed, and all that follows."""
        self.cast.plan(self.at, self._place)

    def _place(self) -> None:
        lines = [
            orders.NewLine(
                title=product.name,
                quantity=quantity,
                unit_price=price,
                discount_share=discount,
                product=product,
            )
            for product, price, quantity, discount in self.parts
        ]
        order = orders.place(
            self.cast.workspace,
            title=self.title,
            lines=lines,
            by=self.cast.member(Role.OPERATIONS),
            company=self.company,
            owner=self.owner,
            reference=self.reference,
            currency=self.currency,
        )
        self.future.tell(order.pk)


def repeats(cast: Cast) -> list[Repeat]:
    """All orders that come without a deal, in the order of their acceptance."""
    days = [DAYS * cast.rng.random() ** 0.8 for _number in range(N_REPEAT)]
    return [Repeat(cast, at) for at in sorted(cast.work_time(day) for day in days) if at < cast.now]


def _begin(cast: Cast, order_id: int) -> None:
    stage = Stage.objects.get(workspace=cast.workspace, pipeline__kind=Kind.WORK, code="in_work")
    for item in WorkItem.objects.filter(line__order_id=order_id, item__outcome=""):
        work.move(item, to=stage, by=cast.member(Role.OPERATIONS))


def _deliver_part(cast: Cast, order_id: int) -> None:
    for line in Line.objects.filter(order_id=order_id, remaining_quantity__gt=0):
        part = (line.remaining_quantity / 2).quantize(Decimal(1))
        if 0 < part < line.remaining_quantity:
            ledger.fulfil(line, quantity=part, act=_act(cast))


def _deliver(cast: Cast, order_id: int) -> None:
    orders.fulfil_all(Order.objects.get(pk=order_id), by=cast.member(Role.OPERATIONS))


def _take_back(cast: Cast, order_id: int) -> None:
    line = Line.objects.filter(order_id=order_id).first()
    if line is not None:
        ledger.return_goods(line, quantity=Decimal(1), act=_act(cast, reason="defect"))


def _cancel(cast: Cast, order_id: int) -> None:
    orders.cancel_rest(
        Order.objects.get(pk=order_id), reason="customer", by=cast.member(Role.OPERATIONS)
    )


def _act(cast: Cast, *, reason: str = "") -> ledger.Act:
    return ledger.Act(by=cast.member(Role.OPERATIONS), reason=reason)
