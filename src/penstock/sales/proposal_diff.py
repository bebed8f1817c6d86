"""What differs between two versions of a proposal; a pure function over plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from penstock.base.totals import Totals

Fields = Mapping[str, Any]
#: What is compared of a version, and of a line, in the order in which it is told.
HEAD = ("title", "introduction", "terms", "valid_until")
LINE = (
    "position",
    "title",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_share",
    "tax_share",
    "hours",
    "is_optional",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A version as it is compared: its texts, its lines by mark in order, its sums."""

    head: Fields
    lines: Mapping[int, Fields]
    totals: Totals


@dataclass(frozen=True, slots=True)
class Change:
    """One field that had a value and has another."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is new (``added``), gone (``removed``), or has other fields (``changed``)."""

    kind: str
    mark: int
    line: Fields
    fields: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """All that differs; sums before and after, by name."""

    head: tuple[Change, ...]
    lines: tuple[LineChange, ...]
    sums: tuple[Change, ...]
    n_same: int

    @property
    def is_empty(self) -> bool:
        """Nothing differs."""
        return not (self.head or self.lines or self.sums)


def compare(before: Wording, after: Wording) -> Diff:
    """What has to be done to ``before`` to get ``after``.

    Lines are told apart by their mark, which a line keeps through all versions: one that was renamed
    and moved is changed, not removed and added. Lines only pushed up or down by others are the same:
    a position is told where the order among the lines that both have is another.

    >>> nothing = Totals("EUR", Decimal(0), Decimal(0), (), 0)
    >>> one, two = Wording({}, {1: {"title": "A"}}, nothing), Wording({}, {1: {"title": "B"}}, nothing)
    >>> compare(one, two).lines[0].fields
    (Change(field='title', before='A', after='B'),)
    """
    kept = [mark for mark in after.lines if mark in before.lines]
    places = {mark: place for place, mark in enumerate(m for m in before.lines if m in kept)}
    lines: list[LineChange] = []
    n_same = 0
    for mark, line in after.lines.items():
        if mark not in before.lines:
            lines.append(LineChange("added", mark, line))
            continue
        moved = () if places[mark] == kept.index(mark) else ("position",)
        fields = _changes(before.lines[mark], line, names=(*moved, *LINE[1:]))
        if fields:
            lines.append(LineChange("changed", mark, line, fields))
        else:
            n_same += 1
    gone = [mark for mark in before.lines if mark not in after.lines]
    lines.extend(LineChange("removed", mark, before.lines[mark]) for mark in gone)
    return Diff(
        head=_changes(before.head, after.head, names=HEAD),
        lines=tuple(lines),
        sums=_sums(before.totals, after.totals),
        n_same=n_same,
    )


def _changes(before: Fields, after: Fields, *, names: Sequence[str]) -> tuple[Change, ...]:
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


def _sums(before: Totals, after: Totals) -> tuple[Change, ...]:
    names = ("discount", "net", "tax", "gross")
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)
