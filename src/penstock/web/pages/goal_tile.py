"""The goal that is nearest to whoever looks, on Today and beside the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.reports import goals
from penstock.reports.goals import Reached
from penstock.reports.moment import moment
from penstock.sales.models import Metric
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.goals import counted_text
from penstock.web.pages.base import Definition
from penstock.web.pages.insights_goals import amount
from penstock.web.pages.insights_losses import per_cent
from penstock.web.pages.tiles import period_text, window_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTile:
    """How far a goal is; ``percent`` and ``usual_percent`` are for its bar, ``url`` shows the rows behind it."""

    title: str
    result: str
    goal: str
    share: str
    percent: int
    tone: str
    verdict: str
    left: str
    url: str
    all_url: str
    definition: Definition


def build(member: Member) -> GoalTile | None:
    """The tile of a member now; None where no goal is theirs to see."""
    found = goals.nearest(member, moment=moment(member.workspace))
    return None if found is None else _tile(found, slug=member.workspace.slug)


def _tile(one: Reached, *, slug: str) -> GoalTile:
    return GoalTile(
        title=_("%(what)s, %(whose)s, %(period)s")
        % {
            "what": counted_text(one.metric, one.activity),
            "whose": one.name or _("Workspace"),
            "period": period_text(one.period, one.window.first),
        },
        result=amount(one.result, one),
        goal=_("of %(goal)s") % {"goal": amount(one.goal, one)},
        share=per_cent(one.share),
        percent=min(round(one.share * 100), 100),
        tone="late" if one.is_behind else "ok",
        verdict=_verdict(one),
        left=_left(one),
        url=reverse("insights-goals-deals", args=[slug, one.goal_id]),
        all_url=reverse("insights-goals", args=[slug]),
        definition=_definition(one),
    )


def _verdict(one: Reached) -> str:
    usual = {"usual": amount(round(one.expected, 0 if one.currency else 1), one)}
    if one.is_behind:
        return _("Behind: usually %(usual)s are in by now.") % usual
    return _("On pace: usually %(usual)s are in by now.") % usual


def _left(one: Reached) -> str:
    if one.result >= one.goal:
        return _("The goal is reached.")
    if one.needed is None:
        return _("No working day is left.")
    text = ngettext(
        "%(n)s working day is left; it must bring %(needed)s.",
        "%(n)s working days are left; each must bring %(needed)s.",
        one.days_left,
    )
    needed = amount(round(one.needed, 0 if one.currency else 2), one)
    return text % {"n": figures.number(one.days_left), "needed": needed}


def _definition(one: Reached) -> Definition:
    basis = (
        ngettext(
            "What usually is in by now comes from %(n)s earlier period of the same length and its working days.",
            "What usually is in by now comes from %(n)s earlier periods of the same length and their working days.",
            one.usual.n,
        )
        % {"n": figures.number(one.usual.n)}
        if one.usual.n
        else _(
            "There is no earlier period: what usually is in by now is the share of working days."
        )
    )
    unknown = ""
    if one.n_unknown:
        unknown = ngettext(
            "%(n)s won deal has no amount, or none that a rate turns, and is in no result.",
            "%(n)s won deals have no amount, or none that a rate turns, and are in no result.",
            one.n_unknown,
        ) % {"n": figures.number(one.n_unknown)}
    return Definition(
        text=" ".join(filter(None, [_COUNTED[Metric(one.metric)](), basis, unknown])),
        window=window_text(one.window),
        n=figures.number(one.n),
    )


_COUNTED = {
    Metric.WON_AMOUNT: lambda: _(
        "The amounts of the deals won in the period so far, at the rates of the days on which they were won."
    ),
    Metric.WON_DEALS: lambda: _("The deals won in the period so far."),
    Metric.NEW_LEADS: lambda: _("The leads that came in in the period so far."),
    Metric.ACTIVITIES: lambda: _("The activities done in the period so far."),
}
