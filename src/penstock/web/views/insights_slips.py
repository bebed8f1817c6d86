"""How far can expected closes be trusted, and whose?"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import slips
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_slips as pages
from penstock.web.views import insights

NAME = "insights-slips"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """How expected closes moved in a window, owner by owner."""
    asked = insights.asked(request)
    found = slips.in_window(
        request.member, asked.window, known=asked.moment.known, only=asked.slice
    )
    return insights.show(
        request,
        "web/insights/report.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        tables=pages.tables(found),
        deals_url=reverse("insights-slips-deals", args=[request.workspace.slug]),
        notes=pages.notes(found),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The deals behind a figure."""
    asked = insights.asked(request)
    found = slips.deals(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        owner=insights.number(request, "whose"),
        kind=request.GET.get("kind", ""),
    )
    return insights.show_behind(
        request, found, title=_("Deals with an expected close"), current=NAME
    )
