"""What to do first: the cost of waiting, from how pressing it is and how much is at stake."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

#: Of each kind of matter: how pressing it is on its day (0 to 1), and in how many days of lateness half of
#: what is missing to 1 is gone. What is not on this list is as pressing as a planned step.
PRESSING: dict[str, tuple[float, float]] = {
    "lead": (0.85, 0.5),
    "unhappy": (0.8, 1.0),
    "commented": (0.75, 1.0),
    "viewed": (0.6, 3.0),
    "step": (0.5, 3.0),
    "expiring": (0.45, 2.0),
    "renewal": (0.4, 5.0),
    "late_in_stage": (0.4, 10.0),
    "upsell": (0.3, 10.0),
    "win_back": (0.3, 10.0),
    "no_step": (0.25, 10.0),
}
#: What was marked to come first counts this many times.
HIGH = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that asks for somebody.

    Attributes:
        kind: One of :data:`PRESSING`.
        late_days: Days since it was due, 0 or more; days ahead are negative and count as 0.
        value: What is expected of it in one currency: amount times chance; None where nobody knows.
        is_high: Somebody said that it comes first.
        key: What decides between equals; no two matters share it.
    """

    kind: str
    late_days: float
    value: float | None
    key: int
    is_high: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A matter with its place and what led to it."""

    matter: Matter
    score: float
    urgency: float
    weight: float


def urgency(kind: str, *, late_days: float) -> float:
    """How pressing something is, from 0 to 1: it grows with every day of lateness, ever more slowly.

    >>> round(urgency("step", late_days=0), 3), round(urgency("step", late_days=3), 3)
    (0.5, 0.75)
    """
    base, half = PRESSING.get(kind, PRESSING["step"])
    return base + (1 - base) * (1 - math.exp2(-max(0.0, late_days) / half))


def weight(value: float | None, *, usual: float) -> float:
    """How much is at stake, as doublings: 1 for nothing, 2 for the usual value, 3 for three times as much.

    The unknown weighs as the usual: nobody gains a place by leaving the amount out.

    >>> weight(0, usual=100), weight(100, usual=100), weight(300, usual=100), weight(None, usual=100)
    (1.0, 2.0, 3.0, 2.0)
    """
    if value is None or usual <= 0:
        return 2.0
    return 1 + math.log2(1 + max(0.0, value) / usual)


def rank(matters: Sequence[Matter]) -> list[Ranked]:
    """Matters in the order in which to do them: urgency times weight, the greatest first.

    The usual value is the median of those known, so the order does not depend on the currency. Equals keep
    the order of lateness, then of value, then of ``key``: the same matters always come in the same order.
    Nothing comes out of nothing. It says nothing of how likely a call is to help: that is not measured.

    Source: the cost of delay divided by the length of the job, all jobs taken to be equally short
    (Reinertsen, The Principles of Product Development Flow, 2009, principle F: weighted shortest job first).

    >>> late = Matter(kind="step", late_days=6, value=100, key=1)
    >>> due = Matter(kind="step", late_days=0, value=100, key=2)
    >>> large = Matter(kind="step", late_days=0, value=900, key=3)
    >>> [one.matter.key for one in rank([due, late, large])]
    [3, 1, 2]
    """
    known = [one.value for one in matters if one.value is not None and one.value > 0]
    usual = median(known) if known else 0.0
    return sorted((_ranked(one, usual=usual) for one in matters), key=_order)


def _ranked(matter: Matter, *, usual: float) -> Ranked:
    pressing = urgency(matter.kind, late_days=matter.late_days)
    at_stake = weight(matter.value, usual=usual)
    score = pressing * at_stake * (HIGH if matter.is_high else 1)
    return Ranked(matter=matter, score=score, urgency=pressing, weight=at_stake)


def _order(ranked: Ranked) -> tuple[float, float, float, int]:
    matter = ranked.matter
    return (-ranked.score, -matter.late_days, -(matter.value or 0.0), matter.key)
