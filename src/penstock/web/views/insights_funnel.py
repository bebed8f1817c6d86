"""Where do we lose deals, and how long does it take?"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.base.calendar import Window
from penstock.reports import funnel, slices
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights_funnel as pages
from penstock.web.views import insights

NAME, TIMES = "insights-funnel", "insights-times"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The funnel of a window against the window before it, or the slice against all deals."""
    asked = insights.asked(request)
    found = funnel.funnel(request.member, asked.window, moment=asked.moment, only=asked.slice)
    with_all = request.GET.get("against") == "all"
    other = funnel.funnel(
        request.member,
        asked.window if with_all else _before(asked.window),
        moment=asked.moment,
        only=slices.ALL if with_all else asked.slice,
        pipeline=found.pipeline,
    )
    return insights.show(
        request,
        "web/insights/funnel.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        lines=pages.lines(found, other),
        charts=pages.charts(found),
        notes=pages.notes(found),
        against=insights.choices(
            request, "against", pages.AGAINST, current="all" if with_all else ""
        ),
    )


@require_GET
def times(request: MemberRequest) -> HttpResponse:
    """How long deals stay in each stage, and from opening to their end."""
    asked = insights.asked(request)
    found = funnel.funnel(request.member, asked.window, moment=asked.moment, only=asked.slice)
    return insights.show(
        request,
        "web/insights/times.html",
        pages.times_head(found),
        asked=asked,
        current=TIMES,
        lines=pages.time_lines(found),
        charts=pages.time_charts(found),
        deals_url=reverse("insights-times-deals", args=[request.workspace.slug]),
        notes=pages.notes(found),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The deals that entered a stage, or those that went on in one way."""
    asked = insights.asked(request)
    found = funnel.funnel(request.member, asked.window, moment=asked.moment, only=asked.slice)
    stage = insights.number(request, "stage") or 0
    return insights.show_behind(
        request,
        funnel.deals(found, stage_id=stage, kind=insights.number(request, "kind")),
        title=_named(found, stage) or _("Funnel"),
        current=NAME,
        more=("against",),
    )


@require_GET
def timed(request: MemberRequest) -> HttpResponse:
    """The deals behind a time: all, or those that still run."""
    asked = insights.asked(request)
    found = funnel.funnel(request.member, asked.window, moment=asked.moment, only=asked.slice)
    stage = None if request.GET.get("cycle") else insights.number(request, "stage") or 0
    return insights.show_behind(
        request,
        funnel.timed(found, stage_id=stage, part=request.GET.get("part", "")),
        title=_named(found, stage) or _("Times"),
        current=TIMES,
    )


def _named(found: funnel.Funnel, stage: int | None) -> str:
    return next((one.label for one in found.steps if one.stage_id == stage), "")


def _before(window: Window) -> Window:
    last = window.first - timedelta(days=1)
    return Window(last - timedelta(days=window.n_days - 1), last, window.zone)
