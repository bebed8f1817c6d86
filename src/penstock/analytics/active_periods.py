"""Who works the longest without a pause at each moment: the one all others wait for, and how that moves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: From when to when something was active, in any unit; the end is no part of it.
Spell = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """For the length of one spell a resource was the one that all others waited for."""

    resource: int
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Shifting:
    """Whose turn it was from the beginning of a window to its end.

    Attributes:
        chain: The turns in order; two that follow one another overlap.
        sole: Per resource, how long it was the bottleneck alone.
        shifting: Per resource, how long it was while the bottleneck moved to it or away from it.
    """

    chain: tuple[Turn, ...]
    sole: tuple[float, ...]
    shifting: tuple[float, ...]


def shifting(resources: Sequence[Sequence[Spell]], *, start: float, stop: float) -> Shifting:
    """The bottleneck of every moment of a window: whose active spell is the longest.

    When its spell ends, the longest spell of that moment takes over (of equal ones that which began
    first). Where two spells of the chain overlap, the bottleneck is on its way from one to the other.

    Args:
        resources: Per resource its active spells, in any order; those that touch or overlap are one.
            Active is all that is neither waiting for work nor unable to pass it on.
        start: Begin of the window.
        stop: Its end.

    Returns:
        No turn where nobody was active. Time of the chain that belongs to one turn alone is sole, what
        two turns share counts as shifting for both.

    Source:
        C. Roser, M. Nakano, M. Tanaka, "Shifting bottleneck detection", Proceedings of the 2002 Winter
        Simulation Conference, pp. 1079-1086.

    >>> found = shifting([[(0, 4), (8, 9)], [(3, 9)]], start=0, stop=9)
    >>> [turn.resource for turn in found.chain], found.sole, found.shifting
    ([0, 1], (3.0, 5.0), (1.0, 1.0))
    """
    merged = [union(_within(spells, start, stop)) for spells in resources]
    chain: list[Turn] = []
    at = start
    while at < stop and (turn := _longest(merged, at)) is not None:
        chain.append(turn)
        at = turn.stop
    sole, both = [0.0] * len(resources), [0.0] * len(resources)
    for number, turn in enumerate(chain):
        before = chain[number - 1].stop if number else turn.start
        after = chain[number + 1].start if number + 1 < len(chain) else turn.stop
        alone = max(0.0, min(turn.stop, after) - max(turn.start, before))
        sole[turn.resource] += alone
        both[turn.resource] += turn.stop - turn.start - alone
    return Shifting(tuple(chain), tuple(sole), tuple(both))


def union(spells: Iterable[Spell]) -> list[Spell]:
    """The same time in spells that neither touch nor overlap, in order.

    >>> union([(5, 7), (0, 2), (2, 3), (6, 9)])
    [(0, 3), (5, 9)]
    """
    found: list[Spell] = []
    for begin, end in sorted(spells):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return found


def all_busy(spells: Iterable[Spell], *, n: int) -> list[Spell]:
    """When at least ``n`` spells run at once: when a resource of ``n`` servers has none free.

    >>> all_busy([(0, 6), (2, 4), (3, 8)], n=2)
    [(2, 6)]
    """
    edges = sorted(edge for begin, end in spells for edge in ((begin, 1), (end, -1)))
    found: list[Spell] = []
    running = 0
    since = 0.0
    for at, step in edges:
        if running < n <= running + step:
            since = at
        elif running >= n > running + step:
            found.append((since, at))
        running += step
    return union(found)


def _within(spells: Sequence[Spell], start: float, stop: float) -> list[Spell]:
    return [(max(begin, start), min(end, stop)) for begin, end in spells if begin < end]


def _longest(merged: Sequence[Sequence[Spell]], at: float) -> Turn | None:
    """The longest spell of a moment, or of the next moment at which any is active."""
    there, ahead = [], []
    for resource, spells in enumerate(merged):
        place = bisect_right(spells, at, key=lambda spell: spell[0]) - 1
        if place >= 0 and spells[place][1] > at:
            there.append(Turn(resource, *spells[place]))
        elif place + 1 < len(spells):
            ahead.append(spells[place + 1][0])
    if there:
        return min(there, key=lambda turn: (turn.start - turn.stop, turn.start, turn.resource))
    return _longest(merged, min(ahead)) if ahead else None
