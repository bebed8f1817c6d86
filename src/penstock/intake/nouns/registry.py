"""All nouns that a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from penstock.intake.nouns import deals
from penstock.intake.nouns.field import Field
from penstock.intake.nouns.ruling import Group, Ruling
from penstock.intake.nouns.run import Run


class Handler(Protocol):
    """Judges and writes chunks of rows."""

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Rule on every row of these groups, and write what they bring."""
        ...


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of content: its fields, how rows belong together, who handles them."""

    name: str
    fields: tuple[Field, ...]
    key_of: Callable[[Run, dict[str, str]], str]
    handler: Callable[[Run], Handler]
    is_grouped: bool = False


NOUNS: dict[str, Noun] = {
    deals.NAME: Noun(deals.NAME, deals.FIELDS, deals.key_of, deals.Deals),
}
