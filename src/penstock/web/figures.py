"""Figures as people write them: grouped, rounded only here, with the sign of the currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, pgettext

from penstock.base.money import SIGNS

CENT = Decimal("0.01")
NARROW_SPACE = "\u202f"
#: How many figures are remembered as they are written: hundreds stand on a board, most of them again and again.
MOST_KEPT = 4096


def number(value: int | Decimal, *, places: int = 0) -> str:
    """A grouped number in the reader's language, rounded half to even."""
    return _number(value, places, get_language())


@lru_cache(MOST_KEPT)
def _number(value: int | Decimal, places: int, _language: str | None) -> str:
    # Django's own formatting cuts places off: two thirds would read 66.6 per cent.
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


def money(amount: Decimal, currency: str, *, is_whole: bool = False) -> str:
    """An amount of money; cents are shown only where there are any, and never for a whole one."""
    return _money(amount, currency, is_whole, get_language())


@lru_cache(MOST_KEPT)
def _money(amount: Decimal, currency: str, is_whole: bool, language: str | None) -> str:
    rounded = amount.quantize(Decimal(1) if is_whole else CENT, rounding=ROUND_HALF_EVEN)
    places = 0 if rounded == rounded.to_integral_value() else 2
    sign = SIGNS.get(currency)
    figures = number(rounded, places=places)
    if sign and language in (None, "en"):
        return f"-{sign}{figures[1:]}" if rounded < 0 else f"{sign}{figures}"
    return f"{figures}\u00a0{sign or currency}"


def moneys(sums: Mapping[str, Decimal], *, is_whole: bool = False) -> str:
    """Sums of several currencies, never added up: "€1,200 + $300"; empty for none."""
    return " + ".join(
        money(amount, currency, is_whole=is_whole) for currency, amount in sorted(sums.items())
    )


def share(value: Decimal | float, *, places: int = 0) -> str:
    """A share between 0 and 1 as per cent."""
    return _share(value, places, get_language())


def short_day(day: date) -> str:
    """A day without its year, as cards and rows show it."""
    return _short_day(day, get_language())


@lru_cache(MOST_KEPT)
def _short_day(day: date, _language: str | None) -> str:
    return date_format(day, pgettext("short date", "j M"))


@lru_cache(MOST_KEPT)
def _share(value: Decimal | float, places: int, _language: str | None) -> str:
    per_cent = number(Decimal(str(value)) * 100, places=places)
    return pgettext("a share in per cent", "%(number)s%%") % {"number": per_cent}


def plain(value: Decimal) -> str:
    """A number as it is typed into a field: without groups and without needless places."""
    text = f"{value:f}"
    whole = text.rstrip("0").rstrip(".") if "." in text else text
    return number_format(whole, use_l10n=True) if "." in whole else whole
