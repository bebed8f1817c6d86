"""How soon are leads answered?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from penstock.reports import answers
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_answers as pages
from penstock.web.views import insights

NAME = "insights-answers"
WINDOW = "90"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Leads of a window: how many were answered in time, and how long it took."""
    asked = insights.asked(request, default=WINDOW)
    found = answers.in_window(
        request.member,
        asked.window,
        at=asked.moment.at,
        known=asked.moment.known_at,
        only=asked.slice,
    )
    return insights.show(
        request,
        "web/insights/answers.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        n=found.whole.n,
        tiles=pages.tiles(found),
        states=pages.states(found.whole),
        notes=pages.notes(found),
        parts=[
            (_("By owner"), pgettext("of a deal", "Owner"), pages.owner_lines(found)),
            (_("By channel"), _("Channel"), pages.channel_lines(found)),
        ],
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The leads behind one figure."""
    asked = insights.asked(request, default=WINDOW)
    clocks = answers.read(
        request.member,
        asked.window,
        at=asked.moment.at,
        known=asked.moment.known_at,
        only=asked.slice,
    )
    found = pages.keep(
        clocks,
        state=request.GET.get("state", ""),
        by=insights.number(request, "by"),
        came=request.GET.get("came", ""),
    )
    return insights.show_behind(request, found, title=_("Leads"), current=NAME)
