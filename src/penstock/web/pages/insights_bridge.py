"""Why did the open pipeline change?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from penstock.reports.bridge import Bridge, Change
from penstock.reports.bridge import Line as Told
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import day_text, window_text

NAMES = {
    "opening": pgettext_lazy("bridge", "Opening"),
    "corrected": pgettext_lazy("bridge", "Known otherwise since"),
    "withdrawn": pgettext_lazy("bridge", "Imports taken back"),
    "new": pgettext_lazy("bridge", "New"),
    "reopened": pgettext_lazy("bridge", "Reopened"),
    "unparked": pgettext_lazy("bridge", "Back from waiting"),
    "transferred_in": pgettext_lazy("bridge", "Transferred in"),
    "pulled_in": pgettext_lazy("bridge", "Pulled in"),
    "up": pgettext_lazy("bridge", "Increased"),
    "down": pgettext_lazy("bridge", "Decreased"),
    "currency": pgettext_lazy("bridge", "Other currency"),
    "pushed_out": pgettext_lazy("bridge", "Pushed out"),
    "transferred_out": pgettext_lazy("bridge", "Transferred out"),
    "parked": pgettext_lazy("bridge", "Parked"),
    "merged": pgettext_lazy("bridge", "Merged"),
    "lost": pgettext_lazy("bridge", "Lost"),
    "won": pgettext_lazy("bridge", "Won"),
    "revalued": pgettext_lazy("bridge", "Exchange rates"),
    "closing": pgettext_lazy("bridge", "Closing"),
}
SCOPES = {"": gettext_lazy("All open deals"), "due": gettext_lazy("Due in the window")}
OPENINGS = {
    "": gettext_lazy("Opening as known today"),
    "then": gettext_lazy("Opening as known then"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, ready to be shown."""

    code: str
    name: str
    n: str
    change: str
    sums: str
    own: str
    is_total: bool


def head(found: Bridge) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Bridge"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Open deals that do not wait, in the slice as it was at each moment, with the amount of "
                "that moment. Every change of every deal stands in exactly one line, so the opening and "
                "all lines come to the closing, in every currency. A deal without an amount counts as a "
                "deal and adds nothing. A deal that leaves and comes back stands in both lines."
            ),
            window=window_text(found.window),
            n=figures.number(found.closing.n),
        ),
    )


def lines(found: Bridge) -> list[Line]:
    """Opening, the lines in which something happened, closing."""
    moved = [line for line in found.lines if line.n]
    return [
        Line(
            code=line.code,
            name=name_of(line.code),
            n=figures.number(line.n),
            change=figures.number(line.change) if line in ends else _signed(line.change),
            sums=(figures.moneys(line.sums) or "–") if line in ends else signed(line.sums),
            own=_own(found, line, is_end=line in ends),
            is_total=line in ends,
        )
        for ends in [(found.opening, found.closing)]
        for line in (found.opening, *moved, found.closing)
    ]


def _own(found: Bridge, line: Told, *, is_end: bool) -> str:
    if line.own is None:
        return ""
    if is_end:
        return figures.money(line.own, found.currency)
    return signed({found.currency: line.own})


def name_of(code: str) -> str:
    """What a line is called; the bridge itself for one that there is not."""
    return str(NAMES.get(code, _("Bridge")))


def notes(found: Bridge) -> list[str]:
    """What bears on the figures."""
    said = []
    if found.n_without_amount:
        said.append(
            ngettext(
                "%(n)s deal of the closing has no amount: the sums are too low by an unknown part.",
                "%(n)s deals of the closing have no amount: the sums are too low by an unknown part.",
                found.n_without_amount,
            )
            % {"n": figures.number(found.n_without_amount)}
        )
    if found.is_mixed:
        said.append(
            _(
                "In %(currency)s every change stands at the rate of its day. What changed rates made of amounts "
                "that did not change is the line of exchange rates."
            )
            % {"currency": found.currency}
        )
    if found.missing:
        said.append(
            _("Without a rate on some day, and so in no sum in %(currency)s: %(codes)s.")
            % {"currency": found.currency, "codes": ", ".join(found.missing)}
        )
    if not found.is_opening_as_known_then:
        said.append(
            _(
                "Opening and lines are told as known today: what was entered late stands where it happened."
            )
        )
    return said


def charts(found: Bridge, *, own: str) -> list[dict[str, Any]]:
    """The bridge in one currency as floating bars: an unseen floor and the change above it."""
    currencies = {
        name for line in (found.opening, *found.lines, found.closing) for name in line.sums
    }
    if not currencies:
        return []
    currency = own if own in currencies or found.is_mixed else sorted(currencies)[0]

    def amount(line: Told) -> Decimal:
        return line.sums.get(currency, Decimal(0)) if line.own is None else line.own

    names, floors, ups, downs, totals = [], [], [], [], []
    at = Decimal(0)
    for line in (
        found.opening,
        *(line for line in found.lines if amount(line)),
        found.closing,
    ):
        change = amount(line)
        is_end = line in (found.opening, found.closing)
        names.append(name_of(line.code))
        floors.append(0.0 if is_end else float(min(at, at + change)))
        totals.append(float(change) if is_end else 0.0)
        ups.append(float(change) if not is_end and change > 0 else 0.0)
        downs.append(float(-change) if not is_end and change < 0 else 0.0)
        at = change if is_end else at + change
    return [
        {
            "id": "chart-bridge",
            "title": _("From opening to closing, in %(currency)s") % {"currency": currency},
            "summary": _answer(found),
            "data": {
                "x": names,
                "sideways": True,
                "series": [
                    {"name": "", "kind": "floor", "stack": "bridge", "values": floors},
                    _bar(_("Held"), totals, "accent"),
                    _bar(_("More"), ups, "ok"),
                    _bar(_("Less"), downs, "late"),
                ],
            },
            "heads": [_("Line"), _("Change")],
            "rows": [
                [name, figures.money(Decimal(str(total + up - down)), currency)]
                for name, total, up, down in zip(names, totals, ups, downs, strict=True)
            ],
        }
    ]


def _bar(name: str, values: list[float], tone: str) -> dict[str, Any]:
    return {"name": name, "kind": "bar", "stack": "bridge", "values": values, "tone": tone}


def cells(one: Change, *, zone: ZoneInfo) -> list[str]:
    """What is special to a deal behind a line."""
    when = "–" if one.at is None else day_text(one.at.astimezone(zone).date())
    return [signed(one.sums), when]


def signed(sums: Mapping[str, Decimal]) -> str:
    """Changes of money per currency, each with its sign."""
    return (
        " ".join(
            f"{'−' if amount < 0 else '+'}{figures.money(abs(amount), currency)}"
            for currency, amount in sorted(sums.items())
            if amount
        )
        or "–"
    )


def _signed(n: int) -> str:
    return "–" if n == 0 else f"{'−' if n < 0 else '+'}{figures.number(abs(n))}"


def _answer(found: Bridge) -> str:
    before = found.window.first - timedelta(days=1)
    return _(
        "%(opening)s on the evening of %(first)s became %(closing)s on %(last)s: "
        "%(won)s won, %(lost)s lost, %(new)s new."
    ) % {
        "opening": figures.moneys(found.opening.sums) or _("Nothing"),
        "closing": figures.moneys(found.closing.sums) or _("nothing"),
        "first": day_text(before),
        "last": day_text(found.window.last),
        **{code: _positive(found, code) for code in ("won", "lost", "new")},
    }


def _positive(found: Bridge, code: str) -> str:
    line = next(line for line in found.lines if line.code == code)
    return figures.moneys({name: abs(amount) for name, amount in line.sums.items()}) or _("nothing")
