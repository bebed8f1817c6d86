"""Exchange rates: which currencies have any, how one of them went, what was stated for each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog.models import Order
from penstock.catalog import rate_history
from penstock.catalog.models import Rate
from penstock.sales.models import Deal
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import day_text, short_day_and_year

#: So many significant digits of a rate are shown; the others are kept.
DIGITS = 6
N_CHARTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency with rates, or one that is used without any."""

    code: str
    n: int
    last_day: date | None
    is_used: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What counts for one day, and what was said before."""

    rate: Rate
    value: str
    inverse: str
    before: Sequence[str]


def head(member: Member, currencies: Sequence[Currency]) -> Page:
    """What is missing, in a sentence."""
    return Page(
        title=_("Settings"),
        nav="settings",
        answer=_answer(currencies),
        definition=Definition(
            text=_(
                "Amounts keep their own currency. A sum in %(own)s takes the last rate on or before "
                "a day: of open deals the day that is asked, of won and lost ones the day they were "
                "closed. What has no rate is counted apart, never taken as one to one."
            )
            % {"own": member.workspace.currency}
        ),
    )


def currencies(member: Member, *, asked: str, known: datetime | None) -> tuple[list[Currency], str]:
    """The currencies that have rates or are used, and the one to show."""
    workspace = member.workspace
    used = set(
        Deal.objects.filter(workspace=workspace).values_list("currency", flat=True).distinct()
    ) | set(Order.objects.filter(workspace=workspace).values_list("currency", flat=True).distinct())
    quoted = {one.currency: one for one in rate_history.quoted(workspace, known=known)}
    codes = sorted((used | set(quoted)) - {workspace.currency})
    current = asked if asked in codes else next(iter(sorted(quoted)), "")
    found = [
        Currency(
            code=code,
            n=quoted[code].n if code in quoted else 0,
            last_day=quoted[code].last_day if code in quoted else None,
            is_used=code in used,
            is_current=code == current,
        )
        for code in codes
    ]
    return found, current


def lines(rates: Sequence[Rate]) -> list[Line]:
    """Rates with what was said before about their days."""
    before = rate_history.said_before(rates)
    return [
        Line(
            rate=rate,
            value=number(rate.rate),
            inverse=number(1 / rate.rate),
            before=[_said(one) for one in before[rate.pk]],
        )
        for rate in rates
    ]


def chart(rates: Sequence[Rate]) -> dict[str, Any] | None:
    """How a currency went: the rates stated, oldest first; None for fewer than two."""
    if len(rates) < 2:
        return None
    code, own = rates[0].currency, rates[0].into
    title = _("What one %(currency)s was worth, in %(own)s") % {"currency": code, "own": own}
    days = [short_day_and_year(rate.day) for rate in rates]
    return {
        "id": "chart-rate",
        "title": title,
        "summary": _("%(title)s: from %(first)s on %(since)s to %(last)s on %(until)s.")
        % {
            "title": title,
            "first": number(rates[0].rate),
            "since": day_text(rates[0].day),
            "last": number(rates[-1].rate),
            "until": day_text(rates[-1].day),
        },
        "size": "short",
        "data": {
            "x": days,
            "series": [
                {
                    "name": code,
                    "kind": "step",
                    "values": [float(rate.rate) for rate in rates],
                    "tone": "accent",
                }
            ],
            "isTight": True,
            "digits": 4,
        },
        "heads": [_("Day"), _("Rate")],
        "rows": [
            [day, number(rate.rate)]
            for day, rate in zip(reversed(days), reversed(rates), strict=True)
        ],
    }


def number(rate: Decimal) -> str:
    """A rate with the digits that matter.

    >>> number(Decimal("0.923456789")), number(Decimal("100"))
    ('0.923457', '100')
    """
    places = max(0, DIGITS - 1 - rate.adjusted())
    rounded = rate.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return figures.plain(rounded)


def exact(rate: Decimal) -> Decimal:
    """A rate with all its digits and no zeros after them, for a field."""
    return Decimal(f"{rate.normalize():f}")


def _said(rate: Rate) -> str:
    text = _("nothing, on %(day)s") if rate.is_void else _("%(rate)s, on %(day)s")
    day = day_text(rate.known_at.astimezone(rate.workspace.zone).date())
    return text % {"rate": number(rate.rate), "day": day}


def _answer(found: Sequence[Currency]) -> str:
    missing = [one.code for one in found if one.is_used and not one.n]
    if missing:
        text = ngettext(
            "%(codes)s is used but has no rate: what is in it is missing in sums.",
            "%(codes)s are used but have no rate: what is in them is missing in sums.",
            len(missing),
        )
        return text % {"codes": ", ".join(missing)}
    if not found:
        return _("Everything here is in one currency; rates are needed with the second one.")
    return _("Every currency in use has a rate.")
