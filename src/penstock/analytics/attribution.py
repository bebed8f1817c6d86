"""Which touch earns the credit for a lead: the first, the last, or all alike; and what a day of a cost is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

FIRST, LAST, LINEAR = "first", "last", "linear"
RULES = (FIRST, LAST, LINEAR)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part(Generic[Key]):
    """``n`` leads alike: credit for each goes in equal parts to ``among`` touches, one of them of ``key``.

    ``kind`` says how they stand; ``value`` is the sum of what they are worth, None where nobody knows.
    """

    key: Key
    among: int
    n: int
    kind: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What one key earned: leads by how they stand, and worth; exact, so that all keys sum to the whole."""

    leads: Mapping[str, Fraction]
    value: Mapping[str, Fraction]

    @property
    def n(self) -> Fraction:
        """All its leads."""
        return sum(self.leads.values(), Fraction())


def shares(n_touches: int, rule: str) -> list[Fraction]:
    """The credit of each touch of one lead, in the order of time; it sums to one, exactly.

    >>> shares(2, LINEAR), shares(2, FIRST)
    ([Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 1), Fraction(0, 1)])
    >>> shares(0, LINEAR)
    []
    """
    if rule not in RULES:
        raise ValueError(f"there is no rule “{rule}”")
    if n_touches == 0:
        return []
    if rule == LINEAR:
        return [Fraction(1, n_touches)] * n_touches
    earns = 0 if rule == FIRST else n_touches - 1
    return [Fraction(int(number == earns)) for number in range(n_touches)]


def credit(parts: Iterable[Part[Key]]) -> dict[Key, Credit]:
    """Add up the credit of each key.

    Args:
        parts: Leads with the same key, number of touches and standing, counted; under :data:`FIRST` and
            :data:`LAST` ``among`` is one.

    Returns:
        Fractions, never rounded: over all keys they sum to the number and the worth of the leads. Nothing
        for nothing.

    >>> found = credit([Part("search", 3, 2, "won", Decimal(90)), Part("email", 3, 2, "won", Decimal(90))])
    >>> found["search"].leads["won"], found["search"].value["won"]
    (Fraction(2, 3), Fraction(30, 1))
    """
    leads: dict[Key, dict[str, Fraction]] = {}
    value: dict[Key, dict[str, Fraction]] = {}
    for part in parts:
        mine, worth = leads.setdefault(part.key, {}), value.setdefault(part.key, {})
        mine[part.kind] = mine.get(part.kind, Fraction()) + Fraction(part.n, part.among)
        if part.value is not None:
            worth[part.kind] = worth.get(part.kind, Fraction()) + Fraction(part.value) / part.among
    return {key: Credit(leads[key], value[key]) for key in leads}


def cost_within(amount: Decimal, *, of: tuple[date, date], window: tuple[date, date]) -> Fraction:
    """The part of a cost that falls into a window, spread evenly over its days; days are included.

    >>> january = (date(2026, 1, 1), date(2026, 1, 31))
    >>> cost_within(Decimal(310), of=january, window=(date(2026, 1, 30), date(2026, 2, 5)))
    Fraction(20, 1)
    """
    first, last = max(of[0], window[0]), min(of[1], window[1])
    n_inside = max((last - first).days + 1, 0)
    return Fraction(amount) * n_inside / ((of[1] - of[0]).days + 1)
