"""How much do new customers bring, how much the existing ones, and who no longer buys?"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.reports import customers
from penstock.users.middleware import MemberRequest
from penstock.web.pages import insights as shared
from penstock.web.pages import insights_customers as pages
from penstock.web.pages.base import Page
from penstock.web.views import insights, shell
from penstock.web.views.backlog import without

NAME = "insights-customers"


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """New against existing business, month by month, and where the customers stand."""
    asked = insights.asked(request)
    found = customers.in_window(
        request.member, asked.window, known=asked.moment.known, only=asked.slice
    )
    return insights.show(
        request,
        "web/insights/customers.html",
        pages.head(found),
        asked=asked,
        current=NAME,
        warning=pages.warning(found.drought),
        tiles=pages.tiles(found),
        charts=pages.charts(found),
        lines=pages.lines(found),
        has_unknown=bool(found.whole.n_unknown),
        stands=pages.stands(found),
        largest=pages.buyer_lines(found.largest, currency=found.currency),
        notes=pages.notes(found),
        base_query=without(request.GET, "first", "last", "window", "page"),
    )


@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    """The won deals behind one figure."""
    asked = insights.asked(request)
    found = customers.deals(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        kind=request.GET.get("kind", ""),
        company=insights.number(request, "company"),
    )
    return insights.show_behind(request, found, title=_("Won deals"), current=NAME)


@require_GET
def buyers(request: MemberRequest) -> HttpResponse:
    """The customers of one standing."""
    asked = insights.asked(request)
    standing = request.GET.get("standing", "")
    found = customers.buyers(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        standing=standing,
    )
    part = Paginator(found, shared.PAGE_SIZE).get_page(request.GET.get("page", ""))
    return shell.show(
        request,
        "web/insights/buyers.html",
        Page(
            title=pages.standing_text(standing),
            nav="insights",
            crumbs=shared.crumb(
                request.workspace.slug, url_name=NAME, kept=insights.shared(request)
            ),
        ),
        lines=pages.buyer_lines(list(part), currency=request.workspace.currency),
        page_obj=part,
        base_query=without(request.GET, "page"),
        query=without(request.GET, "page", "standing"),
    )
