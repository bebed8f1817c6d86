"""How much do we win, and why is it more or less than before?"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import throughput
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_throughput as pages
from penstock.web.views import insights

NAME = "insights-throughput"
WINDOW = "90"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Won value of a window against as many days before it."""
    asked = insights.asked(request, default=WINDOW)
    found = throughput.in_window(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        by=request.GET.get("by", ""),
    )
    return insights.show(
        request,
        "web/insights/report.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        switches=[
            {
                "label": _("Taken apart by"),
                "segments": insights.choices(request, "by", pages.GROUPS, current=found.by),
            }
        ],
        tiles=pages.tiles(found),
        charts=pages.charts(found),
        tables=pages.tables(found),
        deals_url=reverse("insights-throughput-deals", args=[request.workspace.slug]),
        notes=pages.notes(found),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The won deals behind a figure."""
    asked = insights.asked(request, default=WINDOW)
    found = throughput.deals(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        by=request.GET.get("by", ""),
        key=insights.number(request, "key"),
        is_before=bool(request.GET.get("before")),
    )
    return insights.show_behind(request, found, title=_("Won deals"), current=NAME, more=("by",))
