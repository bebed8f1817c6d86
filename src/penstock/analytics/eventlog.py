"""What happened to many cases, as arrays: each fact is a case, a moment and a value.

Moments are microseconds since 2000-01-01 UTC, int64; money is in ten-thousandths, int64: both are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: No value: before the first fact, or a fact that says that it became unknown.
UNKNOWN = np.iinfo(np.int64).min
MICROSECONDS_A_DAY = 86_400_000_000
_BITS = 62
_SPARSE = 8
#: About so many facts of one kind are worked on at a time: more would not stay close to the processor, and each
#: would take up to twice as long.
BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Facts:
    """From ``at`` on, ``case`` has ``value``; ordered by case and moment, the later of one moment last."""

    case: Ints
    at: Ints
    value: Ints

    def __len__(self) -> int:
        return len(self.case)

    def of(self, cases: Ints) -> Facts:
        """Only the facts of some cases, which are in rising order."""
        kept = member_of(self.case, cases)
        return self if kept.all() else Facts(self.case[kept], self.at[kept], self.value[kept])

    def before(self, moment: int) -> Facts:
        """Only what happened before a moment."""
        kept = self.at < moment
        return self if kept.all() else Facts(self.case[kept], self.at[kept], self.value[kept])

    def since(self, moment: int) -> Facts:
        """What is so from a moment on: all facts from then on, and of those before the last of each case."""
        kept = self.at >= moment
        kept[:-1] |= kept[1:] | (self.case[1:] != self.case[:-1])
        kept[-1:] = True
        return Facts(self.case[kept], self.at[kept], self.value[kept])

    def part(self, start: int, stop: int) -> Facts:
        """The facts of some places in a row; nothing is copied."""
        return Facts(self.case[start:stop], self.at[start:stop], self.value[start:stop])

    def last(self) -> Facts:
        """The last fact of each case."""
        final = np.append(self.case[1:] != self.case[:-1], len(self.case) > 0)[: len(self.case)]
        return Facts(self.case[final], self.at[final], self.value[final])

    def first(self) -> Facts:
        """The first fact of each case."""
        head = np.append(len(self.case) > 0, self.case[1:] != self.case[:-1])[: len(self.case)]
        return Facts(self.case[head], self.at[head], self.value[head])


def facts(case: Ints, at: Ints, value: Ints) -> Facts:
    """Facts from rows in the order in which they were written.

    >>> facts(np.array([2, 1]), np.array([5, 9]), np.array([7, 8])).case.tolist()
    [1, 2]
    """
    by = in_order(case, at)
    return Facts(case[by], at[by], value[by])


def in_order(case: Ints, at: Ints) -> Ints:
    """The order by case and moment; of rows that have both alike the first stays first.

    Both in one number are sorted five times as fast as one after the other, and rows that are in order
    for the most part much faster still.
    """
    key = _key(case, at)
    return np.lexsort((at, case)) if key is None else np.argsort(key, kind="stable")


def inserted(told: Facts, more: Facts) -> Facts:
    """Facts together with some that were written later; cheap if these are few.

    >>> inserted(Facts(*np.array([[1, 2], [5, 5], [1, 2]])), Facts(*np.array([[1], [5], [3]]))).value.tolist()
    [1, 3, 2]
    """
    if not len(told) or not len(more):
        return told if len(told) else more
    low = _behind(told, more.case, more.at, is_after=True)
    return Facts(
        np.insert(told.case, low, more.case),
        np.insert(told.at, low, more.at),
        np.insert(told.value, low, more.value),
    )


def blocks(told: Mapping[str, Facts]) -> Iterator[dict[str, Facts]]:
    """The same facts, some cases at a time, with all that is known of each; at least one block.

    What follows each case for itself is done block by block, in time that grows with the facts alone.

    >>> one = Facts(*np.array([[1, 1, 2], [3, 9, 4], [10, 20, 30]]))
    >>> [len(part["one"]) for part in blocks({"one": one})]
    [3]
    """
    longest = max(told.values(), key=len)
    cuts = distinct(longest.case[BLOCK::BLOCK])
    edges = {
        name: [0, *np.searchsorted(one.case, cuts).tolist(), len(one)] for name, one in told.items()
    }
    for number in range(len(cuts) + 1):
        yield {
            name: one.part(edges[name][number], edges[name][number + 1])
            for name, one in told.items()
        }


def joined(parts: Sequence[Any]) -> Any:
    """Some dataclasses of arrays as one: each array behind that of the part before."""
    if len(parts) == 1:
        return parts[0]
    names = [one.name for one in fields(parts[0])]
    return type(parts[0])(
        *(np.concatenate([getattr(one, name) for one in parts]) for name in names)
    )


def in_force(cases: Ints, told: Facts, *, before: int) -> Ints:
    """The last value of each of some cases before a moment; UNKNOWN for none.

    >>> told = Facts(np.array([1, 1, 2]), np.array([3, 9, 4]), np.array([10, 20, 30]))
    >>> in_force(np.array([1, 2, 3]), told, before=9)[:2].tolist()
    [10, 30]
    """
    if not len(told):
        return np.full(len(cases), UNKNOWN)
    last = _behind(told, cases, np.full(len(cases), before), is_after=False) - 1
    is_own = (last >= 0) & (told.case[last] == cases)
    return np.where(is_own, told.value[last], UNKNOWN)


def _behind(told: Facts, case: Ints, at: Ints, *, is_after: bool) -> Ints:
    """Where a fact of each case and moment belongs: after those of the same moment, or before them."""
    low = np.searchsorted(told.case, case, side="left")
    high = np.searchsorted(told.case, case, side="right")
    while (low < high).any():
        middle = (low + high) // 2
        is_open = low < high
        there = told.at[np.minimum(middle, len(told) - 1)]
        is_later = there > at if is_after else there >= at
        low = np.where(is_open & ~is_later, middle + 1, low)
        high = np.where(is_open & is_later, middle, high)
    return low


def _key(case: Ints, at: Ints) -> Ints | None:
    """Case and moment as one number that sorts like both; None if it would not fit."""
    if not len(case):
        return None
    first, low = int(at.min()), int(case.min())
    bits = (int(at.max()) - first).bit_length()
    if bits + (int(case.max()) - low).bit_length() > _BITS:
        return None
    return np.asarray(((case - low) << bits) | (at - first), dtype=np.int64)


def member_of(values: Ints, known: Ints) -> Bools:
    """Which values are among the known ones, which are in rising order.

    >>> member_of(np.array([3, 4]), np.array([1, 3])).tolist()
    [True, False]
    """
    if not len(known) or not len(values):
        return np.zeros(len(values), dtype=bool)
    low, n = int(known[0]), int(known[-1]) - int(known[0]) + 1
    if n <= _SPARSE * (len(known) + len(values)):
        # Numbers that lie this close are looked up in a table, three times as fast as searched for.
        table = np.zeros(n + 2, dtype=bool)
        table[known - low + 1] = True
        return np.asarray(table[np.clip(values, low - 1, low + n) - low + 1])
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.asarray(known[places] == values)


def distinct(values: Ints) -> Ints:
    """The different values among some in order."""
    is_new = np.append(len(values) > 0, values[1:] != values[:-1])[: len(values)]
    return np.asarray(values[is_new], dtype=np.int64)


def n_distinct(values: Ints) -> int:
    """How many different values there are among some in order."""
    return int((values[1:] != values[:-1]).sum()) + (len(values) > 0)


def looked_up(cases: Ints, of: Facts) -> Ints:
    """The value of each of some cases where a case has one fact at most; UNKNOWN for none."""
    if not len(of):
        return np.full(len(cases), UNKNOWN)
    places = np.minimum(np.searchsorted(of.case, cases), len(of) - 1)
    return np.where(of.case[places] == cases, of.value[places], UNKNOWN)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every moment at which something changed for a case, and what was so from then on.

    ``values`` has a column per kind of fact, UNKNOWN before its first. Ordered by case and moment.
    """

    case: Ints
    at: Ints
    values: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.case)

    @property
    def is_first(self) -> Bools:
        """Whether a moment is the first of its case."""
        return np.append(len(self.case) > 0, self.case[1:] != self.case[:-1])[: len(self.case)]


def timeline(told: Mapping[str, Facts]) -> Timeline:
    """All kinds of facts of the same cases on one line of time.

    >>> one = Facts(np.array([1, 1]), np.array([3, 9]), np.array([10, 20]))
    >>> two = Facts(np.array([1]), np.array([5]), np.array([7]))
    >>> timeline({"one": one, "two": two}).values["one"].tolist()
    [10, 10, 20]
    """
    case = np.concatenate([one.case for one in told.values()])
    at = np.concatenate([one.at for one in told.values()])
    by = in_order(case, at)
    case, at = case[by], at[by]
    is_new = np.append(len(case) > 0, (case[1:] != case[:-1]) | (at[1:] != at[:-1]))[: len(case)]
    place = np.empty(len(case), dtype=np.int64)
    place[by] = np.cumsum(is_new) - 1
    case, at = case[is_new], at[is_new]
    values, start = {}, 0
    for name, one in told.items():
        values[name] = _carried(one, place[start : start + len(one)], case)
        start += len(one)
    return Timeline(case, at, values)


def _carried(told: Facts, place: Ints, case: Ints) -> Ints:
    """The last fact at or before each moment of its case."""
    if not len(told):
        return np.full(len(case), UNKNOWN)
    last = np.full(len(case), -1, dtype=np.int64)
    # Of several facts of one moment the last written one stays: it is assigned last.
    last[place] = np.arange(len(told))
    last = np.maximum.accumulate(last)
    is_own = (last >= 0) & (told.case[last] == case)
    return np.where(is_own, told.value[last], UNKNOWN)


def shifted(values: Ints, *, is_first: Bools) -> Ints:
    """What was so just before each moment; UNKNOWN at the first of a case."""
    before = np.empty_like(values)
    before[1:] = values[:-1]
    before[is_first] = UNKNOWN
    return before


def exact_sum(values: Ints) -> int:
    """The sum as a Python integer, which cannot overflow.

    >>> exact_sum(np.array([2**62, 2**62]))
    9223372036854775808
    """
    if not len(values):
        return 0
    largest = int(np.abs(values).max())
    if largest * len(values) < 2**62:
        return int(values.sum())
    return sum(int(value) for value in values)
