"""What holds the flow of work up?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import bottleneck
from penstock.users.middleware import MemberRequest
from penstock.web.pages import backlog_rows
from penstock.web.pages import bottleneck as pages
from penstock.web.views import backlog_flow, insights


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The verdict, the signs and the gains of a window."""
    asked = backlog_flow.read(request)
    found = bottleneck.in_window(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        by=request.GET.get("by", ""),
    )
    url = backlog_flow.reverse_of(request, "backlog-bottleneck-work")
    return backlog_flow.show_page(
        request,
        "web/flow/report.html",
        pages.head(found),
        asked=asked,
        current="bottleneck",
        switches=[
            {
                "label": _("Compare"),
                "segments": insights.choices(request, "by", pages.BY, current=found.by),
            }
        ],
        sections=[{"table": table, "url": url} for table in pages.tables(found)],
        notes=pages.notes(found),
        query=backlog_flow.kept(request),
    )


@require_GET
def work(request: MemberRequest) -> HttpResponse:
    """The work that stood at a team or stage at the end of the window."""
    asked = backlog_flow.read(request)
    found = bottleneck.items(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        by=request.GET.get("by", ""),
        key=insights.number(request, "key"),
    )
    page = backlog_rows.of_work(
        request.member,
        found,
        title=_("Work that stands there"),
        crumbs=backlog_flow.crumbs(request, name=_("Bottleneck"), url_name="backlog-bottleneck"),
        number=request.GET.get("page", ""),
        days=_("Days there"),
    )
    return backlog_flow.show_rows(request, page)
