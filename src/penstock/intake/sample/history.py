"""Fourteen months of a company's life, day after day, through the verbs."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from django.utils import timezone

from penstock.backlog import ledger, orders, work
from penstock.backlog.models import Order, WorkItem
from penstock.catalog.models import Product
from penstock.contacts.models import Company, Person
from penstock.flow import pipelines
from penstock.flow.dating import lived, now, today
from penstock.flow.models import Kind, Link, LossReason, Stage
from penstock.intake.sample.words import Words
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace

N_DEALS = 190
N_REPEAT_ORDERS = 55
#: How many of a hundred deals go on from each stage; the others are lost there, sooner or later.
GOES_ON = (82, 80, 84, 86, 76, 74)
#: Usual days in each stage.
DWELL = (4, 7, 9, 6, 14, 16)
LOSS_REASONS = ("price", "competitor", "no_budget", "no_decision", "timing", "no_answer")


@dataclass
class Cast:
    """Who plays: the workspace, its people, what it sells and whom it knows."""

    workspace: Workspace
    words: Words
    reps: list[Member]
    operations: list[Member]
    products: list[tuple[Product, Decimal]]
    companies: list[tuple[Company, list[Person]]]


@dataclass
class Story:
    """What is still to happen, by time; each act may plan further ones."""

    cast: Cast
    random: Random
    stages: list[Stage]
    end: datetime
    acts: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a working hour of this day, unless it lies ahead of now."""
        hour = at.replace(hour=self.random.randint(7, 15), minute=self.random.randint(0, 59))
        moment = max(at, hour)
        if moment < self.end:
            heapq.heappush(self.acts, (moment, next(self._numbers), act))

    def run(self) -> None:
        """Let everything happen in its order."""
        while self.acts:
            at, _number, act = heapq.heappop(self.acts)
            with lived(at):
                act()

    def now(self) -> datetime:
        """The moment that is being lived through."""
        return now()


def live(cast: Cast, *, start: datetime, random: Random) -> None:
    """Plan the arrival of leads and repeat orders, and let all that follows from them happen."""
    pipeline = pipelines.default_for(cast.workspace.pk, kind=Kind.DEAL)
    story = Story(cast, random, list(pipeline.stages.order_by("position")), timezone.now())
    days = (story.end - start).days
    for _n in range(N_DEALS):
        # More leads come towards the end: the company grows.
        day = int(days * random.random() ** 0.8)
        story.plan(start + timedelta(days=day), lambda: _open_deal(story))
    for _n in range(N_REPEAT_ORDERS):
        day = random.randint(20, days)
        story.plan(start + timedelta(days=day), lambda: _repeat_order(story))
    story.run()


def _open_deal(story: Story) -> None:
    cast, random = story.cast, story.random
    company, people = random.choice(cast.companies)
    product, price = random.choice(cast.products)
    rep = random.choice(cast.reps)
    quantity = random.choice((1, 1, 2, 3, 4, 6))
    has_amount = random.random() < 0.72
    deal = deals.open_deal(
        pipelines.default_for(cast.workspace.pk, kind=Kind.DEAL),
        title=f"{product.name} {random.choice(cast.words.needs)}",
        by=rep,
        owner=rep if random.random() < 0.93 else None,
        company=company,
        product=product,
        amount=price * quantity if has_amount else None,
        close_on=today(cast.workspace) + timedelta(days=random.randint(35, 110)),
        channel=random.choice(cast.words.channels),
    )
    deals.add_person(
        deal, person=random.choice(people), part=random.choice(("decides", "contact")), by=rep
    )
    _next(story, deal, rep=rep, place=0, value=price * quantity)


def _next(story: Story, deal: Deal, *, rep: Member, place: int, value: Decimal) -> None:
    """Plan how a deal leaves its stage: onwards, lost, or, for a few, never."""
    random = story.random
    at = story.now() + timedelta(days=1 + random.expovariate(1 / DWELL[place]))
    fate = random.randrange(100)
    if fate < GOES_ON[place]:
        story.plan(at, lambda: _advance(story, deal, rep=rep, place=place, value=value))
    elif fate < 94:
        story.plan(at + timedelta(days=12), lambda: _lose(story, deal, rep=rep))
    elif fate < 97:
        until = (at + timedelta(days=random.randint(30, 120))).date()
        story.plan(at, lambda: _park(deal, until=until, rep=rep))


def _advance(story: Story, deal: Deal, *, rep: Member, place: int, value: Decimal) -> None:
    random = story.random
    if place == 1:
        deals.qualify(deal, by=rep)
        _next(story, deal, rep=rep, place=2, value=value)
        return
    if place >= 2:
        value = (value * Decimal(random.choice(("0.9", "0.95", "1", "1", "1.1")))).quantize(
            Decimal(10)
        )
        deals.change(deal, by=rep, amount=value)
    if random.random() < 0.2:
        deals.change(
            deal,
            by=rep,
            close_on=today(story.cast.workspace) + timedelta(days=random.randint(20, 70)),
        )
    if place == len(DWELL) - 1:
        won = deals.win(deal, by=rep)
        _fulfil_later(story, _order_of(won))
        return
    deals.move(
        Deal.objects.select_related("item").get(pk=deal.pk), to=story.stages[place + 1], by=rep
    )
    _next(story, deal, rep=rep, place=place + 1, value=value)


def _lose(story: Story, deal: Deal, *, rep: Member) -> None:
    reason = LossReason.objects.get(
        workspace=story.cast.workspace, code=story.random.choice(LOSS_REASONS)
    )
    deals.lose(deal, reason=reason, by=rep)


def _park(deal: Deal, *, until: date, rep: Member) -> None:
    deals.park(deal, until=until, by=rep)


def _order_of(deal: Deal) -> Order:
    link = Link.objects.get(source_id=deal.pk, kind="placed")
    return Order.objects.select_related("item").get(pk=link.target_id)


def _repeat_order(story: Story) -> None:
    """An order from a customer who needs no deal any more."""
    cast, random = story.cast, story.random
    company, _people = random.choice(cast.companies)
    lines = [
        orders.NewLine(
            title=product.name,
            quantity=Decimal(random.choice((1, 2, 2, 3, 5, 8))),
            unit_price=price,
            discount_share=Decimal(random.choice(("0", "0", "0.05", "0.1"))),
            tax_share=Decimal("0.19"),
            product=product,
        )
        for product, price in random.sample(cast.products, random.choice((1, 1, 2, 3)))
    ]
    order = orders.place(
        cast.workspace,
        title=", ".join(line.title for line in lines)[:120],
        lines=lines,
        by=random.choice(cast.operations),
        company=company,
        reference=f"PO-{random.randint(10000, 99999)}",
        requested_on=today(cast.workspace) + timedelta(days=random.randint(14, 45)),
    )
    _fulfil_later(story, order)


def _fulfil_later(story: Story, order: Order) -> None:
    random, accepted = story.random, story.now()
    by = random.choice(story.cast.operations)
    lead_days = random.lognormvariate(3.3, 0.45)
    promised = today(story.cast.workspace) + timedelta(
        days=int(lead_days * random.uniform(0.85, 1.6))
    )
    story.plan(
        accepted + timedelta(days=1), lambda: _schedule(story, order, by=by, promised=promised)
    )
    if random.random() < 0.05:
        story.plan(accepted + timedelta(days=9), lambda: _cancel(order, by=by))
        return
    story.plan(accepted + timedelta(days=lead_days * 0.45), lambda: _start(order, by=by))
    if random.random() < 0.3:
        story.plan(
            accepted + timedelta(days=lead_days * 0.7), lambda: _deliver_some(story, order, by=by)
        )
    story.plan(accepted + timedelta(days=lead_days), lambda: _deliver(story, order, by=by))


def _schedule(story: Story, order: Order, *, by: Member, promised: date) -> None:
    """Promise a day, and say how much work it is where that was unknown; not for all orders."""
    orders.change_dates(order, by=by, promised_on=promised)
    if story.random.random() < 0.12:
        return
    for line in order.lines.filter(remaining_hours=None, remaining_quantity__gt=0):
        hours = Decimal(story.random.choice((12, 24, 40, 64, 90)))
        ledger.estimate(line, hours=hours, act=ledger.Act(by=by))


def _start(order: Order, *, by: Member) -> None:
    for item in WorkItem.objects.filter(line__order=order).select_related("item__pipeline", "line")[
        :1
    ]:
        if item.item.is_open:
            work.move(item, to=item.item.pipeline.stages.get(code="in_work"), by=by)


def _deliver_some(story: Story, order: Order, *, by: Member) -> None:
    line = order.lines.filter(remaining_quantity__gt=1).first()
    if line is not None:
        quantity = Decimal(story.random.randint(1, int(line.remaining_quantity) - 1))
        ledger.fulfil(line, quantity=quantity, act=ledger.Act(by=by))


def _deliver(story: Story, order: Order, *, by: Member) -> None:
    orders.fulfil_all(order, by=by)
    if story.random.random() < 0.03:
        story.plan(story.now() + timedelta(days=6), lambda: _take_back(order, by=by))


def _take_back(order: Order, *, by: Member) -> None:
    line = order.lines.order_by("position").first()
    if line is not None:
        ledger.return_goods(line, quantity=Decimal(1), act=ledger.Act(by=by, reason="damaged"))


def _cancel(order: Order, *, by: Member) -> None:
    orders.cancel_rest(order, reason="customer", by=by)
