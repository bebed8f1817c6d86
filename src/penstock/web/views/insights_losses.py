"""Why do we lose deals, and where?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import losses
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_losses as pages
from penstock.web.views import insights

NAME = "insights-losses"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Lost deals of a window, by reason and by the stage in which they died."""
    asked = insights.asked(request)
    found = losses.in_window(
        request.member, asked.window, known=asked.moment.known, only=asked.slice
    )
    return insights.show(
        request,
        "web/insights/losses.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        n=found.n,
        charts=pages.charts(found),
        notes=pages.notes(found),
        parts=[
            (_("By reason"), _("Reason"), pages.lines(found.by_reason, of="reason")),
            (_("By stage"), _("Stage"), pages.lines(found.by_stage, of="stage")),
        ],
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The deals behind one figure."""
    asked = insights.asked(request)
    found = losses.deals(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        reason=insights.number(request, "reason"),
        stage=insights.number(request, "stage"),
    )
    return insights.show_behind(request, found, title=_("Lost deals"), current=NAME)
