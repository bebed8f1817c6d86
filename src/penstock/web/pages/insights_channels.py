"""Which channels and campaigns bring leads and customers, and what each costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from penstock.analytics import attribution
from penstock.reports.channels import Earned, Earnings
from penstock.sales.models import Channel
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_losses import per_cent
from penstock.web.pages.tiles import Tile, moneys, window_text

RULES = {
    attribution.FIRST: pgettext_lazy("attribution", "First touch"),
    attribution.LAST: pgettext_lazy("attribution", "Last touch"),
    attribution.LINEAR: pgettext_lazy("attribution", "All touches alike"),
}
BY = {"channel": gettext_lazy("By channel"), "campaign": gettext_lazy("By campaign")}
#: A share of fewer closed leads says little.
N_NEEDED = 5
NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One channel or campaign, ready to be shown; ``query`` leads to its deals."""

    name: str
    leads: str
    qualified: str
    won: str
    open: str
    followed: str
    interval: str
    horizon: str
    conversion: str
    cost: str
    per_lead: str
    per_customer: str
    value: str
    returned: str
    query: str


def head(found: Earnings, *, by: str, currency: str) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Channels and campaigns"),
        nav="insights",
        answer=_answer(found, by=by, currency=currency),
        definition=Definition(
            text=_(
                "Leads that came in the window, as they stand at the end of the day asked. Credit for each lead "
                "goes to its first touch, its last one, or in equal parts to all, up to its end; a lead without a "
                "touch counts its stated source as one. “Won of all” follows all of them: open ones are not "
                "decided yet, parked ones are followed until they were parked (Aalen-Johansen, interval at "
                "95 %), up to the day on which five were still followed. “Won of closed” is won ÷ (won + "
                "lost); it is wrong while many are open, for quick ends come first. Costs are those of days in "
                "the window. Won value is in the currency of the workspace at the rate of the day of the win; "
                "return is won value ÷ "
                "cost. Of the whole, cost per lead, cost per customer and return count only what came by "
                "channels or campaigns whose cost is known."
            ),
            window=window_text(found.window),
            n=figures.number(found.n),
        ),
    )


def tiles(found: Earnings, *, currency: str) -> list[Tile]:
    """The whole: leads, cost, cost per lead and per customer, return."""
    whole, priced = found.whole, found.priced
    known = _known(found)
    return [
        Tile(name=_("Leads"), value=figures.number(found.n), basis=_opened(found)),
        Tile(name=_("Cost of campaigns"), value=money(whole.cost, currency)),
        Tile(name=_("Cost per lead"), value=money(priced.cost_per("leads"), currency), basis=known),
        Tile(
            name=_("Cost per customer"), value=money(priced.cost_per("won"), currency), basis=known
        ),
        Tile(name=_("Return"), value=times(priced.returned), basis=known or _("won value ÷ cost")),
    ]


def lines(found: Earnings, *, by: str, currency: str) -> list[Line]:
    """Every channel or campaign, most leads first."""
    labels = dict(Channel.choices)
    return [
        _line(one, str(labels.get(one.key, "")) if by == "channel" else one.name, by, currency)
        for one in found.lines
    ]


def total(found: Earnings, *, currency: str) -> Line:
    """The whole as a line; what it cost and returned, of the part whose cost is known."""
    priced = found.priced
    return replace(
        _line(found.whole, _("Total"), "", currency),
        per_lead=money(priced.cost_per("leads"), currency),
        per_customer=money(priced.cost_per("won"), currency),
        returned=times(priced.returned),
    )


def notes(found: Earnings, *, currency: str) -> list[str]:
    """What bears on the figures."""
    said = []
    if found.n_stated:
        said.append(
            ngettext(
                "%(n)s lead has no written touch and counts by its stated source.",
                "%(n)s leads have no written touch and count by their stated source.",
                found.n_stated,
            )
            % {"n": figures.number(found.n_stated)}
        )
    if found.n_without_amount:
        said.append(
            ngettext(
                "%(n)s won deal has no amount and adds nothing to the value.",
                "%(n)s won deals have no amount and add nothing to the value.",
                found.n_without_amount,
            )
            % {"n": figures.number(found.n_without_amount)}
        )
    if found.n_without_rate:
        said.append(
            ngettext(
                "%(n)s won deal is in a currency without a rate and is missing in the value.",
                "%(n)s won deals are in a currency without a rate and are missing in the value.",
                found.n_without_rate,
            )
            % {"n": figures.number(found.n_without_rate)}
        )
    if found.costs_without_rate:
        said.append(
            _("Costs without a rate are missing: %(sums)s.")
            % {"sums": moneys(found.costs_without_rate)}
        )
    said += _cost_notes(found, currency=currency)
    if found.lag_days:
        said.append(
            ngettext(
                "Ends are entered late here: leads are followed until %(day)s, %(n)s day before the day asked.",
                "Ends are entered late here: leads are followed until %(day)s, %(n)s days before the day asked.",
                ceil(found.lag_days),
            )
            % {
                "day": date_format(found.followed_until.astimezone(found.window.zone)),
                "n": figures.number(ceil(found.lag_days)),
            }
        )
    if found.n_open * 4 > found.n:
        said.append(
            _(
                "Many of these leads are still open: what is won of closed ones, cost per customer and return "
                "will change."
            )
        )
    return said


def _cost_notes(found: Earnings, *, currency: str) -> list[str]:
    """How costs follow a slice."""
    if not found.is_part or found.whole.cost is None:
        return []
    said = [
        _(
            "Only some of the leads are counted here. Each lead of a campaign bears an equal part of what the "
            "campaign cost in the window (where no lead names the campaign, each lead of its channel), so "
            "costs of slices add up to the whole."
        )
    ]
    if found.idle_cost:
        text = _("%(cost)s brought no lead at all in the window and is in no slice.")
        said.append(text % {"cost": money(found.idle_cost, currency)})
    return said


def charts(found: Earnings, named: Sequence[Line]) -> list[dict[str, Any]]:
    """Leads and customers side by side."""
    if not found.n:
        return []
    shown = [(line, one) for line, one in zip(named, found.lines, strict=True) if one.credit.n]
    return [
        {
            "id": "chart-channels",
            "title": _("Leads and customers"),
            "summary": _("%(name)s brought most leads: %(n)s of %(total)s.")
            % {
                "name": shown[0][0].name,
                "n": shown[0][0].leads,
                "total": figures.number(found.n),
            },
            "data": {
                "x": [line.name for line, _one in shown],
                "sideways": True,
                "series": [
                    {
                        "name": _("Leads"),
                        "kind": "bar",
                        "values": [round(float(one.credit.n), 2) for _line, one in shown],
                        "tone": "accent",
                    },
                    {
                        "name": _("Won deals"),
                        "kind": "bar",
                        "values": [round(float(one.count("won")), 2) for _line, one in shown],
                        "tone": "ok",
                    },
                ],
            },
            "heads": [_("Name"), _("Leads"), _("Won deals")],
            "rows": [[line.name, line.leads, line.won] for line, _one in shown],
        }
    ]


def count(value: Fraction) -> str:
    """A number of leads: whole where it is, otherwise with one place.

    >>> count(Fraction(3)), count(Fraction(7, 3))
    ('3', '2.3')
    """
    return figures.number(_decimal(value), places=0 if value.denominator == 1 else 1)


def money(value: Fraction | None, currency: str) -> str:
    """An amount; a dash where nothing is known."""
    return (
        NONE
        if value is None
        else figures.money(_decimal(value), currency, is_whole=abs(value) >= 100)
    )


def times(value: Fraction | None) -> str:
    """How many times the cost."""
    return (
        NONE if value is None else _("%(n)s ×") % {"n": figures.number(_decimal(value), places=1)}
    )


def _line(one: Earned, name: str, by: str, currency: str) -> Line:
    n_won, n_closed = float(one.count("won")), float(one.n_closed)
    followed, interval, horizon = _ends(one)
    return Line(
        name=name or _("Not known"),
        leads=count(one.credit.n),
        qualified=count(one.count("qualified")),
        won=count(one.count("won")),
        open=count(one.count("open")),
        followed=followed,
        interval=interval,
        horizon=horizon,
        conversion=per_cent(n_won / n_closed if n_closed else None),
        cost=money(one.cost, currency),
        per_lead=money(one.cost_per("leads"), currency),
        per_customer=money(one.cost_per("won"), currency),
        value=money(one.value, currency) if one.value else NONE,
        returned=times(one.returned),
        query=f"key={one.key or 'none'}" if by else "",
    )


def _ends(one: Earned) -> tuple[str, str, str]:
    """What part is won in the end, its interval, and how far that was followed; dashes for too few."""
    found = one.followed
    if found is None or found.n < N_NEEDED or found.horizon_days is None:
        return NONE, NONE, ""
    days = ceil(found.horizon_days)
    text = ngettext(
        "within %(n)s day, %(share)s undecided",
        "within %(n)s days, %(share)s undecided",
        days,
    )
    return (
        per_cent(found.won.share),
        f"{per_cent(found.won.low)} – {per_cent(found.won.high)}",
        text % {"n": figures.number(days), "share": per_cent(found.undecided)},
    )


def _opened(found: Earnings) -> str:
    text = ngettext("%(n)s of them is still open", "%(n)s of them are still open", found.n_open)
    return text % {"n": figures.number(found.n_open)} if found.n_open else ""


def _known(found: Earnings) -> str:
    """Of how many leads the cost is known, where it is not of all."""
    n, cost = found.priced.credit.n, found.priced.cost
    if cost is None or n == found.n:
        return ""
    return _("of %(n)s of %(all)s leads the cost is known") % {
        "n": count(n),
        "all": figures.number(found.n),
    }


def _answer(found: Earnings, *, by: str, currency: str) -> str:
    if not found.n:
        return _("No lead came in in this window.")
    best = max(found.lines, key=lambda one: (one.value, one.credit.n))
    name = str(dict(Channel.choices).get(best.key, "")) if by == "channel" else best.name
    if not best.value:
        text = ngettext(
            "%(n)s lead came; none of them is won yet.",
            "%(n)s leads came; none of them is won yet.",
            found.n,
        )
        return text % {"n": figures.number(found.n)}
    text = ngettext(
        "%(n)s lead came; most won value by: %(name)s, %(value)s.",
        "%(n)s leads came; most won value by: %(name)s, %(value)s.",
        found.n,
    )
    return text % {
        "n": figures.number(found.n),
        "name": name or _("not known"),
        "value": money(best.value, currency),
    }


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
