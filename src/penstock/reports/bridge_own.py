"""A bridge in the workspace's currency: every change at the rate of its day, and what rates alone did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, localcontext

import numpy as np

from penstock.analytics import bridge as walking
from penstock.analytics.bridge import Held, Steps
from penstock.analytics.eventlog import UNKNOWN, Ints, exact_sum
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import log, won
from penstock.reports.log import Source

#: So many digits lose nothing of an amount times a rate.
_DIGITS = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Own:
    """The lines in the workspace's currency, to four places; opening and all lines come to the closing.

    ``revalued`` is what changed rates made of what was held, deal by deal; ``missing`` are currencies of
    which some day has no rate: their amounts are in no line.
    """

    lines: Mapping[str, Decimal]
    revalued: Mapping[int, Decimal]
    missing: tuple[str, ...]


@dataclass
class _Sums:
    """Unrounded sums per line, and per deal what rates must have made of it."""

    lines: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    left: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))


def own(
    source: Source, *, opening: Held, steps: Steps, closing: Held, days: tuple[date, date]
) -> Own:
    """Opening, steps and closing at the rates of their days.

    What is held at the closing, less what was held at the opening, less all changes between, each at the
    rate of its day, is what the rates did: for an amount that did not change it is
    ``catalog.exchange.revalued``. It is told deal by deal.

    Args:
        source: Whose rates, as known before which moment.
        opening: What was held on the first of the days.
        steps: All changes after it.
        closing: What was held on the last of the days.
        days: The evening of the opening and that of the closing.
    """
    rates = _Rates(source, _asked(source, opening, steps, closing, days))
    sums = _Sums()
    with localcontext(_DIGITS):
        for sign, code, held, day in (
            (-1, "opening", opening, days[0]),
            (1, "closing", closing, days[1]),
        ):
            _add_held(sums, rates, held, code=code, day=day, sign=sign)
        _add_steps(sums, rates, steps, won.days_of(steps.at, source))
    revalued = {case: value for case, value in sums.left.items() if value}
    lines = {code: exact(value) for code, value in sums.lines.items()}
    return Own(
        lines=lines | {"revalued": _rest(lines)},
        revalued={case: exact(value) for case, value in revalued.items() if exact(value)},
        missing=tuple(sorted(rates.missing)),
    )


def worth(source: Source, held: Held, day: date, *, without: tuple[str, ...]) -> Decimal:
    """What is held comes to at the rates of a day, without some currencies and those that have none."""
    rates = _Rates(source, {(one, day) for one in np.unique(held.currency).tolist()})
    rates.missing |= set(without)
    sums = _Sums()
    with localcontext(_DIGITS):
        _add_held(sums, rates, held, code="held", day=day, sign=1)
    return exact(sums.lines["held"])


def is_mixed(*held: Held, steps: Steps) -> bool:
    """Whether any amount is in another currency."""
    currencies = [one.currency for one in held] + [steps.came_currency, steps.left_currency]
    return any(bool((one != UNKNOWN).any()) for one in currencies)


def _rest(lines: Mapping[str, Decimal]) -> Decimal:
    """The sum of what rates did; with it the rounded lines come to the rounded closing."""
    changes = sum(
        (value for code, value in lines.items() if code not in {"opening", "closing"}), ZERO
    )
    return lines.get("closing", ZERO) - lines.get("opening", ZERO) - changes


class _Rates:
    """Rates of currency numbers on days, all asked for at once."""

    def __init__(self, source: Source, asked: set[tuple[int, date]]) -> None:
        self._own = source.member.workspace.currency
        self._exchange = Exchange(source.member.workspace, day=source.at.date(), known=source.known)
        parts = {pair: Part(self._code(pair[0]), ZERO, 0, pair[1]) for pair in asked}
        self._exchange.learn(parts.values())
        self._found = {pair: self._exchange.rate_of(part) for pair, part in parts.items()}
        self.missing = {
            self._code(number) for (number, _day), rate in self._found.items() if rate is None
        }

    def of(self, currency: int, day: date) -> Decimal | None:
        """What a unit is worth; None for a currency that has no rate on some day that is asked."""
        if self._code(currency) in self.missing:
            return None
        return self._found[currency, day]

    def _code(self, number: int) -> str:
        return log.currency_code(number, own=self._own)


def _asked(
    source: Source, opening: Held, steps: Steps, closing: Held, days: tuple[date, date]
) -> set[tuple[int, date]]:
    """The currencies and days whose rates are needed."""
    pairs = {(one, days[0]) for one in np.unique(opening.currency).tolist()}
    pairs |= {(one, days[1]) for one in np.unique(closing.currency).tolist()}
    at = won.days_of(steps.at, source)
    for currency in (steps.came_currency, steps.left_currency):
        foreign = currency != UNKNOWN
        told = zip(currency[foreign].tolist(), at[foreign].tolist(), strict=True)
        pairs |= {(one, won.day_of(day)) for one, day in set(told)}
    return pairs


def _add_held(sums: _Sums, rates: _Rates, held: Held, *, code: str, day: date, sign: int) -> None:
    for currency in np.unique(held.currency).tolist():
        rate = rates.of(currency, day)
        if rate is None:
            continue
        mine = held.currency == currency
        sums.lines[code] += won.money(exact_sum(held.amount[mine])) * rate
        if currency != UNKNOWN:
            _add_cases(sums, held.case[mine], held.amount[mine], rate * sign)


def _add_steps(sums: _Sums, rates: _Rates, steps: Steps, days: Ints) -> None:
    for currencies, amounts, sign in (
        (steps.came_currency, steps.came, 1),
        (steps.left_currency, steps.left, -1),
    ):
        # The workspace's own currency is worth itself on every day: its days are one.
        at = np.where(currencies == UNKNOWN, 0, days)
        kept = np.flatnonzero(amounts)
        for line, currency, day, mine in _grouped(steps.line, currencies, at, kept):
            rate = rates.of(currency, won.day_of(day)) if currency != UNKNOWN else Decimal(1)
            if rate is None:
                continue
            total = won.money(exact_sum(amounts[mine]))
            sums.lines[walking.LINES[line]] += total * rate * sign
            if currency != UNKNOWN:
                _add_cases(sums, steps.case[mine], amounts[mine], -rate * sign)


def _grouped(
    line: Ints, currency: Ints, day: Ints, kept: Ints
) -> Iterator[tuple[int, int, int, Ints]]:
    """The places of each line, currency and day."""
    if not len(kept):
        return
    keys = np.stack((line[kept], currency[kept], day[kept]))
    by = np.lexsort(keys[::-1])
    keys, places = keys[:, by], kept[by]
    cuts = np.flatnonzero((np.diff(keys, axis=1) != 0).any(axis=0)) + 1
    firsts = np.concatenate(([0], cuts))
    for at, mine in zip(firsts.tolist(), np.split(places, cuts), strict=True):
        yield int(keys[0, at]), int(keys[1, at]), int(keys[2, at]), mine


def _add_cases(sums: _Sums, cases: Ints, amounts: Ints, rate: Decimal) -> None:
    told: Iterable[tuple[int, int]] = zip(cases.tolist(), amounts.tolist(), strict=True)
    for case, amount in told:
        sums.left[case] += won.money(amount) * rate
