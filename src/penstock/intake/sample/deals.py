"""The sample company's deals: how they come, move, stall and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from penstock.flow import outcomes, pipelines
from penstock.flow.models import Item, Kind, Link, LossReason, Stage
from penstock.intake.sample import orders
from penstock.intake.sample.company import DAYS, Cast
from penstock.intake.sample.words import CHANNELS
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Role

N_DEALS = 260
PATH = ("needs_assessment", "first_contact", "proposal", "negotiation")
# Share of deals that end in each stage of the path, and of those left that are won after the last.
DIES = (0.10, 0.12, 0.14, 0.10)
WINS = 0.68
# How long a stage takes, in days, in the middle.
TAKES = {
    "qualification": 5,
    "needs_assessment": 9,
    "first_contact": 8,
    "proposal": 14,
    "negotiation": 11,
}
LOSSES = (
    "price",
    "price",
    "competitor",
    "competitor",
    "no_decision",
    "no_budget",
    "timing",
    "no_answer",
    "not_a_fit",
)
N_PARKED = 7
N_OLD = 9


class _Life:
    """One deal, from its first touch to its end or to today."""

    def __init__(self, cast: Cast, number: int) -> None:
        self.cast, self.rng = cast, cast.rng
        self.is_old = number < N_OLD
        self.company = self.rng.choice(cast.companies)
        self.product, price = self.rng.choices(
            cast.products, weights=[1, 2, 3, 8, 8, 8, 6, 7, 3, 5, 8, 8]
        )[0]
        quantity = 1 if price > 20_000 else self.rng.choice([1, 1, 2, 3, 4])
        self.amount = (
            price * quantity * Decimal(self.rng.choice(["0.9", "0.95", "1", "1.05", "1.1"]))
        ).quantize(Decimal(1))
        self.owner = cast.member(Role.REP) if self.rng.random() < 0.94 else None
        self.has_amount = self.rng.random() > 0.16
        self.deal: Deal | None = None

    @property
    def by(self) -> Member:
        """Who acts on it."""
        return self.owner or self.cast.members[1]

    def plan(self, opened: datetime) -> None:
        """Plan its opening and all that follows."""
        self.cast.plan(opened, self._open)
        at = self._after(opened, "qualification")
        if self.rng.random() < 0.13:
            self.cast.plan(at, self._disqualify)
            return
        self.cast.plan(at, self._qualify)
        for stage, share in zip(PATH, DIES, strict=True):
            if stage != PATH[0]:
                self.cast.plan(at, lambda stage=stage: self._move(stage))
            if self.is_old and stage == "proposal":
                return
            if stage == "proposal":
                self.cast.plan(at + timedelta(hours=2), self._price)
            at = self._after(at, stage)
            if self.rng.random() < share:
                self.cast.plan(at, self._lose)
                return
        if self.rng.random() < 0.08:
            self.cast.plan(at - timedelta(hours=30), lambda: self._move("proposal"))
            self.cast.plan(at - timedelta(hours=3), lambda: self._move("negotiation"))
        self.cast.plan(at, self._win if self.rng.random() < WINS else self._lose)

    def _after(self, at: datetime, stage: str) -> datetime:
        days = TAKES[stage] * self.rng.lognormvariate(0, 0.7)
        after = at + timedelta(days=min(days, 70))
        return after + timedelta(days=max(0, after.weekday() - 4))

    def _open(self) -> None:
        words = self.cast.words
        pipeline = pipelines.default_for(self.cast.workspace.pk, kind=Kind.DEAL)
        self.deal = deals.open_deal(
            pipeline,
            title=words.deal.format(product=self.product.name, company=self.company.name),
            by=self.by,
            owner=self.owner,
            company=self.company,
            product=self.product,
            amount=self.amount if self.has_amount else None,
            close_on=(self.cast.now - timedelta(days=DAYS)).date() if self.is_old else None,
            channel=self.rng.choice(CHANNELS),
        )
        person = self.rng.choice(self.cast.people[self.company.pk])
        deals.add_person(self.deal, person=person, part="contact", by=self.by)

    def _qualify(self) -> None:
        assert self.deal is not None
        deals.qualify(self.deal, by=self.by)

    def _disqualify(self) -> None:
        assert self.deal is not None
        deals.disqualify(self.deal, reason=self._reason("not_a_fit"), by=self.by)

    def _move(self, code: str) -> None:
        assert self.deal is not None
        deals.move(self.deal, to=self._stage(code), by=self.by)

    def _price(self) -> None:
        assert self.deal is not None
        if self.rng.random() < 0.4:
            factor = Decimal(self.rng.choice(["0.85", "0.92", "1.08", "1.2"]))
            self.amount = (self.amount * factor).quantize(Decimal(1))
        close_on = (self.deal.item.opened_at + timedelta(days=self.rng.randint(40, 110))).date()
        if self.has_amount:
            deals.change(self.deal, by=self.by, amount=self.amount, close_on=close_on)
        else:
            deals.change(self.deal, by=self.by, close_on=close_on)

    def _lose(self) -> None:
        assert self.deal is not None
        deals.lose(self.deal, reason=self._reason(self.rng.choice(LOSSES)), by=self.by)

    def _win(self) -> None:
        assert self.deal is not None
        deals.change(self.deal, by=self.by, amount=self.amount)
        deal = deals.win(self.deal, by=self.by)
        link = Link.objects.get(source_id=deal.pk, kind="placed")
        orders.follow(self.cast, link.target_id)

    def _stage(self, code: str) -> Stage:
        return Stage.objects.get(workspace=self.cast.workspace, pipeline__kind=Kind.DEAL, code=code)

    def _reason(self, code: str) -> LossReason:
        return LossReason.objects.get(workspace=self.cast.workspace, code=code)


def plan(cast: Cast) -> None:
    """Plan all deals, more of them towards today, for the company grows."""
    for number in range(N_DEALS):
        day = DAYS * cast.rng.random() ** 0.75
        if number < N_OLD:
            day = DAYS * cast.rng.uniform(0.25, 0.6)
        _Life(cast, number).plan(cast.work_time(day))


def leave_parked(cast: Cast) -> None:
    """Let some open deals wait for a later day."""
    items = Item.objects.open().filter(workspace=cast.workspace, kind=Kind.DEAL).order_by("id")
    for item in cast.rng.sample(list(items), N_PARKED):
        until = cast.now.date() + timedelta(days=cast.rng.randint(14, 90))
        outcomes.park(item, until=until, by=cast.members[1])
