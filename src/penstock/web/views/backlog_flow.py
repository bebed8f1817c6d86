"""How do orders flow?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from penstock.base.calendar import Window
from penstock.reports import backlog_flow, hours_ahead, work_times
from penstock.reports.moment import Moment
from penstock.reports.order_slices import DIMENSIONS, OrderSlice
from penstock.users.middleware import MemberRequest
from penstock.web.forms.order_slices import OrderSliceFilters
from penstock.web.forms.windows import asked_window
from penstock.web.pages import backlog_flow as pages
from penstock.web.pages import backlog_flow_charts as charts
from penstock.web.pages import backlog_flow_tables as tables
from penstock.web.pages import backlog_rows
from penstock.web.pages.base import Crumb, Page
from penstock.web.views import insights, shell
from penstock.web.views.backlog import tabs, without
from penstock.web.views.orders import asked_moment
from penstock.web.views.statements import presets

DEFAULT_WINDOW = "90"
#: What goes along from the figures to their rows and back.
SHARED = ("on", "known", "window", "first", "last", "by", *DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Asked:
    """The day, the window and the slice that an address asks for."""

    moment: Moment
    window: Window
    preset: str
    filters: OrderSliceFilters

    @property
    def slice(self) -> OrderSlice:
        """Which orders."""
        return self.filters.slice


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The diagram, the times and the weeks of a window."""
    asked = read(request)
    known, only = asked.moment.known, asked.slice
    found = backlog_flow.in_window(request.member, asked.window, known=known, only=only)
    work = work_times.in_window(
        request.member, asked.window, known=known, only=only, by=request.GET.get("by", "")
    )
    ahead = hours_ahead.on_day(request.member, moment=asked.moment, only=only)
    urls = _urls(request)
    return show_page(
        request,
        "web/flow/report.html",
        pages.head(found),
        asked=asked,
        current="flow",
        switches=[
            {
                "label": _("Work by"),
                "segments": insights.choices(request, "by", tables.GROUPS, current=work.by),
            }
        ],
        tiles=pages.tiles(found, work, ahead, urls=urls),
        charts=charts.charts(found),
        sections=[
            {"table": tables.times(found), "url": reverse_of(request, "backlog-flow-orders")},
            {"table": tables.stages(found), "url": reverse_of(request, "backlog-flow-orders")},
            {"table": tables.groups(work), "url": reverse_of(request, "backlog-flow-work")},
        ],
        notes=tables.notes(found, work, ahead),
        query=kept(request),
    )


#: The orders behind a figure, by the part of the flow.
ORDERS = {
    "came": gettext_lazy("Orders that came in"),
    "delivered": gettext_lazy("Orders that were delivered"),
    "cancelled": gettext_lazy("Orders that were cancelled"),
    "opening": gettext_lazy("Orders owed at the begin"),
    "inside": gettext_lazy("Orders owed at the end"),
    "running": gettext_lazy("Orders that came in and are still owed"),
}
WORK = {
    "finished": gettext_lazy("Work that was finished"),
    "begun": gettext_lazy("Work that was begun"),
    "running": gettext_lazy("Work that is in progress"),
    "waiting": gettext_lazy("Work that waits"),
    "unbegun": gettext_lazy("Work that was finished without being begun"),
}


@require_GET
def orders(request: MemberRequest) -> HttpResponse:
    """The orders behind a figure."""
    asked = read(request)
    part = request.GET.get("part", "")
    part = part if part in ORDERS else "came"
    found = backlog_flow.orders(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        part=part,
        stage_id=insights.number(request, "stage"),
    )
    page = backlog_rows.of_orders(
        request.member,
        found,
        title=str(ORDERS[part]),
        crumbs=crumbs(request, name=_("Flow"), url_name="backlog-flow"),
        number=request.GET.get("page", ""),
    )
    return show_rows(request, page)


@require_GET
def work(request: MemberRequest) -> HttpResponse:
    """The work behind a figure."""
    asked = read(request)
    part = request.GET.get("part", "")
    part = part if part in WORK else "finished"
    found = work_times.items(
        request.member,
        asked.window,
        known=asked.moment.known,
        only=asked.slice,
        part=part,
        by=request.GET.get("by", ""),
        key=insights.number(request, "key"),
    )
    page = backlog_rows.of_work(
        request.member,
        found,
        title=str(WORK[part]),
        crumbs=crumbs(request, name=_("Flow"), url_name="backlog-flow"),
        number=request.GET.get("page", ""),
    )
    return show_rows(request, page)


def read(request: MemberRequest) -> Asked:
    """Read the address.

    Raises:
        RuleBroken: ``web.no_date``, ``reports.future``, ``web.window``, ``web.window_future``,
            ``reports.slice``.
    """
    moment = asked_moment(request)
    window, preset = asked_window(
        request.GET, until=moment.on, zone=moment.zone, default=DEFAULT_WINDOW
    )
    filters = OrderSliceFilters(request.GET, member=request.member)
    return Asked(moment=moment, window=window, preset=preset, filters=filters)


def show_page(
    request: MemberRequest,
    template: str,
    page: Page,
    *,
    asked: Asked,
    current: str,
    has_window: bool = True,
    **context: Any,
) -> HttpResponse:
    """Answer with a page of the backlog below its tabs, windows (unless it knows none) and filters."""
    own = {*DIMENSIONS, "first", "last", "known", "page"}
    hidden = [(name, text) for name, text in request.GET.dict().items() if name not in own and text]
    return shell.show(
        request,
        template,
        page,
        on=None if asked.moment.is_now else asked.moment.on,
        moment=asked.moment,
        window=asked.window,
        filters=asked.filters,
        tabs=tabs(request, current=current),
        presets=presets(request, current=asked.preset) if has_window else (),
        hidden=hidden,
        clear_query=without(request.GET, *DIMENSIONS, "page"),
        **context,
    )


def show_rows(request: MemberRequest, page: backlog_rows.RowsBehind) -> HttpResponse:
    """Answer with the rows behind a figure."""
    return shell.show(
        request,
        "web/flow/rows.html",
        page,
        page_obj=page.page_obj,
        base_query=without(request.GET, "page"),
    )


def kept(request: MemberRequest) -> str:
    """The part of the address that goes along to the rows behind the figures."""
    query = request.GET.copy()
    for name in [name for name in query if name not in SHARED]:
        del query[name]
    return str(query.urlencode())


def crumbs(request: MemberRequest, *, name: str, url_name: str) -> tuple[Crumb, ...]:
    """The way back from rows to their figure."""
    slug, query = request.workspace.slug, kept(request)
    url = reverse(url_name, args=[slug])
    return (
        Crumb(name=_("Backlog"), url=reverse("backlog", args=[slug])),
        Crumb(name=name, url=f"{url}?{query}" if query else url),
    )


def reverse_of(request: MemberRequest, name: str) -> str:
    """An address of this workspace."""
    return reverse(name, args=[request.workspace.slug])


def _urls(request: MemberRequest) -> pages.Urls:
    query = kept(request)
    orders_, work_ = (
        reverse_of(request, name) + (f"?{query}" if query else "")
        for name in ("backlog-flow-orders", "backlog-flow-work")
    )
    return pages.Urls(orders=orders_, work=work_)
