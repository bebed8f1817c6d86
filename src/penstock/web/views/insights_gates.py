"""How often do deals pass a gate without its answers?"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.reports import overrides
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_gates as pages
from penstock.web.views import insights
from penstock.web.views.backlog import without


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The moves that passed a gate by override: how many, by whom, without what, and why."""
    asked = insights.asked(request)
    found = overrides.in_window(
        request.member, asked.window, known=asked.moment.known, only=asked.slice
    )
    part = pages.part(found, request.GET.get("page", ""))
    return insights.show(
        request,
        "web/insights/gates.html",
        pages.head(found),
        asked=asked,
        current="insights-gates",
        members=pages.members(found.by_member),
        needs=pages.needs(found),
        rows=pages.lines(list(part), member=request.member),
        page_obj=part,
        base_query=without(request.GET, "page"),
    )
