"""What the backlog comes to, in words, in a fan, and scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import weeks
from penstock.analytics.whatif import Outcome
from penstock.base.errors import RuleBroken
from penstock.reports.impact_ahead import Ahead, Levers, Wanted
from penstock.reports.impact_queue import EDD, FCFS, WSPT
from penstock.reports.impact_weeks import ORDERS, VALUE
from penstock.users import access_views
from penstock.users.models import Member, SavedView
from penstock.web import figures
from penstock.web.forms import impact_ahead as forms
from penstock.web.pages.base import Definition
from penstock.web.pages.saved_views import SCENARIOS, url
from penstock.web.pages.tiles import short_day_and_year, window_text

POLICY_NAMES = {
    EDD: gettext_lazy("Earliest promise first"),
    FCFS: gettext_lazy("First accepted, first served"),
    WSPT: gettext_lazy("Most value per hour first"),
}
WARNINGS = {
    weeks.DEMAND_DRIFTS: gettext_lazy(
        "Demand is not what it was: only the last eight weeks are drawn from."
    ),
    weeks.CAPACITY_DRIFTS: gettext_lazy(
        "Capacity is not what it was: only the last eight weeks are drawn from."
    ),
    weeks.CAPACITY_UNSEEN: gettext_lazy(
        "Work ran out every week, so nobody has seen how much could be delivered: it is at least this much."
    ),
    weeks.IS_ASSUMPTION: gettext_lazy(
        "This is an assumption, not a measurement: there are fewer than eight weeks of history."
    ),
}
METHODS = {
    weeks.BLOCKS: gettext_lazy("runs of four past weeks (block bootstrap)"),
    weeks.BAYES: gettext_lazy("single past weeks, weighed anew each time (Bayesian bootstrap)"),
    weeks.ASSUMED: gettext_lazy("an assumed rate"),
}
#: So many saved scenarios are compared at once.
MOST_COMPARED = 8
MIDDLE, SURE = 2, 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario beside the others; ``problem`` says why it has no figures."""

    name: str
    url: str
    cells: Sequence[str]
    problem: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario that somebody keeps, and what it changes."""

    view: SavedView
    levers: Levers | None
    problem: str = ""


def saved(member: Member, *, measure: str) -> list[Saved]:
    """The scenarios that a member may choose, with their levers; those of another measure say so."""
    rows = access_views.views_for(member, SCENARIOS.code)
    return [_saved(row, measure=measure) for row in rows[:MOST_COMPARED]]


def _saved(row: SavedView, *, measure: str) -> Saved:
    query = QueryDict(row.query)
    if query.get("measure", ORDERS) != measure:
        return Saved(row, None, _("In another measure"))
    try:
        return Saved(row, forms.levers(query))
    except RuleBroken as error:
        return Saved(row, None, error.message)


def definition(found: Ahead) -> Definition:
    """How the weeks to come are drawn."""
    return Definition(
        text=_(
            "Every week the backlog grows by what comes in and falls by what can be done, but not "
            "below nothing. Weeks to come are drawn %(paths)s times from %(method)s; demand and "
            "capacity of one week stay together, and all scenarios have the same draws. What is "
            "cancelled counts as demand that did not come."
        )
        % {
            "paths": figures.number(found.outcomes[0].n_paths),
            "method": METHODS[found.draws.method],
        },
        window=window_text(found.window) if found.window else "",
        n=ngettext("%(n)s week", "%(n)s weeks", found.draws.n_history)
        % {"n": figures.number(found.draws.n_history)},
    )


def answer(found: Ahead, wanted: Wanted) -> str:
    """What it comes to at the end, and when nothing is left."""
    one = found.outcomes[-1]
    said = _(
        "On %(day)s %(middle)s are owed in the middle, and at most %(high)s in 85 of 100 cases."
    ) % {
        "day": short_day_and_year(found.ends[-1]),
        "middle": _amount(one.fan[MIDDLE][-1], found, wanted),
        "high": _amount(one.fan[SURE][-1], found, wanted),
    }
    if one.cleared.weeks[1] is None:
        return said
    cleared = ngettext(
        "All of it is cleared within %(n)s week in 85 of 100 cases.",
        "All of it is cleared within %(n)s weeks in 85 of 100 cases.",
        one.cleared.weeks[1],
    ) % {"n": figures.number(one.cleared.weeks[1])}
    return f"{said} {cleared}"


def notes(found: Ahead) -> list[str]:
    """What a reader must know of the draws."""
    said = [str(WARNINGS[code]) for code in found.draws.warnings]
    if found.overdue is None:
        said.append(_("Promises of a past day are not walked: nothing is said of what is overdue."))
    if found.missing:
        said.append(
            _("Left out for want of a rate: %(codes)s.") % {"codes": ", ".join(found.missing)}
        )
    return said


def chart(found: Ahead, wanted: Wanted, *, is_changed: bool) -> dict[str, Any]:
    """The fan of the scenario, with the middle of what happens without it."""
    x = [short_day_and_year(day) for day in found.ends]
    one, as_is = found.outcomes[-1], found.outcomes[0]
    lines = [
        (_("In the middle"), one.fan[MIDDLE], False, "accent"),
        (_("If all weeks were the mean week"), one.line, True, "ink"),
    ]
    if is_changed:
        lines.append((_("In the middle without a change"), as_is.fan[MIDDLE], True, "faint"))
    bands = [
        (_("5 to 95 of 100"), one.fan[0], one.fan[4]),
        (_("15 to 85 of 100"), one.fan[1], one.fan[SURE]),
    ]
    return {
        "id": "chart-ahead",
        "title": _("Owed at the end of each week to come"),
        "summary": answer(found, wanted),
        "data": {
            "x": x,
            "series": [
                *(
                    {
                        "name": name,
                        "kind": "band",
                        "tone": "accent",
                        "low": _rounded(low),
                        "high": _rounded(high),
                    }
                    for name, low, high in bands
                ),
                *(
                    {
                        "name": name,
                        "kind": "line",
                        "dashed": is_dashed,
                        "tone": tone,
                        "values": _rounded(values),
                    }
                    for name, values, is_dashed, tone in lines
                ),
            ],
        },
        "heads": [
            _("Week until"),
            *(str(_("%(n)s of 100") % {"n": n}) for n in (5, 15, 50, 85, 95)),
            *(name for name, _values, _is_dashed, _tone in lines[1:]),
        ],
        "rows": [
            [
                day,
                *(figures.number(round(edge[at])) for edge in one.fan),
                *(figures.number(round(values[at])) for _name, values, _dashed, _tone in lines[1:]),
            ]
            for at, day in enumerate(x)
        ],
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 1) for value in values]


def heads(wanted: Wanted, found: Ahead) -> list[str]:
    """The columns of the comparison."""
    named = [
        _("Owed at the end, in the middle"),
        _("At most, in 85 of 100 cases"),
        _("Cleared: middle, 85, 95 of 100"),
    ]
    if wanted.threshold is not None:
        named.append(
            _("More than %(n)s at the end") % {"n": _amount(wanted.threshold, found, wanted)}
        )
    if found.overdue is not None:
        named.append(_("Overdue at the end, in the mean"))
    return [*named, _("Cost")]


def compared(
    found: Ahead, wanted: Wanted, rows: Sequence[Saved], *, member: Member, is_changed: bool
) -> list[Compared]:
    """As it is, what is asked, and every saved scenario: on the same draws they differ by what is changed."""
    told = [_row(_("As it is"), _url(member), found.outcomes[0], found, wanted)]
    if is_changed:
        asked = _row(_("As set above"), "", found.outcomes[-1], found, wanted, is_current=True)
        told.append(asked)
    outcomes = iter(found.outcomes[1:])
    for row in rows:
        address = url(member, row.view)
        if row.levers is None:
            told.append(Compared(row.view.name, address, (), problem=row.problem))
        else:
            told.append(_row(row.view.name, address, next(outcomes), found, wanted))
    return told


def _row(
    name: str,
    address: str,
    one: Outcome,
    found: Ahead,
    wanted: Wanted,
    *,
    is_current: bool = False,
) -> Compared:
    cells = [
        _amount(one.fan[MIDDLE][-1], found, wanted),
        _amount(one.fan[SURE][-1], found, wanted),
        " · ".join(_weeks(n) for n in one.cleared.weeks),
    ]
    if wanted.threshold is not None:
        cells.append(figures.share(one.passes or 0.0))
    if found.overdue is not None:
        cells.append(_amount(one.overdue[-1], found, wanted))
    cells.append(figures.number(round(one.cost)) if one.cost else "–")
    return Compared(name, address, cells, is_current=is_current)


def _weeks(n: int | None) -> str:
    return _("not within") if n is None else figures.number(n)


def _amount(value: float, found: Ahead, wanted: Wanted) -> str:
    if wanted.measure == VALUE:
        return figures.money(Decimal(round(value)), found.currency, is_whole=True)
    n = round(value)
    if wanted.measure == ORDERS:
        return ngettext("%(n)s order", "%(n)s orders", n) % {"n": figures.number(n)}
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": figures.number(n)}


def _url(member: Member) -> str:
    return reverse("impact", args=[member.workspace.slug])
