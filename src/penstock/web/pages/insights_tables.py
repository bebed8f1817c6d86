"""Tables of figures on the pages of Insights: each cell a text, and the deals behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; ``query`` leads to the deals behind it, ``note`` stands below it in small."""

    text: str
    query: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of figures."""

    name: str
    cells: Sequence[Cell]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and heads; the first head is that of the names."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
