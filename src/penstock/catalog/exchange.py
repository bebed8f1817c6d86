"""Sums of several currencies as one: at named rates, with what has no rate set apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from penstock.base.money import ZERO, exact
from penstock.catalog import rates
from penstock.catalog.rates import DayRate
from penstock.users.models import Workspace


@dataclass(frozen=True, slots=True)
class Part:
    """Amounts of one currency that are converted at the rate of one day; None is the day that is asked.

    ``n`` is the number of cases whose amounts were added up, 0 where nobody counted them.
    """

    currency: str
    amount: Decimal
    n: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class InOne:
    """What some parts come to in the workspace's currency.

    ``parts`` are the native sums behind it, ``missing`` those of them that no rate turns: they are not
    in ``total``. ``stated`` are the first and the last day whose rates were taken; None without any.
    """

    currency: str
    day: date
    total: Decimal = ZERO
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    missing: Mapping[str, Decimal] = field(default_factory=dict)
    n_missing: int = 0
    stated: tuple[date, date] | None = None
    is_closed: bool = False

    @property
    def is_mixed(self) -> bool:
        """Whether any part is in another currency."""
        return any(currency != self.currency for currency in self.parts)


class Exchange:
    """Converts sums of one workspace at one day, and remembers the rates that it asked for."""

    def __init__(self, workspace: Workspace, *, day: date, known: datetime | None = None) -> None:
        self._workspace = workspace
        self._known = known
        self._rates: dict[tuple[str, date], DayRate | None] = {}
        self.day = day
        self.own = workspace.currency

    def learn(self, parts: Iterable[Part]) -> None:
        """Ask for the rates of many parts at once; no query where all are known or none is needed."""
        wanted = {self._pair(part) for part in parts if part.currency != self.own}
        if fresh := wanted - set(self._rates):
            self._rates |= rates.on_days(self._workspace, fresh, known=self._known)

    def in_one(self, parts: Sequence[Part]) -> InOne:
        """Some parts as one sum: added up by currency and day, multiplied once, then rounded."""
        self.learn(parts)
        native, missing = _Sums(), _Sums()
        total, n_missing, days = ZERO, 0, []
        for part in parts:
            native.add(part)
            if part.currency == self.own:
                total += part.amount
                continue
            rate = self._rates[self._pair(part)]
            if rate is None:
                missing.add(part)
                n_missing += part.n
            else:
                total += exact(part.amount * rate.rate)
                days.append(rate.day)
        return InOne(
            currency=self.own,
            day=self.day,
            total=total,
            parts=dict(sorted(native.items())),
            missing=dict(sorted(missing.items())),
            n_missing=n_missing,
            stated=(min(days), max(days)) if days else None,
            is_closed=any(part.day is not None for part in parts),
        )

    def of(self, sums: Mapping[str, Decimal]) -> InOne:
        """Sums per currency, at the day that is asked."""
        return self.in_one([Part(currency, amount) for currency, amount in sums.items()])

    def rate_of(self, part: Part) -> Decimal | None:
        """What one unit of a part's currency is worth on its day; None where there is no rate."""
        if part.currency == self.own:
            return Decimal(1)
        self.learn([part])
        rate = self._rates[self._pair(part)]
        return None if rate is None else rate.rate

    def _pair(self, part: Part) -> tuple[str, date]:
        return (part.currency, part.day or self.day)


def together(parts: Sequence[InOne]) -> InOne | None:
    """Several sums of one workspace as one; None for none."""
    if not parts:
        return None
    native, missing = _Sums(), _Sums()
    for part in parts:
        for code, amount in part.parts.items():
            native.add(Part(code, amount))
        for code, amount in part.missing.items():
            missing.add(Part(code, amount))
    days = [day for part in parts for day in part.stated or ()]
    return InOne(
        currency=parts[0].currency,
        day=max(part.day for part in parts),
        total=sum((part.total for part in parts), ZERO),
        parts=dict(sorted(native.items())),
        missing=dict(sorted(missing.items())),
        n_missing=sum(part.n_missing for part in parts),
        stated=(min(days), max(days)) if days else None,
        is_closed=any(part.is_closed for part in parts),
    )


def revalued(amount: Decimal, *, before: DayRate, after: DayRate) -> Decimal:
    """By how much an amount changed in the workspace's currency because its rate did: exact, to four places.

    An amount is worth ``exact(amount × rate)``, so what stood, plus this, is what stands.

    >>> day = date(2026, 1, 1)
    >>> revalued(
    ...     Decimal(1000),
    ...     before=DayRate(Decimal("0.90"), day),
    ...     after=DayRate(Decimal("0.95"), day),
    ... )
    Decimal('50.0000')
    """
    return exact(amount * after.rate) - exact(amount * before.rate)


class _Sums(dict[str, Decimal]):
    def add(self, part: Part) -> None:
        """Add a part to the sum of its currency."""
        self[part.currency] = self.get(part.currency, ZERO) + part.amount
