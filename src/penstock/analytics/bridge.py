"""From what a pipeline held at one moment to what it held at another: every change in exactly one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.eventlog import (
    UNKNOWN,
    Bools,
    Facts,
    Ints,
    Timeline,
    blocks,
    exact_sum,
    joined,
    member_of,
    shifted,
    timeline,
)

#: What an outcome says; anything else is an end as well.
OPEN, WON, LOST, MERGED = 0, 1, 2, 3

#: The lines between opening and closing, in the order in which they are shown.
LINES = (
    "new",
    "reopened",
    "unparked",
    "transferred_in",
    "pulled_in",
    "up",
    "down",
    "currency",
    "pushed_out",
    "transferred_out",
    "parked",
    "merged",
    "lost",
    "won",
)
_CODE = {name: code for code, name in enumerate(LINES)}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of cases that may be held.

    Args:
        opened: When each case was opened; the value does not matter.
        outcome: ``OPEN``, ``WON``, ``LOST``, ``MERGED`` or another end.
        parked_until: The moment at which waiting ends, or UNKNOWN when it was ended.
        amount: Money, UNKNOWN for none.
        currency: A number per currency; UNKNOWN is the workspace's own.
        close_on: A day as a number, UNKNOWN for none.
        kept: Per field that cuts a slice, its values over time and those that belong to the slice.
        due: First and last day of a period, if only what is expected to close in it counts.
    """

    opened: Facts
    outcome: Facts
    parked_until: Facts
    amount: Facts
    currency: Facts
    close_on: Facts
    kept: Mapping[str, tuple[Facts, Ints]]
    due: tuple[int, int] | None = None

    def since(self, moment: int) -> Told:
        """What matters from a moment on: what is so then, and all that happens later, of cases not over by then.

        What is held at that moment or later, and every change between, are the same.
        """
        last = self.outcome.last()
        over = last.case[(last.at < moment) & (last.value != OPEN)]
        cases = self.opened.case[~member_of(self.opened.case, over)]

        def cut(one: Facts) -> Facts:
            return one.of(cases).since(moment)

        return Told(
            opened=cut(self.opened),
            outcome=cut(self.outcome),
            parked_until=cut(self.parked_until),
            amount=cut(self.amount),
            currency=cut(self.currency),
            close_on=cut(self.close_on),
            kept={name: (cut(one), values) for name, (one, values) in self.kept.items()},
            due=self.due,
        )

    def blocks(self) -> Iterator[Told]:
        """The same, some cases at a time."""
        names = ("opened", "outcome", "parked_until", "amount", "currency", "close_on")
        whole = {name: getattr(self, name) for name in names}
        # A field that cuts a slice may have the name of one of these.
        whole |= {f"kept {name}": one for name, (one, _values) in self.kept.items()}
        for part in blocks(whole):
            kept = {
                name: (part[f"kept {name}"], values) for name, (_one, values) in self.kept.items()
            }
            yield Told(
                opened=part["opened"],
                outcome=part["outcome"],
                parked_until=part["parked_until"],
                amount=part["amount"],
                currency=part["currency"],
                close_on=part["close_on"],
                kept=kept,
                due=self.due,
            )


@dataclass(frozen=True, slots=True)
class Held:
    """Which cases are held at a moment, with amount (0 for an unknown one) and currency of each."""

    case: Ints
    amount: Ints
    currency: Ints
    has_amount: Bools

    @property
    def sums(self) -> dict[int, int]:
        """Money per currency."""
        return _sums(self.amount, self.currency)


@dataclass(frozen=True, slots=True)
class Steps:
    """Every change of what is held: its line, and what left and what came with it.

    An increase has the rise as what came; a change of currency has both sides.
    """

    case: Ints
    at: Ints
    line: Ints
    came: Ints
    came_currency: Ints
    left: Ints
    left_currency: Ints

    def of(self, line: str) -> Steps:
        """Only the changes of one line."""
        return self._where(self.line == _CODE[line])

    def between(self, start: int, stop: int) -> Steps:
        """Only the changes from a moment (inclusive) to another (exclusive)."""
        return self._where((self.at >= start) & (self.at < stop))

    def _where(self, kept: NDArray[np.bool_]) -> Steps:
        return Steps(*(getattr(self, name)[kept] for name in self.__slots__))

    @property
    def sums(self) -> dict[int, int]:
        """Money per currency, signed."""
        return _sums(
            np.concatenate((self.came, -self.left)),
            np.concatenate((self.came_currency, self.left_currency)),
        )

    @property
    def n_entered(self) -> int:
        """By how many cases what is held grew (negative: shrank)."""
        names = np.array([_SIDE[name] for name in LINES])
        return int(names[self.line].sum())


_SIDE = dict.fromkeys(("new", "reopened", "unparked", "transferred_in", "pulled_in"), 1)
_SIDE |= dict.fromkeys(("up", "down", "currency"), 0)
_SIDE |= dict.fromkeys(("pushed_out", "transferred_out", "parked", "merged", "lost", "won"), -1)


@dataclass(frozen=True, slots=True)
class States:
    """What is so of a case from a moment on; ``after`` is when something happened next."""

    case: Ints
    at: Ints
    after: Ints
    is_held: Bools
    amount: Ints
    currency: Ints
    has_amount: Bools


@dataclass(frozen=True, slots=True)
class Walk:
    """All that happened to what is held, from the first moment on, and every change of it."""

    states: States
    steps: Steps

    def held(self, moment: int) -> Held:
        """What is held just before a moment."""
        told = self.states
        # The last moment of each case before this one: its next is too late, or there is none.
        last = told.is_held & (told.at < moment) & (told.after >= moment)
        return Held(told.case[last], told.amount[last], told.currency[last], told.has_amount[last])


def walk(told: Told) -> Walk:
    """Follow what is held through every moment at which something changed.

    What is held is the sum of the amounts of cases that are opened, have no end, do not wait, belong
    to the slice, and are due if a period is asked for. At each moment a case is held before and after,
    or one of both, or neither; the difference goes into one line. So opening plus all lines is
    closing, per currency, exactly, whatever the events are.

    A case that leaves does so for the first of: merged, won, lost, parked, transferred out, pushed out.
    One that enters was kept out by the first of: not opened yet, ended, waiting, outside the slice,
    not due. If amount and currency change together the whole change is one of currency.
    """
    parts = [_walked(one) for one in told.blocks()]
    return Walk(
        states=joined([states for states, _steps in parts]),
        steps=joined([steps for _states, steps in parts]),
    )


def _walked(told: Told) -> tuple[States, Steps]:
    ticks = _ends_of_waiting(told.parked_until)
    line = timeline(
        {
            "opened": told.opened,
            "outcome": told.outcome,
            "until": told.parked_until,
            "amount": told.amount,
            "currency": told.currency,
            "close_on": told.close_on,
            "tick": ticks,
            **{name: facts for name, (facts, _values) in told.kept.items()},
        }
    )
    conditions = _conditions(line, told)
    is_held = np.logical_and.reduce(list(conditions.values()))
    has_amount = line.values["amount"] != UNKNOWN
    amount = np.where(has_amount, line.values["amount"], 0)
    currency = line.values["currency"]
    steps = _steps(line, conditions, is_held, amount, currency)
    after = _following(line)
    return States(line.case, line.at, after, is_held, amount, currency, has_amount), steps


def _following(line: Timeline) -> Ints:
    """The next moment of the same case, beyond all moments for the last."""
    after = np.full(len(line), np.iinfo(np.int64).max)
    same = line.case[1:] == line.case[:-1]
    after[:-1][same] = line.at[1:][same]
    return after


def _ends_of_waiting(parked_until: Facts) -> Facts:
    """A moment of its own at the end of each waiting: no row says that the day has come."""
    waits = parked_until.value > parked_until.at
    case, until = parked_until.case[waits], parked_until.value[waits]
    by = np.lexsort((until, case))
    return Facts(case[by], until[by], np.zeros(len(by), dtype=np.int64))


def _conditions(line: Timeline, told: Told) -> dict[str, Bools]:
    """What must be so for a case to be held, in the order in which it is asked what kept it out."""
    values = line.values
    close_on = values["close_on"]
    first, last = told.due or (0, 0)
    is_due = (close_on >= first) & (close_on <= last) if told.due else np.ones(len(line), bool)
    belongs = np.ones(len(line), bool)
    for name, (_facts, wanted) in told.kept.items():
        belongs &= np.isin(values[name], wanted)
    return {
        "opened": values["opened"] != UNKNOWN,
        "open": (values["outcome"] == UNKNOWN) | (values["outcome"] == OPEN),
        "active": values["until"] <= line.at,
        "belongs": belongs,
        "due": is_due,
    }


_ENTERS = {
    "opened": "new",
    "open": "reopened",
    "active": "unparked",
    "belongs": "transferred_in",
    "due": "pulled_in",
}
_LEAVES = {"active": "parked", "belongs": "transferred_out", "due": "pushed_out"}


def _steps(
    line: Timeline, conditions: Mapping[str, Bools], is_held: Bools, amount: Ints, currency: Ints
) -> Steps:
    first = line.is_first
    was_held = _before(is_held, first=first)
    old, old_currency = shifted(amount, is_first=first), shifted(currency, is_first=first)
    stays = is_held & was_held
    other_currency = stays & (currency != old_currency)
    other_amount = stays & ~other_currency & (amount != old)
    changed = (is_held != was_held) | other_currency | other_amount
    code = np.zeros(len(line), dtype=np.int64)
    # From the last reason to the first: the first one that holds is written last and stays.
    for name in reversed(list(conditions)):
        kept_out = is_held & ~was_held & ~_before(conditions[name], first=first)
        code[kept_out] = _CODE[_ENTERS[name]]
        if name in _LEAVES:
            code[was_held & ~is_held & ~conditions[name]] = _CODE[_LEAVES[name]]
    gone = was_held & ~is_held & ~conditions["open"]
    for verdict, name in ((WON, "won"), (MERGED, "merged")):
        code[gone & (line.values["outcome"] == verdict)] = _CODE[name]
    code[gone & (line.values["outcome"] != WON) & (line.values["outcome"] != MERGED)] = _CODE[
        "lost"
    ]
    code[other_currency] = _CODE["currency"]
    code[other_amount & (amount > old)] = _CODE["up"]
    code[other_amount & (amount < old)] = _CODE["down"]
    came = np.where(is_held, amount, 0)
    left = np.where(was_held, old, 0)
    # Of a change of the amount alone only the difference is told.
    came, left = (
        np.where(other_amount, np.maximum(amount - old, 0), came),
        np.where(other_amount, np.maximum(old - amount, 0), left),
    )
    return Steps(
        line.case[changed],
        line.at[changed],
        code[changed],
        came[changed],
        currency[changed],
        left[changed],
        old_currency[changed],
    )


def _before(held: Bools, *, first: Bools) -> Bools:
    before = np.zeros(len(held), dtype=bool)
    before[1:] = held[:-1]
    before[first] = False
    return before


def corrected(then: Held, now: Held) -> tuple[Held, Held]:
    """What was held as known then and is not held so as known now, and the other way round."""
    return _only(then, ~_same(then, now)), _only(now, ~_same(now, then))


def _same(one: Held, other: Held) -> Bools:
    """Which of some cases the other holds alike."""
    if not len(other.case):
        return np.zeros(len(one.case), dtype=bool)
    places = np.minimum(np.searchsorted(other.case, one.case), len(other.case) - 1)
    return np.asarray(
        (other.case[places] == one.case)
        & (other.amount[places] == one.amount)
        & (other.currency[places] == one.currency)
    )


def _only(held: Held, kept: Bools) -> Held:
    return Held(held.case[kept], held.amount[kept], held.currency[kept], held.has_amount[kept])


def _sums(amounts: Ints, currencies: Ints) -> dict[int, int]:
    found = {}
    for currency in np.unique(currencies).tolist():
        total = exact_sum(amounts[currencies == currency])
        if total:
            found[currency] = total
    return found
