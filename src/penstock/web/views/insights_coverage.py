"""Is there enough in the pipeline for this period?"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import coverage
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_coverage as pages
from penstock.web.views import insights

NAME = "insights-coverage"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """What is due in the running period, and what such a pipeline brought in the past."""
    asked = insights.asked(request)
    found = coverage.on_day(
        request.member,
        moment=asked.moment,
        only=asked.slice,
        period=request.GET.get("period", ""),
    )
    return insights.show(
        request,
        "web/insights/report.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        has_window=False,
        switches=[
            {
                "label": _("Period"),
                "segments": insights.choices(
                    request, "period", pages.PERIODS, current=found.period
                ),
            }
        ],
        tiles=pages.tiles(found),
        tables=pages.tables(found),
        deals_url=reverse("insights-coverage-deals", args=[request.workspace.slug]),
        notes=pages.notes(found),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The deals that were due in a period."""
    asked = insights.asked(request)
    try:
        first = parse_date(request.GET.get("begins", ""))
    except ValueError:
        first = None
    found = coverage.deals(
        request.member,
        moment=asked.moment,
        only=asked.slice,
        period=request.GET.get("period", ""),
        first=first,
        is_won=bool(request.GET.get("won")),
    )
    return insights.show_behind(
        request, found, title=_("Due deals"), current=NAME, more=("period",)
    )
