"""Which channels and campaigns bring leads and customers, and what each costs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from penstock.analytics import attribution
from penstock.reports import channels
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights as shared
from penstock.web.pages import insights_channels as pages
from penstock.web.views import insights
from penstock.web.views.insights import Asked

NAME = "insights-channels"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Leads of a window by channel or campaign, with what they cost and brought."""
    asked = insights.asked(request)
    question = _question(request, asked)
    found = channels.earned(request.member, asked.window, **question)
    by, own = question["by"], request.workspace.currency
    named = pages.lines(found, by=by, currency=own)
    return insights.show(
        request,
        "web/insights/channels.html",
        pages.head(found, by=by, currency=own),
        asked=asked,
        current=NAME,
        n=found.n,
        tiles=pages.tiles(found, currency=own),
        lines=named,
        total=pages.total(found, currency=own),
        charts=pages.charts(found, named),
        notes=pages.notes(found, currency=own),
        rules=insights.choices(request, "rule", pages.RULES, current=question["rule"]),
        bys=insights.choices(request, "by", pages.BY, current=by),
        head=_("Channel") if by == "channel" else _("Campaign"),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The leads behind one figure, each with its part in it."""
    asked = insights.asked(request)
    figure = request.GET.get("figure", "leads")
    key = request.GET.get("key", "")
    question = _question(request, asked)
    found = channels.deals(
        request.member,
        asked.window,
        key=key,
        figure=figure if figure in channels.FIGURES else "leads",
        **question,
    )
    is_shared = question["rule"] == attribution.LINEAR and key
    page = shared.deals_behind(
        request.member,
        [item_id for item_id, _part in found],
        title=_("Leads"),
        crumbs=shared.crumb(
            request.workspace.slug, url_name=NAME, kept=insights.shared(request, "rule", "by")
        ),
        number=request.GET.get("page", ""),
        heads=(pgettext("of the credit", "Part"),) if is_shared else (),
        cells=[(pages.count(part),) for _pk, part in found] if is_shared else (),
    )
    return insights.show_deals(request, page)


def _question(request: MemberRequest, asked: Asked) -> dict[str, Any]:
    rule, by = request.GET.get("rule", ""), request.GET.get("by", "")
    return {
        "rule": rule if rule in attribution.RULES else attribution.FIRST,
        "by": by if by in pages.BY else "channel",
        "until": asked.moment.on,
        "known": asked.moment.known,
        "only": asked.slice,
    }
