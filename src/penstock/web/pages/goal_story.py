"""What was ever said of one goal: how much, from when on, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.flow.dating import today as today_in
from penstock.reports import goal_facts
from penstock.sales import goals
from penstock.sales.models import Goal
from penstock.users.models import Member
from penstock.web.forms.goals import counted_text
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.goals import value_text, whose
from penstock.web.pages.tiles import day_text, period_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One word about the goal; ``state`` says whether it counts today."""

    valid_from: date
    value: str
    known_at: datetime
    by: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class GoalStory(Page):
    """All words about one goal, the latest first, and the way to what was reached."""

    lines: Sequence[Said]
    deals_url: str


def build(member: Member, goal: Goal, *, kept: str) -> GoalStory:
    """The page of a goal."""
    slug, today = member.workspace.slug, today_in(member.workspace)
    rows = goals.history(goal)
    counting = next((row for row in rows if row.valid_from <= today), None)
    query = f"?{kept}" if kept else ""
    return GoalStory(
        title=_("%(what)s, %(whose)s, %(period)s")
        % {
            "what": counted_text(goal.metric, goal.activity),
            "whose": whose(goal.subject, goal_facts.name_of(goal)),
            "period": period_text(goal.period, goal.first_on),
        },
        nav="insights",
        answer=_answer(counting),
        crumbs=(
            Crumb(name=_("Insights"), url=reverse("insights", args=[slug])),
            Crumb(name=_("Goals"), url=reverse("insights-goals", args=[slug]) + query),
        ),
        lines=[_line(row, counting=counting, today=today) for row in rows],
        deals_url=reverse("insights-goals-deals", args=[slug, goal.pk]) + query,
    )


def _answer(counting: Goal | None) -> str:
    if counting is None:
        return _("No goal is in force today.")
    values = {"goal": value_text(counting), "day": day_text(counting.valid_from)}
    if counting.value is None:
        return _("It was taken away; since %(day)s there is no goal.") % values
    return _("The goal is %(goal)s, in force since %(day)s.") % values


def _line(row: Goal, *, counting: Goal | None, today: date) -> Said:
    state, tone = _("No longer"), ""
    if row.valid_from > today:
        state, tone = _("Not yet"), "info"
    elif row == counting:
        state, tone = _("In force"), "ok"
    return Said(
        valid_from=row.valid_from,
        value=value_text(row),
        known_at=row.known_at,
        by=row.by.name if row.by else "",
        state=state,
        tone=tone,
    )
