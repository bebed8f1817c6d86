"""What companies, people, products and members have in common: one row each, found by key or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.base.errors import RuleBroken
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run

#: The note on a row that adds what possibly stands here already.
LIKE = "possibly_same"


class Plain:
    """Adds what is new and changes what differs; each noun says how. Empty cells change nothing."""

    kind = ""
    fields: tuple[str, ...] = ()

    def __init__(self, run: Run) -> None:
        self.run = run

    def find(self, groups: Sequence[Group]) -> dict[str, Any]:
        """Things known by the source's keys, else by their names, as group key → row."""
        raise NotImplementedError

    def details(self, row: Parsed) -> dict[str, Any]:
        """The details that a row names."""
        values = {name: row.get(name) for name in self.fields if row.has(name)}
        extra = self.run.cells.unmapped(row.raw)
        return {**values, "extra": extra} if extra else values

    def add(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Add things with these details."""
        raise NotImplementedError

    def change(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change these details of things."""
        raise NotImplementedError

    def alike(self, things: Sequence[Any]) -> dict[int, int]:
        """Of things that were just added, which other one each is possibly the same as."""
        return {}

    def chosen(self, groups: Sequence[Group]) -> dict[str, int]:
        """Rows of which somebody said that they are about something that is here."""
        matches = self.run.option("matches") or {}
        return {
            group.key: int(matches[str(group.first.number)])
            for group in groups
            if str(group.first.number) in matches
        }

    def check(self, row: Parsed) -> Ruling | None:
        """Refuse a row by the rules of its noun."""
        return None

    def after(self, pairs: Sequence[tuple[Any, Parsed]]) -> set[int]:
        """Write what stands in other tables; returns the numbers of the rows that changed something."""
        return set()

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows."""
        rulings = {}
        for group in groups:
            if refusal := self._refusal(group.first):
                rulings[group.first.number] = refusal
        groups = [group for group in groups if group.first.number not in rulings]
        known = self.find(groups)
        fresh = [group for group in groups if group.key not in known]
        things = self.add([self.details(group.first) for group in fresh])
        self.run.remember(
            [(group.key, thing.pk) for group, thing in zip(fresh, things, strict=True)]
        )
        self.run.made[self.run.change_set.noun] += len(fresh)
        pairs = list(zip(things, (group.first for group in fresh), strict=True))
        alike = self.alike(things)
        for thing, row in pairs:
            ruling = Ruling(row, Verdict.CREATE, target_kind=self.kind, target_id=thing.pk)
            if thing.pk in alike:
                ruling.notes.append(LIKE)
                ruling.params = {"like_id": alike[thing.pk]}
            rulings[row.number] = ruling
        there = [(known[group.key], group) for group in groups if group.key in known]
        for ruling in self._change(there):
            rulings[ruling.row.number] = ruling
        pairs += [(thing, group.first) for thing, group in there]
        for number in self.after(pairs):
            if rulings[number].verdict == Verdict.SAME:
                rulings[number].verdict = Verdict.UPDATE
        return list(rulings.values())

    def _refusal(self, row: Parsed) -> Ruling | None:
        try:
            return self.check(row)
        except RuleBroken as error:
            return reject(row, error.code)

    def _change(self, pairs: Sequence[tuple[Any, Group]]) -> list[Ruling]:
        rulings, changes = [], []
        named = self.run.known(group.key for _thing, group in pairs)
        self.run.remember(
            [(group.key, thing.pk) for thing, group in pairs if group.key not in named]
        )
        for thing, group in pairs:
            if group.key in self.run.merged:
                rulings.append(same(group.first, thing.pk, "merged"))
                continue
            details = {
                name: value
                for name, value in self.details(group.first).items()
                if not _is_told(getattr(thing, name), value)
            }
            ruling = same(group.first, thing.pk)
            if details:
                ruling = Ruling(group.first, Verdict.UPDATE, target_id=thing.pk)
                ruling.params = {"fields": sorted(details)}
                ruling.before = {name: _plain(getattr(thing, name)) for name in details}
                changes.append((thing, _merged(thing, details)))
            ruling.target_kind = self.kind
            rulings.append(ruling)
        self.change(changes)
        return rulings


def key_by_name(run: Run, raw: dict[str, str]) -> str:
    """The source's key, or the name where it has none."""
    return run.cells.key_of("key", raw) or run.cells.key_of("name", raw)


def _is_told(now: Any, value: Any) -> bool:
    if isinstance(value, dict):
        return {**(now or {}), **value} == (now or {})
    return bool(now == value)


def _merged(thing: Any, details: dict[str, Any]) -> dict[str, Any]:
    if "extra" not in details:
        return details
    return {**details, "extra": {**(thing.extra or {}), **details["extra"]}}


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
