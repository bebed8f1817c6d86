"""Deals with planted conversions, times, leaks, lags, slips, buyers, touches and reasons: what is true of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import exp

import numpy as np

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LAST = date(2025, 12, 31)
DAYS = 730
N = 1200
N_STEPS = 4
GOES_ON = 0.7
#: Deals that came by an event are lost in the third stage much more often.
LEAK_AT, LEAK = 2, 0.4
DAYS_ON, DAYS_LOST, LAG_DAYS = 20.0, 8.0, 6.0
#: How many wins are a customer's first, and how many of the others are the largest customer's.
NEW_SHARE, WHALE_SHARE = 0.6, 0.3
#: Which share of the deals that are open on their twentieth day each owner pushes out, and by how many days.
PUSHES = {"Bob": (0.8, (30, 60)), "Dan": (0.5, (15, 45))}
OWNERS, CHANNELS = list(PUSHES), ["search", "event"]
PUSHED_AFTER, EXPECTED_AFTER = 20, 40
#: Of the deals that are first lost for want of time half come back, and are lost again for their price.
PRICE_SHARE, COMES_BACK = 0.4, 0.5
#: From this day on deals are won for half as much again.
DEARER_FROM = NOW - timedelta(days=90)
DEARER = 1.5
#: Sizes are log-normal; which share of all deals is won follows from the steps.
LOG_SIZE, SPREAD = 8.0, 0.5
MEAN_SIZE = exp(LOG_SIZE + SPREAD**2 / 2)
WON_SHARE = (GOES_ON**N_STEPS + GOES_ON ** (N_STEPS - 1) * LEAK) / 2
#: Some deals are in a currency a hundred of which are one of the company's.
FOREIGN, FOREIGN_SHARE, PER_OWN = "JPY", 0.2, 100
#: Deals that nobody will ever close were opened in the last ninety days.
N_DEAD, DEAD_OWNER = 250, "Zoe"


@dataclass(frozen=True)
class End:
    """A deal was won, lost or reopened, and that was entered some days later."""

    verdict: str
    at: datetime
    known: datetime
    reason: str = ""


@dataclass
class Life:
    """What became of one deal; amounts are in its own currency."""

    opened: datetime
    owner: str
    channel: str
    visits: list[tuple[int, datetime]] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    closes: list[tuple[datetime, date]] = field(default_factory=list)
    amounts: list[tuple[datetime, Decimal]] = field(default_factory=list)
    touches: list[tuple[datetime, str]] = field(default_factory=list)
    is_foreign: bool = False
    company: int = -1
    pk: int = 0

    @property
    def last(self) -> End | None:
        """How it ends for good; None for one that never does."""
        return self.ends[-1] if self.ends else None

    @property
    def is_won(self) -> bool:
        """Whether it ends with a win."""
        return self.last is not None and self.last.verdict == "won"

    @property
    def ended(self) -> datetime:
        """When it ends for good; never for one that does not."""
        return self.last.at if self.last else datetime.max.replace(tzinfo=UTC)

    def end(self, at: datetime, *, known: datetime = NOW) -> str:
        """How it stands at a moment, as known before another; empty while it is open."""
        told = [one for one in self.ends if one.at < at and one.known < known]
        return told[-1].verdict if told and told[-1].verdict != "open" else ""

    def is_open(self, at: datetime, *, known: datetime = NOW) -> bool:
        """Whether it is open at a moment, as known before another."""
        return self.opened < at and not self.end(at, known=known)

    def amount(self, at: datetime = NOW) -> Decimal:
        """The amount in force at a moment."""
        return [amount for since, amount in self.amounts if since < at][-1]

    def worth(self, at: datetime = NOW) -> Decimal:
        """The same in the company's currency."""
        return self.amount(at) / (PER_OWN if self.is_foreign else 1)

    def close_on(self, at: datetime) -> date:
        """The expected close as said before a moment."""
        return [day for said, day in self.closes if said < at][-1]

    def days_in(self, place: int) -> float:
        """How long it is in a stage."""
        entered = dict(self.visits)
        left = entered.get(place + 1, self.ends[0].at)
        return (left - entered[place]).total_seconds() / 86400

    @property
    def days(self) -> float:
        """From its opening until its end."""
        return (self.ended - self.opened).total_seconds() / 86400


def lives(rng: np.random.Generator, *, n: int = N) -> list[Life]:
    """Deals opened evenly over two years, with their buyers."""
    made = [_life(rng) for _number in range(n)]
    _buy(rng, made)
    return made


def dead(rng: np.random.Generator) -> list[Life]:
    """Deals of the last ninety days that nobody ever closes."""
    opened = (NOW - timedelta(days=rng.uniform(0, 90)) for _number in range(N_DEAD))
    return [
        Life(at, DEAD_OWNER, "", visits=[(0, at)], amounts=[(at, Decimal(5000))]) for at in opened
    ]


def _life(rng: np.random.Generator) -> Life:
    now = NOW - timedelta(days=rng.uniform(0, DAYS))
    life = Life(now, OWNERS[rng.integers(2)], CHANNELS[rng.integers(2)])
    for step in range(N_STEPS):
        life.visits.append((step, now))
        leaks = step == LEAK_AT and life.channel == "event"
        if rng.random() >= (LEAK if leaks else GOES_ON):
            now += timedelta(days=rng.exponential(DAYS_LOST))
            _lose(rng, life, now)
            break
        now += timedelta(days=rng.exponential(DAYS_ON))
    else:
        life.ends.append(End("won", now, now + _lag(rng)))
    _price(rng, life)
    _close(rng, life)
    _touch(rng, life)
    return life


def _lag(rng: np.random.Generator) -> timedelta:
    return timedelta(days=rng.exponential(LAG_DAYS))


def _lose(rng: np.random.Generator, life: Life, now: datetime) -> None:
    lag = _lag(rng)
    reason = "price" if rng.random() < PRICE_SHARE else "timing"
    life.ends.append(End("lost", now, now + lag, reason))
    if reason == "timing" and rng.random() < COMES_BACK:
        back = now + timedelta(days=rng.exponential(3))
        again = back + timedelta(days=rng.exponential(5))
        life.ends.append(End("open", back, back + lag))
        life.ends.append(End("lost", again, again + lag, "price"))


def _price(rng: np.random.Generator, life: Life) -> None:
    size = float(rng.lognormal(LOG_SIZE, SPREAD)) * (DEARER if life.ended >= DEARER_FROM else 1.0)
    life.is_foreign = rng.random() < FOREIGN_SHARE
    unit = PER_OWN if life.is_foreign else 1
    life.amounts.append((life.opened, Decimal(round(size) * unit)))
    at = life.opened + timedelta(days=10)
    if at < life.ends[0].at and rng.random() < 0.4:
        life.amounts.append((at, Decimal(round(size * rng.uniform(0.5, 1.5)) * unit)))


def _close(rng: np.random.Generator, life: Life) -> None:
    expected = (life.opened + timedelta(days=EXPECTED_AFTER)).date()
    life.closes.append((life.opened, expected))
    share, (low, high) = PUSHES[life.owner]
    at = life.opened + timedelta(days=PUSHED_AFTER)
    if at < life.ends[0].at and rng.random() < share:
        by = int(rng.integers(low, high + 1))
        life.closes.append((at, expected + timedelta(days=by)))


def _touch(rng: np.random.Generator, life: Life) -> None:
    """A customer comes by the channel, and half of them once more by mail while the deal is open."""
    life.touches.append((life.opened, life.channel))
    again = life.opened + timedelta(days=rng.uniform(1, 5))
    if again < life.ends[0].at and rng.random() < 0.5:
        life.touches.append((again, "email"))


def _buy(rng: np.random.Generator, made: list[Life]) -> None:
    """Who buys: in the order of the wins a fresh customer, or one that bought before."""
    n_companies, buyers = 0, [0]
    for life in sorted((one for one in made if one.is_won), key=lambda one: one.ended):
        if not n_companies or rng.random() < NEW_SHARE:
            life.company, n_companies = n_companies, n_companies + 1
        elif rng.random() < WHALE_SHARE:
            life.company = 0
        else:
            life.company = buyers[int(rng.integers(len(buyers)))]
        buyers.append(life.company)
