"""What every noun needs while the rows of a change set are brought in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils import timezone

from penstock.contacts import merging
from penstock.contacts.models.merge import Noun
from penstock.flow import bulk
from penstock.flow.models import Finding, Item
from penstock.intake.models import ChangeSet, Identity
from penstock.intake.nouns.cells import Cells
from penstock.intake.nouns.lookups import Lookups
from penstock.users.models import Member, Workspace

#: What of a file's content can be merged here: its keys lead to what answers for it by now.
MERGED = {"companies": Noun.COMPANY, "people": Noun.PERSON, "deals": Noun.DEAL}


@dataclass
class Run:
    """One pass over a change set, checking or applying: the two differ in their last statement only."""

    change_set: ChangeSet
    workspace: Workspace
    by: Member | None
    cells: Cells
    now: datetime = field(default_factory=timezone.now)
    made: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int | None, str, dict[str, Any], str | None]] = field(default_factory=list)
    #: Keys of the file whose things were merged into others, which keep their own values.
    merged: set[str] = field(default_factory=set)
    staged: Callable[[str], list[str]] = lambda _field: []

    @cached_property
    def batch(self) -> bulk.Batch:
        """Where written rows belong."""
        one = self.change_set
        return bulk.Batch(
            workspace_id=one.workspace_id,
            number=one.pk,
            prefix=f"{one.source}:{one.generation}:{one.noun}",
        )

    @cached_property
    def lookups(self) -> Lookups:
        """Names that are known here."""
        return Lookups(
            self.workspace, source=self.change_set.source, batch=self.change_set.pk, made=self.made
        )

    def option(self, name: str, default: Any = None) -> Any:
        """What was chosen for this import."""
        return self.change_set.options.get(name, default)

    def value_of(self, field_name: str, text: str) -> str:
        """What a text in the file stands for, by the value map of its field."""
        maps = self.change_set.options.get("values", {})
        found = maps.get(field_name, {})
        return str(found.get(text, text))

    def known(self, keys: Iterable[str], *, noun: str = "") -> dict[str, int]:
        """Ids of the things that the source named by these keys before; of merged ones, of those that answer."""
        rows = Identity.objects.filter(
            workspace_id=self.workspace.pk,
            source=self.change_set.source,
            noun=noun or self.change_set.noun,
            key__in=list(keys),
        )
        named = dict(rows.values_list("key", "target_id"))
        kind = MERGED.get(noun or self.change_set.noun)
        if kind is None or not named:
            return named
        now = merging.survivors(kind, set(named.values()))
        self.merged |= {key for key, pk in named.items() if now[pk] != pk}
        return {key: now[pk] for key, pk in named.items()}

    def remember(self, pairs: Sequence[tuple[str, int]], *, noun: str = "") -> None:
        """Keep by which keys the source names these things."""
        bulk.insert(
            Identity,
            ("workspace_id", "source", "noun", "key", "target_id", "change_set_id"),
            (
                (
                    self.workspace.pk,
                    self.change_set.source,
                    noun or self.change_set.noun,
                    key[:200],
                    target_id,
                    self.change_set.pk,
                )
                for key, target_id in pairs
            ),
        )

    def found(self, item_id: int | None, code: str, *key: object, **detail: Any) -> str:
        """Note impossible data, to be written with the chunk; returns the code for the row's notes."""
        self.findings.append((item_id, code, detail, self.batch.key(code, *key)))
        return code

    def write_findings(self) -> None:
        """Write what was noted, leaving out what an earlier file of the source said too."""
        keys = [row[3] for row in self.findings]
        there = set(
            Finding.objects.filter(source_key__in=keys).values_list("source_key", flat=True)
        )
        fresh = {row[3]: row for row in self.findings if row[3] not in there}
        bulk.find(fresh.values(), batch=self.batch)
        self.findings = []


def present(model: type[Model], ids: Sequence[int]) -> dict[int, Any]:
    """Deals or orders by id, each with its item, without those that were withdrawn.

    Two queries instead of a join: within one large transaction the planner has no statistics, and joins by comparing
    every row with every other.
    """
    items = Item.objects.present().in_bulk(ids)
    rows: dict[int, Any] = model._default_manager.in_bulk(list(items))
    for pk, row in rows.items():
        row.item = items[pk]
    return rows
