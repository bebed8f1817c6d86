"""Sums of several currencies as pages show them: one figure, and on demand what is behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.catalog.exchange import InOne
from penstock.web import figures
from penstock.web.pages.tiles import day_text


@dataclass(frozen=True, slots=True)
class Shown:
    """A sum; ``note`` says its native parts and its rates, and is empty where there is but one currency."""

    text: str
    note: str = ""

    def __str__(self) -> str:
        return self.text


def shown(found: InOne, *, is_whole: bool = False) -> Shown:
    """A sum in the workspace's currency; what has no rate stands beside it in its own."""
    if not found.is_mixed:
        return Shown(figures.moneys(found.parts, is_whole=is_whole))
    turned = {found.currency: found.total} if set(found.parts) - set(found.missing) else {}
    text = figures.moneys(turned, is_whole=is_whole)
    apart = figures.moneys(found.missing, is_whole=is_whole)
    return Shown(" + ".join(filter(None, (text, apart))), note(found))


def in_column(found: InOne) -> Shown | str:
    """A sum at the head of a column: a plain text where nothing stands behind it."""
    one = shown(found)
    return one if one.note else one.text


def sentence(found: InOne) -> str:
    """A sum within a sentence, its native parts behind it in brackets."""
    one = shown(found)
    return f"{one.text} ({one.note})" if one.note else one.text


def note(found: InOne) -> str:
    """The native parts, the day of the rates, and what no rate turns."""
    text = " + ".join([figures.moneys({code: sum_}) for code, sum_ in found.parts.items()])
    if found.stated:
        how = (
            _("%(parts)s, each at the rate of the day it was closed")
            if found.is_closed
            else _("%(parts)s at the rates of %(day)s")
        )
        text = how % {"parts": text, "day": day_text(found.day)}
    return "; ".join(filter(None, (text, _without(found))))


def _without(found: InOne) -> str:
    if not found.missing:
        return ""
    codes = ", ".join(found.missing)
    if not found.n_missing:
        return _("no rate of %(codes)s") % {"codes": codes}
    text = ngettext(
        "%(n)s without a rate of %(codes)s", "%(n)s without a rate of %(codes)s", found.n_missing
    )
    return text % {"n": figures.number(found.n_missing), "codes": codes}
