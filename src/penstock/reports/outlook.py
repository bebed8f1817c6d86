"""Pipeline against backlog, side by side: what each holds, and how each is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window
from penstock.reports.moment import Moment
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to measure one side. ``number`` or ``money`` holds the answer; ``definition`` says what it is.

    ``unit`` is one of ``count``, ``money``, ``hours``, ``days``, ``per_week``.
    """

    code: str
    label: str
    definition: str
    unit: str
    number: Decimal | None = None
    money: Mapping[str, Decimal] | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """Cases that entered and left within one week, named by its first day."""

    first: date
    n_in: int
    n_out: int


@dataclass(frozen=True, slots=True)
class Side:
    """The pipeline or the backlog: texts are whole sentences in the reader's language."""

    code: str
    label: str
    holds: str
    enters: str
    leaves: str
    measures: tuple[Measure, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Both sides on one day; ``measures`` of the two sides stand in the same order."""

    moment: Moment
    window: Window
    pipeline: Side
    backlog: Side


def on_day(member: Member, *, on: date | None = None, known: date | None = None) -> Outlook:
    """Pipeline against backlog at the end of a day, with the flows of the thirteen weeks before it."""
    raise NotImplementedError
