"""The grid of goals: its heads, what is said for later days, and goals in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from penstock.reports import goal_facts
from penstock.reports.goal_facts import Subject
from penstock.sales.models import Channel, Goal, GoalPeriod, Metric
from penstock.web import figures
from penstock.web.forms.goals import COUNTED, Asked
from penstock.web.pages.tiles import day_text, period_text


def heads(asked: Asked) -> list[str]:
    """The periods of the year, which itself stands beside them."""
    if asked.period == GoalPeriod.MONTH:
        return [date_format(first, "M").capitalize() for first in asked.firsts]
    return [period_text(asked.period, first) for first in asked.firsts]


def whose(subject: Subject, name: str) -> str:
    """Whose goal it is, as people read it."""
    if subject[0] == "channel":
        return str(dict(Channel.choices).get(name, name))
    return name or _("Workspace")


def later(found: Iterable[Goal], asked: Asked) -> list[str]:
    """What a grid does not show yet: goals that are said for a later day."""
    mine = (asked.metric, COUNTED[asked.counted][1], asked.period, asked.of)
    return [
        _("%(whose)s, %(period)s: from %(day)s %(goal)s")
        % {
            "whose": whose(goal.subject, goal_facts.name_of(goal)),
            "period": period_text(goal.period, goal.first_on),
            "day": day_text(goal.valid_from),
            "goal": value_text(goal),
        }
        for goal in found
        if (goal.metric, goal.activity, goal.period, goal.subject[0]) == mine
        and goal.first_on in asked.firsts
    ]


def value_text(goal: Goal) -> str:
    """How much the goal is, or that there is none."""
    if goal.value is None:
        return _("no goal")
    if goal.currency:
        return figures.money(
            goal.value, goal.currency, is_whole=goal.metric != Metric.COST_PER_LEAD
        )
    return figures.number(goal.value)
