"""A company in the database whose conversions, times, leaks, lags and slips are planted, and what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from penstock.contacts.models import Company
from penstock.flow import bulk
from penstock.flow.bulk import Batch, NewItem
from penstock.flow.models import LossReason, Outcome, Stage
from penstock.sales import bulk as sales_bulk
from penstock.sales.bulk import NewDeal
from penstock.users.models import Member, Workspace
from tests import make

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LAST = date(2025, 12, 31)
DAYS = 730
N = 2400
N_STEPS = 4
GOES_ON = 0.7
#: Deals that came by an event are lost in the third stage much more often.
LEAK_AT, LEAK = 2, 0.4
DAYS_ON, DAYS_LOST, LAG_DAYS = 12.0, 30.0, 6.0
#: How many wins are a customer's first.
NEW_SHARE = 0.6
#: Which share of the deals that are open on their twentieth day each owner pushes out, and by how many days.
PUSHES = {"Bob": (0.6, 30), "Dan": (0.2, 14)}
PRICE_SHARE = 0.4
#: From this day on deals are won for half as much again.
DEARER_FROM = NOW - timedelta(days=90)


@dataclass
class Life:
    """What became of one deal."""

    opened: datetime
    owner: str
    channel: str
    size: float
    visits: list[tuple[int, datetime]] = field(default_factory=list)
    verdict: str = ""
    ended: datetime | None = None
    known: datetime | None = None
    reason: str = ""
    closes: list[tuple[datetime, date]] = field(default_factory=list)
    company: int = -1
    amount: Decimal = Decimal(0)
    pk: int = 0

    @property
    def is_known(self) -> bool:
        """Whether its end happened and was entered by now."""
        return self.known is not None and self.known < NOW

    def is_open(self, at: datetime) -> bool:
        """Whether it was open at a moment, as it is known now."""
        ended = self.ended if self.is_known else None
        return self.opened < at and (ended is None or ended >= at)

    def close_on(self, at: datetime) -> date:
        """The expected close as said before a moment."""
        return [day for said, day in self.closes if said < at][-1]


@dataclass
class Planted:
    """The company and all its deals."""

    workspace: Workspace
    boss: Member
    members: dict[str, Member]
    stages: list[Stage]
    lives: list[Life]

    def won(self) -> Iterator[Life]:
        """Deals that are known to be won."""
        return (one for one in self.lives if one.verdict == "won" and one.is_known)


def plant(seed: int = 7) -> Planted:
    """Found the company and write the history of two years, as it was known at their end."""
    rng = np.random.default_rng(seed)
    workspace = make.workspace(time_zone="UTC")
    members = {name: make.member(workspace, name=name) for name in PUSHES}
    stages = list(make.pipeline(workspace).stages.order_by("position"))
    lives = [_life(rng) for _number in range(N)]
    _buy(rng, lives)
    planted = Planted(workspace, make.owner_of(workspace), members, stages, lives)
    _write(planted)
    return planted


def _life(rng: np.random.Generator) -> Life:
    now = NOW - timedelta(days=rng.uniform(0, DAYS))
    life = Life(
        opened=now,
        owner=str(rng.choice(list(PUSHES))),
        channel=str(rng.choice(["search", "event"])),
        size=float(rng.lognormal(8, 0.5)),
    )
    for step in range(N_STEPS):
        life.visits.append((step, now))
        leaks = step == LEAK_AT and life.channel == "event"
        if rng.random() >= (LEAK if leaks else GOES_ON):
            now += timedelta(days=rng.exponential(DAYS_LOST))
            life.verdict = "lost"
            life.reason = "price" if rng.random() < PRICE_SHARE else "other"
            break
        now += timedelta(days=rng.exponential(DAYS_ON))
    else:
        life.verdict = "won"
    life.ended, life.known = now, now + timedelta(days=rng.exponential(LAG_DAYS))
    dearer = 1.5 if life.ended >= DEARER_FROM else 1.0
    life.amount = Decimal(round(life.size * dearer))
    _close(rng, life)
    return life


def _close(rng: np.random.Generator, life: Life) -> None:
    expected = (life.opened + timedelta(days=60)).date()
    life.closes.append((life.opened, expected))
    share, days = PUSHES[life.owner]
    at = life.opened + timedelta(days=20)
    if at < NOW and at < (life.ended or NOW) and rng.random() < share:
        life.closes.append((at, expected + timedelta(days=days)))


def _buy(rng: np.random.Generator, lives: list[Life]) -> None:
    """Who buys: in the order of the wins a fresh customer, or one that bought before."""
    n_companies = 0
    buyers: list[int] = []
    wins = sorted((one for one in lives if one.verdict == "won"), key=lambda one: str(one.ended))
    for life in wins:
        if not buyers or rng.random() < NEW_SHARE:
            life.company, n_companies = n_companies, n_companies + 1
        else:
            life.company = buyers[int(rng.integers(len(buyers)))]
        buyers.append(life.company)


def _write(planted: Planted) -> None:
    workspace, lives = planted.workspace, planted.lives
    names = [f"Company {number}" for number in range(1 + max(one.company for one in lives))]
    companies = Company.objects.bulk_create(
        Company(workspace=workspace, name=name, sort_key=name.lower(), match_key=name.lower())
        for name in names
    )
    reasons = {
        "price": make.loss_reason(workspace, "price"),
        "other": make.loss_reason(workspace, "timing"),
    }
    batch = Batch(workspace.pk, None, "", is_assumed=False)
    rows = [_row(planted, one, number, companies) for number, one in enumerate(lives)]
    sales_bulk.open_deals(rows, currency=workspace.currency, batch=batch)
    for life, row in zip(lives, rows, strict=True):
        life.pk = row.item.pk
    told = [one for one in lives if one.is_known]
    bulk.insert(
        Outcome,
        _OUTCOME,
        [_outcome(one, workspace, reasons.get(one.reason)) for one in told],
    )
    bulk.settle([one.pk for one in told])


_OUTCOME = (
    "item_id",
    "verdict",
    "reason_id",
    "workspace_id",
    "occurred_at",
    "known_at",
    "is_assumed",
    "is_void",
    "source_key",
    "batch",
)


def _outcome(life: Life, workspace: Workspace, reason: LossReason | None) -> tuple[object, ...]:
    reason_id = reason.pk if reason else None
    told = (life.pk, life.verdict, reason_id, workspace.pk, life.ended, life.known)
    return (*told, False, False, None, None)


def _row(planted: Planted, life: Life, number: int, companies: list[Company]) -> NewDeal:
    seen = [(place, at) for place, at in life.visits if at < NOW]
    item = NewItem(
        title=f"Deal {number}",
        key=str(number),
        opened_at=life.opened,
        stage_id=planted.stages[0].pk,
        pipeline_id=planted.stages[0].pipeline_id,
        owner_id=planted.members[life.owner].pk,
        moves=[(planted.stages[place].pk, at) for place, at in seen[1:]],
    )
    return NewDeal(
        item=item,
        currency=planted.workspace.currency,
        company_id=companies[life.company].pk if life.company >= 0 else None,
        amount=life.amount,
        close_on=life.closes[0][1],
        channel=life.channel,
        changes=[("close_on", day, at) for at, day in life.closes[1:]],
    )
