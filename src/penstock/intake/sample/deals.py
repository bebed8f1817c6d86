"""The sample company's deals: how they come, move, stall and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from penstock.flow import outcomes, pipelines
from penstock.flow.models import Item, Kind, Link, LossReason, Stage
from penstock.intake.sample import currencies, orders
from penstock.intake.sample.company import DAYS, Cast
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
N_STALLED = 9


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens to a deal: opened, qualified, disqualified, moved, priced, lost or won."""

    at: datetime
    what: str
    code: str = ""
    amount: Decimal | None = None
    close_on: date | None = None


class Life:
    """One deal, from its first touch to its end or to today."""

    def __init__(self, cast: Cast, opened: datetime, *, is_stalled: bool) -> None:
        self.cast, self.rng = cast, cast.rng
        self.company = self.rng.choice(cast.companies)
        weights = [1, 2, 3, 8, 8, 8, 6, 7, 3, 5, 8, 8]
        self.product, price = self.rng.choices(cast.products, weights=weights)[0]
        n = 1 if price > cast.products[8][1] / 2 else self.rng.choice([1, 1, 2, 3, 4])
        factor = Decimal(self.rng.choice(["0.9", "0.95", "1", "1.05", "1.1"]))
        self.currency = currencies.currency_of(cast, self.company)
        amount = (price * n * factor).quantize(Decimal(1))
        self.amount = currencies.priced(cast, amount, self.currency)
        self.has_amount = self.rng.random() > 0.16
        self.owner = cast.member(Role.REP) if self.rng.random() < 0.94 else None
        self.channel = self.rng.choice(self.cast.words.channels)
        self.person = self.rng.choice(cast.people[self.company.pk])
        self.deal: Deal | None = None
        self.story = [Happening(opened, "open")]
        self._live(opened, is_stalled=is_stalled)
        self.story = [one for one in self.story if one.at < cast.now]

    @property
    def title(self) -> str:
        """What it is about."""
        return self.cast.words.deal.format(product=self.product.name, company=self.company.name)

    @property
    def by(self) -> Member:
        """Who acts on it."""
        return self.owner or self.cast.members[1]

    @property
    def is_over(self) -> bool:
        """Lost, won or disqualified by now."""
        return self.story[-1].what in ("lose", "win", "disqualify")

    def tell(self) -> None:
        """Let it happen, verb by verb."""
        for one in self.story:
            self.cast.plan(one.at, partial(getattr(self, f"_{one.what}"), one))

    def _live(self, opened: datetime, *, is_stalled: bool) -> None:
        at = self._after(opened, "qualification")
        self._add(opened + (at - opened) / 3, "move", code="qualification")
        if self.rng.random() < 0.13:
            self._add(at, "disqualify", code="not_a_fit")
            return
        self._add(at, "qualify")
        for stage, share in zip(PATH, DIES, strict=True):
            if stage != PATH[0]:
                self._add(at, "move", code=stage)
            if stage == "proposal":
                if is_stalled:
                    return
                self._quote(at + timedelta(hours=2), opened)
            since, at = at, self._after(at, stage)
            if stage == "negotiation":
                self._put_off(since, at)
            if self.rng.random() < share:
                self._add(at, "lose", code=self.rng.choice(LOSSES))
                return
        self._end(at)

    def _end(self, at: datetime) -> None:
        if self.rng.random() < 0.08:
            self._add(at - timedelta(hours=5), "move", code="proposal")
            self._add(at - timedelta(hours=3), "move", code="negotiation")
        if self.rng.random() < WINS:
            self._add(at, "win", amount=self.amount)
        else:
            self._add(at, "lose", code=self.rng.choice(LOSSES))

    def _quote(self, at: datetime, opened: datetime) -> None:
        if self.rng.random() < 0.4:
            factor = Decimal(self.rng.choice(["0.85", "0.92", "1.08", "1.2"]))
            fresh = (self.amount * factor).quantize(Decimal(1))
        else:
            fresh = self.amount
        close_on = (opened + timedelta(days=self.rng.randint(40, 110))).date()
        self._add(at, "price", amount=fresh if self.has_amount else None, close_on=close_on)

    def _put_off(self, since: datetime, until: datetime) -> None:
        """The expected close slips while they negotiate, with some sellers more than with others."""
        said = next((one.close_on for one in self.story if one.close_on), None)
        number = int(self.amount) + len(self.title)
        habit = 2 + (self.cast.members.index(self.owner) if self.owner else 0) % 3
        if said is None or number % habit:
            return
        days = 10 + number % 30 if number % 5 else -7
        at = since + (until - since) / 2
        self._add(at, "price", close_on=said + timedelta(days=days))

    def _add(self, at: datetime, what: str, **said: Any) -> None:
        self.story.append(Happening(at, what, **said))

    def _after(self, at: datetime, stage: str) -> datetime:
        days = TAKES[stage] * self.rng.lognormvariate(0, 0.7)
        after = at + timedelta(days=max(1.0, min(days, 70)))
        return after + timedelta(days=max(0, after.weekday() - 4))

    def _open(self, _one: Happening) -> None:
        self.deal = deals.open_deal(
            pipelines.default_for(self.cast.workspace.pk, kind=Kind.DEAL),
            title=self.title,
            by=self.by,
            owner=self.owner,
            company=self.company,
            product=self.product,
            amount=self.amount if self.has_amount else None,
            currency=self.currency,
            channel=self.channel,
        )
        deals.add_person(self.deal, person=self.person, part="contact", by=self.by)

    def _qualify(self, _one: Happening) -> None:
        deals.qualify(self._known(), by=self.by)

    def _disqualify(self, one: Happening) -> None:
        deals.disqualify(self._known(), reason=reasons(self.cast)[one.code], by=self.by)

    def _move(self, one: Happening) -> None:
        deals.move(self._known(), to=stages(self.cast)[one.code], by=self.by)

    def _price(self, one: Happening) -> None:
        values: dict[str, Any] = {"close_on": one.close_on}
        if one.amount is not None:
            values["amount"] = one.amount
        deals.change(self._known(), by=self.by, **values)

    def _lose(self, one: Happening) -> None:
        deals.lose(self._known(), reason=reasons(self.cast)[one.code], by=self.by)

    def _win(self, one: Happening) -> None:
        deals.change(self._known(), by=self.by, amount=one.amount)
        deal = deals.win(self._known(), by=self.by)
        link = Link.objects.get(source_id=deal.pk, kind="placed")
        orders.Future(self.cast, one.at).tell(link.target_id)

    def _known(self) -> Deal:
        assert self.deal is not None, "a deal is opened before anything happens to it"
        return self.deal


def stages(cast: Cast) -> dict[str, Stage]:
    """The stages of the sales pipeline by code."""
    found: dict[str, Stage] = cast.kept(
        "stages",
        lambda: {
            stage.code: stage
            for stage in Stage.objects.filter(
                workspace=cast.workspace, pipeline__kind=Kind.DEAL
            ).select_related("pipeline")
        },
    )
    return found


def reasons(cast: Cast) -> dict[str, LossReason]:
    """The loss reasons by code."""
    found: dict[str, LossReason] = cast.kept(
        "reasons",
        lambda: {row.code: row for row in LossReason.objects.filter(workspace=cast.workspace)},
    )
    return found


def lives(cast: Cast) -> list[Life]:
    """All deals in the order of their opening; more of them towards today, for the company grows."""
    days = [DAYS * cast.rng.random() ** 0.75 for _number in range(N_DEALS - N_STALLED)]
    days += [DAYS * cast.rng.uniform(0.35, 0.65) for _number in range(N_STALLED)]
    stalled = set(days[-N_STALLED:])
    opened = sorted(
        (min(cast.work_time(day), cast.now - timedelta(hours=2)), day in stalled) for day in days
    )
    return [Life(cast, at, is_stalled=is_stalled) for at, is_stalled in opened]


def leave_parked(cast: Cast) -> None:
    """Let some open deals wait for a later day."""
    items = Item.objects.open().filter(workspace=cast.workspace, kind=Kind.DEAL).order_by("id")
    for item in cast.rng.sample(list(items), N_PARKED):
        until = cast.now.date() + timedelta(days=cast.rng.randint(14, 90))
        outcomes.park(item, until=until, by=cast.members[1])
