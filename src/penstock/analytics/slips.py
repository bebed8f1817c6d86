"""How expected closes move: how often, how far, and how far off the won ones were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb, floor, sqrt

import numpy as np

from penstock.analytics import conversion
from penstock.analytics.bridge import OPEN
from penstock.analytics.conversion import Z95, Share
from penstock.analytics.counts import TAIL
from penstock.analytics.eventlog import (
    UNKNOWN,
    Bools,
    Facts,
    Ints,
    blocks,
    distinct,
    joined,
    looked_up,
    shifted,
    timeline,
)

#: Up to so many cases the ranks of a median's interval are counted out.
EXACT_UP_TO = 200


@dataclass(frozen=True, slots=True)
class Told:
    """Expected closes (days as numbers), owners and ends of cases over time; the day of the win of won ones."""

    close_on: Facts
    owner: Facts
    outcome: Facts
    won: Facts


@dataclass(frozen=True, slots=True)
class Middle:
    """A median of ``n`` days with its exact 95 % interval; None for none, the bounds below six cases."""

    n: int
    days: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Slips:
    """One owner (UNKNOWN for nobody): deals with an expected close, and how these moved.

    ``pushed`` is the share of the deals whose close was put off at least once. ``late`` is by how many
    days won deals closed after the close that was said first. ``n_overdue`` are deals that are open at
    the end of the window although the close has passed. The cases behind each are named.
    """

    owner: int
    n_pushes: int
    n_pulls: int
    pushed: Share
    push: Middle
    pull: Middle
    late: Middle
    n_overdue: int
    cases: Ints
    pushed_cases: Ints
    won_cases: Ints
    overdue_cases: Ints


@dataclass(frozen=True, slots=True)
class _Marks:
    """Moments of a line of time that say something, whose they were, and what they say."""

    case: Ints
    owner: Ints
    lives: Bools
    by: Ints
    won: Bools
    late: Ints
    overdue: Bools


def slips(told: Told, *, start: int, stop: int, last: int) -> list[Slips]:
    """How the expected closes of open deals moved in a window, by who owned the deal at that moment.

    A deal counts for everybody who owned it in the window while it was open and had an expected close.
    A close that is said for the first time, or taken away, did not move.

    Args:
        told: Closes, owners, ends and wins.
        start: First moment of the window.
        stop: First moment after it.
        last: Its last day, as a number.
    """
    whole = {"close": told.close_on, "owner": told.owner, "outcome": told.outcome, "won": told.won}
    marks: _Marks = joined(
        [_marks(part, start=start, stop=stop, last=last) for part in blocks(whole)]
    )
    found = np.unique(marks.owner[marks.lives | marks.won])
    return [_of(int(one), marks, marks.owner == one) for one in found]


def together(told: Told, *, start: int, stop: int, last: int) -> Slips | None:
    """The same of all owners as one; None where there is no deal."""
    nobody = Facts(told.owner.case[:0], told.owner.at[:0], told.owner.value[:0])
    whole = Told(told.close_on, nobody, told.outcome, told.won)
    return next(iter(slips(whole, start=start, stop=stop, last=last)), None)


def middle(days: Ints) -> Middle:
    """A median with its interval by ranks, which assumes no distribution.

    Source:
        W. J. Conover, Practical Nonparametric Statistics, 3rd ed., ch. 3.2.

    >>> middle(np.array([1, 2, 3, 4, 5, 6]))
    Middle(n=6, days=3.5, low=1.0, high=6.0)
    """
    n = len(days)
    if not n:
        return Middle(0, None, None, None)
    ranked = np.sort(days)
    rank = _rank(n)
    low, high = (float(ranked[rank - 1]), float(ranked[n - rank])) if rank else (None, None)
    return Middle(n, float(np.median(days)), low, high)


def _rank(n: int) -> int:
    """Which smallest of ``n`` values bounds the median from below; 0 for too few."""
    if n > EXACT_UP_TO:
        return floor((n - Z95 * sqrt(n)) / 2)
    below, rank = 0, 0
    while below + comb(n, rank) <= TAIL * 2**n:
        below += comb(n, rank)
        rank += 1
    return rank


def _marks(told: Mapping[str, Facts], *, start: int, stop: int, last: int) -> _Marks:
    line = timeline({name: one.since(start) for name, one in told.items()})
    is_first = line.is_first
    close, outcome = line.values["close"], line.values["outcome"]
    before, was = shifted(close, is_first=is_first), shifted(outcome, is_first=is_first)
    is_open = (outcome == UNKNOWN) | (outcome == OPEN)
    was_open = (was == UNKNOWN) | (was == OPEN)
    inside = (line.at >= start) & (line.at < stop)
    moved = inside & is_open & was_open & (before != UNKNOWN) & (close != UNKNOWN)
    # What is so from a moment on holds until the next moment of the case, or the end.
    until = np.full(len(line), stop)
    until[:-1] = np.where(is_first[1:], stop, line.at[1:])
    lives = (line.at < stop) & (until > start) & is_open & (close != UNKNOWN)
    is_won = inside & (line.values["won"] != shifted(line.values["won"], is_first=is_first))
    said = looked_up(line.case, _first(told["close"], before=told["won"]))
    is_won &= (line.values["won"] != UNKNOWN) & (said != UNKNOWN)
    said_here = lives | is_won | moved
    found = _Marks(
        case=line.case,
        owner=line.values["owner"],
        lives=lives,
        by=np.where(moved, close - np.where(moved, before, 0), 0),
        won=is_won,
        late=np.where(is_won, line.values["won"] - said, 0),
        overdue=lives & (until >= stop) & (close < last),
    )
    return _Marks(*(getattr(found, name)[said_here] for name in _Marks.__slots__))


def _first(told: Facts, *, before: Facts) -> Facts:
    """The first value of each case that was said before it was won."""
    kept = told.value != UNKNOWN
    won_at = looked_up(told.case, Facts(before.case, before.at, before.at))
    kept &= (won_at == UNKNOWN) | (told.at < won_at)
    case, at, value = told.case[kept], told.at[kept], told.value[kept]
    first = np.append(True, case[1:] != case[:-1])[: len(case)]
    return Facts(case[first], at[first], value[first])


def _of(owner: int, marks: _Marks, mine: Bools) -> Slips:
    by = marks.by[mine & (marks.by != 0)]
    cases = distinct(marks.case[mine & (marks.lives | (marks.by != 0))])
    pushed = distinct(marks.case[mine & (marks.by > 0)])
    overdue = distinct(marks.case[mine & marks.overdue])
    return Slips(
        owner=owner,
        n_pushes=int((by > 0).sum()),
        n_pulls=int((by < 0).sum()),
        pushed=conversion.share(len(pushed), of=len(cases)),
        push=middle(by[by > 0]),
        pull=middle(-by[by < 0]),
        late=middle(marks.late[mine & marks.won]),
        n_overdue=len(overdue),
        cases=cases,
        pushed_cases=pushed,
        won_cases=distinct(marks.case[mine & marks.won]),
        overdue_cases=overdue,
    )
