"""A figure on a tile: its name, value, basis and definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from penstock.base.calendar import Window
from penstock.web import figures
from penstock.web.pages.base import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """Why there is no figure."""

    n: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure; ``url`` leads to the rows behind it."""

    name: str
    value: str = ""
    unit: str = ""
    url: str = ""
    basis: str = ""
    tone: str = ""
    definition: Definition | None = None
    too_few: TooFew | None = None


def window_text(window: Window) -> str:
    """A window of days, both included."""
    return f"{day_text(window.first)} – {day_text(window.last)}"


def day_text(day: date) -> str:
    """A day, as people write it in their language."""
    return str(date_format(day, "DATE_FORMAT"))


def short_day(day: date) -> str:
    """A day on an axis, where the year is plain to see."""
    return str(date_format(day, pgettext("short date", "j M")))


def short_day_and_year(day: date) -> str:
    """A day on an axis or in a narrow column."""
    return str(date_format(day, pgettext("short date with year", "j M Y")))


def period_text(period: str, first: date) -> str:
    """A month, a quarter or a year by its first day."""
    if period == "year":
        return str(first.year)
    if period == "quarter":
        return _("Q%(quarter)s %(year)s") % {"quarter": (first.month + 2) // 3, "year": first.year}
    return str(date_format(first, "YEAR_MONTH_FORMAT"))


def moneys(sums: Mapping[str, Decimal]) -> str:
    """Sums per currency; a dash for none."""
    return figures.moneys(sums) or "–"


def days(value: float | Decimal | None) -> str:
    """A number of days, or a dash."""
    return "–" if value is None else figures.number(Decimal(str(value)).quantize(Decimal(1)))


def n_text(n: int) -> str:
    """The number of cases behind a figure."""
    return _("n = %(n)s") % {"n": figures.number(n)}
