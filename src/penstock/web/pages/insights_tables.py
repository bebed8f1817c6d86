"""Tables of figures on the pages of Insights: each cell a text, and the deals behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from penstock.web import figures


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; ``query`` leads to the deals behind it, ``note`` stands below it in small."""

    text: str
    query: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of figures; its name leads to ``url`` where there is a page of it."""

    name: str
    cells: Sequence[Cell]
    is_total: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and heads; the first head is that of the names, ``n_texts`` columns are no figures."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    n_texts: int = 1


def left_out(n_without_amount: int, n_without_rate: int) -> list[str]:
    """Which won deals are in no sum, and why; nothing where all are."""
    said = []
    if n_without_amount:
        said.append(
            ngettext(
                "%(n)s won deal has no amount and is in no sum.",
                "%(n)s won deals have no amount and are in no sum.",
                n_without_amount,
            )
            % {"n": figures.number(n_without_amount)}
        )
    if n_without_rate:
        said.append(
            ngettext(
                "%(n)s won deal is in a currency without a rate on its day and is in no sum.",
                "%(n)s won deals are in a currency without a rate on their day and are in no sum.",
                n_without_rate,
            )
            % {"n": figures.number(n_without_rate)}
        )
    return said
