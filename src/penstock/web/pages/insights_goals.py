"""Shall we reach our goals? What is in, what usually is by now, and what may still come."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from penstock.analytics.pace import MIN_MONTHS
from penstock.reports.goal_costs import LeadCost
from penstock.reports.goals import Goals, Pace, Parts, Reached
from penstock.web import figures
from penstock.web.forms.goals import counted_text
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.goals import whose
from penstock.web.pages.insights_losses import per_cent
from penstock.web.pages.tiles import day_text, period_text

BY = {
    "team": pgettext_lazy("the goals …", "by team"),
    "owner": pgettext_lazy("the goals …", "by person"),
    "product": pgettext_lazy("the goals …", "by product"),
    "channel": pgettext_lazy("the goals …", "by channel"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A goal, ready to be shown; ``percent`` is for its bar."""

    goal_id: int
    name: str
    counted: str
    goal: str
    result: str
    share: str
    percent: int
    tone: str
    usual: str
    usual_basis: str
    projected: str
    reaches: str
    needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """A goal for what a lead may cost, ready to be shown; ``note`` says why there is no cost."""

    goal_id: int
    name: str
    period: str
    goal: str
    per_lead: str
    percent: int
    share: str
    tone: str
    cost: str
    n_leads: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The goals of one period."""

    title: str
    days_left: str
    lines: list[Line]


def head(found: Goals) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Goals"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Goals in force on the day, and what was reached by its end. What usually is in by now comes "
                "from earlier periods of the same length and their working days, drawn towards the share of "
                "working days while there are few of them. The projection adds what came in in the rest of "
                "earlier months, drawn at random: 80 of 100 trials lie in its range. The cost per lead is what "
                "campaigns cost from the beginning of the period, by the leads that came first to channels with a cost."
            ),
            window=day_text(found.moment.on),
            n=figures.number(len(found.paces) + len(found.costs)),
        ),
    )


def groups(found: Goals) -> list[Group]:
    """The goals by their period, the shortest first."""
    windows = list(dict.fromkeys((one.period, one.window) for one in found.paces))
    return [
        Group(
            title=period_text(period, window.first),
            days_left=_days_left(next(one for one in found.paces if one.window == window)),
            lines=[_line(one) for one in found.paces if one.window == window],
        )
        for period, window in windows
    ]


def costs(found: Goals) -> list[CostLine]:
    """What leads cost so far, beside what they may cost at most."""
    return [_cost_line(one) for one in found.costs]


def _cost_line(one: LeadCost) -> CostLine:
    note = ""
    if one.cost is None:
        note = _("No cost of a campaign is known for these days.")
    elif one.per_lead is None:
        note = _("No lead has come yet.")
    return CostLine(
        goal_id=one.goal_id,
        name=whose(one.subject, one.name),
        period=period_text(one.period, one.window.first),
        goal=_at_most(one),
        per_lead=_money(one.per_lead, one),
        percent=0 if one.share is None else min(round(one.share * 100), 100),
        share=per_cent(one.share),
        tone="late" if one.is_above else "ok",
        cost=_money(one.cost, one),
        n_leads=figures.number(one.n_leads, places=0 if one.n_leads % 1 == 0 else 1),
        note=note,
    )


def _money(value: Decimal | None, one: LeadCost) -> str:
    return "–" if value is None else figures.money(value, one.currency)


def _at_most(one: LeadCost) -> str:
    return figures.money(one.goal, one.currency)


def notes(found: Goals) -> list[str]:
    """What bears on the figures, and how parts and wholes stand to each other."""
    said = [_parts(one) for one in found.parts]
    n_unknown = sum(one.n_unknown for one in found.paces if not one.subject[0])
    if n_unknown:
        said.append(
            ngettext(
                "%(n)s won deal has no amount, or none that a rate turns, and is in no result.",
                "%(n)s won deals have no amount, or none that a rate turns, and are in no result.",
                n_unknown,
            )
            % {"n": figures.number(n_unknown)}
        )
    if any(one.projection.middle is None for one in found.paces):
        said.append(
            _("Nothing is projected before there are %(n)s whole months on record.")
            % {"n": figures.number(MIN_MONTHS)}
        )
    return said


def amount(value: Decimal | float, one: Reached | Parts) -> str:
    """A figure of a goal: money, or a number."""
    exact = Decimal(str(value))
    if one.currency:
        return figures.money(exact, one.currency, is_whole=True)
    return figures.number(exact, places=min(max(-int(exact.normalize().as_tuple().exponent), 0), 2))


def _line(one: Pace) -> Line:
    projection = one.projection
    projected = "–"
    if projection.low is not None and projection.high is not None:
        low, high = amount(round(projection.low), one), amount(round(projection.high), one)
        projected = low if low == high else f"{low} – {high}"
    return Line(
        goal_id=one.goal_id,
        name=whose(one.subject, one.name),
        counted=counted_text(one.metric, one.activity),
        goal=amount(one.goal, one),
        result=amount(one.result, one),
        share=per_cent(one.share),
        percent=min(round(one.share * 100), 100),
        tone="late" if one.is_behind else "ok",
        usual=amount(round(one.expected, 0 if one.currency else 1), one),
        usual_basis=_usual(one),
        projected=projected,
        reaches=per_cent(projection.reaches),
        needed=_needed(one),
    )


def _usual(one: Pace) -> str:
    if not one.usual.n:
        return _("%(share)s by the working days alone") % {"share": per_cent(one.usual.share)}
    return _("%(share)s by now, n = %(n)s") % {
        "share": per_cent(one.usual.share),
        "n": figures.number(one.usual.n),
    }


def _needed(one: Pace) -> str:
    if one.needed is None:
        return _("no day left")
    if not one.needed:
        return _("reached")
    return amount(round(one.needed, 0 if one.currency else 2), one)


def _days_left(one: Pace) -> str:
    return ngettext("%(n)s working day left", "%(n)s working days left", one.days_left) % {
        "n": figures.number(one.days_left)
    }


def _parts(one: Parts) -> str:
    told = {
        "what": counted_text(one.metric, one.activity),
        "period": period_text(one.period, one.window.first),
        "of": str(BY[one.dimension]),
        "total": amount(one.total, one),
        "whole": amount(one.whole, one),
        "gap": amount(abs(one.whole - one.total), one),
    }
    if one.total == one.whole:
        return _("%(what)s, %(period)s: the goals %(of)s add up to the whole, %(whole)s.") % told
    if one.total < one.whole:
        return (
            _(
                "%(what)s, %(period)s: the goals %(of)s add up to %(total)s, %(gap)s less than the whole, "
                "%(whole)s."
            )
            % told
        )
    return (
        _(
            "%(what)s, %(period)s: the goals %(of)s add up to %(total)s, %(gap)s more than the whole, "
            "%(whole)s."
        )
        % told
    )


def _answer(found: Goals) -> str:
    if not found.paces:
        return _cost_answer(found)
    first = next((one for one in found.paces if not one.subject[0]), found.paces[0])
    told = {
        "what": counted_text(first.metric, first.activity),
        "whose": whose(first.subject, first.name),
        "period": period_text(first.period, first.window.first),
        "result": amount(first.result, first),
        "goal": amount(first.goal, first),
        "share": per_cent(first.share),
        "usual": amount(round(first.expected, 0 if first.currency else 1), first),
    }
    answer = (
        _(
            "%(what)s, %(whose)s, %(period)s: %(result)s of %(goal)s (%(share)s), less than the %(usual)s that "
            "usually are in by now."
        )
        if first.is_behind
        else _(
            "%(what)s, %(whose)s, %(period)s: %(result)s of %(goal)s (%(share)s), no less than the %(usual)s "
            "that usually are in by now."
        )
    )
    return answer % told


def _cost_answer(found: Goals) -> str:
    if not found.costs:
        return _("No goal is in force for this day.")
    first = found.costs[0]
    told = {
        "whose": whose(first.subject, first.name),
        "period": period_text(first.period, first.window.first),
        "cost": _money(first.per_lead, first),
        "goal": _at_most(first),
    }
    if first.per_lead is None:
        return _("Cost per lead, %(whose)s, %(period)s: not known yet, at most %(goal)s.") % told
    if first.is_above:
        return _("Cost per lead, %(whose)s, %(period)s: %(cost)s, more than %(goal)s.") % told
    return _("Cost per lead, %(whose)s, %(period)s: %(cost)s, no more than %(goal)s.") % told
