"""Shall we reach our goals?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import goals
from penstock.sales import access
from penstock.sales.goals import DIMENSIONS
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web.pages import goal_story
from penstock.web.pages import insights_goals as pages
from penstock.web.views import insights, shell
from penstock.web.views.orders import asked_moment

NAME = "insights-goals"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Every goal of the day, and the pace towards it."""
    asked = insights.asked(request)
    cut = {
        name: getattr(value, "pk", value)
        for name in DIMENSIONS
        if (value := getattr(asked.slice, name)) is not None
    }
    found = goals.on_day(request.member, moment=asked.moment, only=cut)
    return insights.show(
        request,
        "web/insights/goals.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        has_window=False,
        groups=pages.groups(found),
        costs=pages.costs(found),
        notes=pages.notes(found),
        may_set=roles.may_steer(request.member),
    )


@require_GET
def story(request: MemberRequest, goal_id: int) -> HttpResponse:
    """All that was said of a goal."""
    goal = access.goal_for(request.member, goal_id)
    page = goal_story.build(request.member, goal, kept=insights.shared(request))
    return shell.show(request, "web/insights/goal.html", page)


@require_GET
def deals(request: MemberRequest, goal_id: int) -> HttpResponse:
    """The deals behind the result of a goal."""
    found = goals.deals(request.member, moment=asked_moment(request), goal_id=goal_id)
    return insights.show_behind(request, found, title=_("Deals behind the goal"), current=NAME)
