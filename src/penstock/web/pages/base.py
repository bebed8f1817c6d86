"""What every page has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step of the way back."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a figure is measured: a sentence, the window, the number of cases."""

    text: str
    window: str = ""
    n: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page answers the question its title names; ``nav`` is its entry in the rail.

    Derive one per page, with the rows that its template shows.
    """

    title: str
    nav: str
    answer: str = ""
    definition: Definition | None = None
    crumbs: tuple[Crumb, ...] = ()
