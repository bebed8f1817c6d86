"""Why did the open pipeline change? Opening, every change in its line, closing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import bridge
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights as shared
from penstock.web.pages import insights_bridge as pages
from penstock.web.views import insights

NAME = "insights-bridge"
WINDOW = "month"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The bridge of a window, of all open deals or of those due in it."""
    asked = insights.asked(request, default=WINDOW)
    is_due, is_then = request.GET.get("of") == "due", request.GET.get("opening") == "then"
    found = bridge.bridge(
        request.member,
        asked.window,
        known=asked.moment.known,
        as_known_then=is_then,
        due=asked.window if is_due else None,
        only=asked.slice,
    )
    return insights.show(
        request,
        "web/insights/bridge.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        lines=pages.lines(found),
        is_mixed=found.is_mixed,
        charts=pages.charts(found, own=request.workspace.currency),
        notes=pages.notes(found),
        scopes=insights.choices(request, "of", pages.SCOPES, current="due" if is_due else ""),
        openings=insights.choices(
            request, "opening", pages.OPENINGS, current="then" if is_then else ""
        ),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The deals behind one line."""
    asked = insights.asked(request, default=WINDOW)
    line = request.GET.get("line", "")
    found = bridge.changes(
        request.member,
        asked.window,
        line=line,
        known=asked.moment.known,
        as_known_then=request.GET.get("opening") == "then",
        due=asked.window if request.GET.get("of") == "due" else None,
        only=asked.slice,
    )
    page = shared.deals_behind(
        request.member,
        [one.item_id for one in found],
        title=pages.name_of(line),
        crumbs=shared.crumb(
            request.workspace.slug,
            url_name=NAME,
            kept=insights.shared(request, "of", "opening"),
        ),
        number=request.GET.get("page", ""),
        heads=[_("Change"), _("When")],
        cells=[pages.cells(one, zone=request.workspace.zone) for one in found],
    )
    return insights.show_deals(request, page)
