"""Columns and cards of a board, as ``components/column.html`` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name and its initials."""

    name: str
    initials: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next step of a card: its day in a few letters; ``tone`` is "late", "warn" or nothing."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """What an age in a stage means: how many of the won deals had left it by then, and whether that is late."""

    text: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One item on a board; ``is_fixed`` cannot be moved. ``date_means`` says what its date is, if not the close."""

    id: int
    key: str
    title: str
    url: str
    move_url: str
    company: str = ""
    amount: str = ""
    has_no_amount: bool = False
    close_on: date | None = None
    is_overdue: bool = False
    age_days: int | None = None
    age: Age | None = None
    owner: Person | None = None
    is_fixed: bool = False
    note: str = ""
    step: Step | None = None
    date_means: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One stage: figures of *all* its items, and the cards shown; ``url`` fetches it alone.

    ``sum`` is a text, or a :class:`penstock.web.pages.money.Shown` with its native parts.
    """

    id: int
    name: str
    n: str
    cards: Sequence[Card]
    sum: object = ""
    weighted: str = ""
    n_without_amount: int = 0
    url: str = ""
    limit: int | None = None
    is_over_limit: bool = False
    n_more: int = 0
    more_url: str = ""
    list_url: str = ""
    all_url: str = ""


def person(name: str | None) -> Person | None:
    """A name with its initials, or nobody.

    >>> person("Ada King Lovelace").initials
    'AL'
    """
    if not name:
        return None
    words = name.split()
    ends = words[:1] + words[1:][-1:]
    return Person(name=name, initials="".join(word[0] for word in ends).upper())
