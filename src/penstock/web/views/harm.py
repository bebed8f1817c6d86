"""What is at risk because orders are late?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.backlog import access
from penstock.reports import harm
from penstock.reports.moment import moment
from penstock.users.middleware import MemberRequest
from penstock.web.pages import harm as pages
from penstock.web.pages import harm_orders
from penstock.web.views import backlog_flow, shell


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The value at risk, the orders, the chances and the surveys, on a day."""
    asked = backlog_flow.read(request)
    found = harm.on_day(request.member, moment=asked.moment, only=asked.slice)
    orders_url = backlog_flow.reverse_of(request, "backlog-risk-orders")
    riskiest = harm_orders.riskiest(request.member, found)
    return backlog_flow.show_page(
        request,
        "web/flow/report.html",
        pages.head(found),
        asked=asked,
        current="risk",
        has_window=False,
        sections=[
            {"table": table, "url": orders_url} for table in (riskiest, *pages.tables(found))
        ],
        notes=pages.notes(found),
        query=backlog_flow.kept(request),
    )


@require_GET
def orders(request: MemberRequest) -> HttpResponse:
    """Every order that is owed, those with the most at risk first."""
    asked = backlog_flow.read(request)
    found = harm.on_day(request.member, moment=asked.moment, only=asked.slice)
    page = harm_orders.behind(
        request.member,
        found,
        crumbs=backlog_flow.crumbs(request, name=_("At risk"), url_name="backlog-risk"),
        number=request.GET.get("page", ""),
    )
    return backlog_flow.show_rows(request, page)


@require_GET
def tile(request: MemberRequest) -> HttpResponse:
    """The value at risk as one figure, for pages that do not wait for it."""
    found = harm.brief(request.member, moment=moment(request.workspace))
    figure = pages.tile(found, url=backlog_flow.reverse_of(request, "backlog-risk"))
    return shell.piece(request, "web/risk/tile.html", {"figure": figure, "is_fetched": True})


@require_GET
def of_order(request: MemberRequest, key: str) -> HttpResponse:
    """What is at risk of one order, for its page, which does not wait for it; nothing where nothing can be said."""
    order = access.order_for(request.member, key)
    found = harm.brief(request.member, moment=moment(request.workspace))
    context = {
        "said": pages.of_order(found, order.pk),
        "definition": pages.definition_of(found),
        "title": _("At risk"),
        "workspace": request.workspace,
        "order": order,
        "is_fetched": True,
    }
    return shell.piece(request, "web/risk/order.html", context)
