"""Why did the backlog change? The statement of a window, and the entries behind it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from penstock.reports import backlog, holds, statement, statement_own
from penstock.users.middleware import MemberRequest
from penstock.web.forms.windows import PRESETS, asked_window
from penstock.web.pages import statement as pages
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.tiles import window_text
from penstock.web.views import shell
from penstock.web.views.backlog import tabs, without
from penstock.web.views.orders import asked_moment

PAGE_SIZE = 100


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The statement of the window asked for."""
    moment = asked_moment(request)
    window, preset = asked_window(request.GET, until=moment.on, zone=moment.zone)
    is_net = request.GET.get("net") == "1"
    slug = request.workspace.slug
    found = statement.statement(request.member, window, known=moment.known)
    own = statement_own.own(request.member, found)
    end = backlog.on_day(request.member, on=window.last, known=moment.known)
    waiting = holds.of(end, member=request.member)
    return shell.show(
        request,
        "web/backlog/statement.html",
        pages.head(found),
        on=None if moment.is_now else moment.on,
        slug=slug,
        moment=moment,
        tabs=tabs(request, current="statement"),
        statement=pages.table(found, waiting, own, slug=slug, is_net=is_net),
        charts=pages.charts(backlog.daily(request.member, window, known=moment.known)),
        presets=presets(request, current=preset),
        window=window,
        is_net=is_net,
        net_query=without(request.GET, "net"),
    )


def presets(request: MemberRequest, *, current: str) -> list[dict[str, object]]:
    """The usual windows, with all else that the address asks for kept."""
    kept = without(request.GET, "window", "first", "last")
    prefix = f"?{kept}&" if kept else "?"
    return [
        {"name": label, "url": f"{prefix}window={code}", "is_current": code == current}
        for code, label in PRESETS.items()
    ]


@require_GET
def entries(request: MemberRequest) -> HttpResponse:
    """The entries behind one figure of a statement."""
    moment = asked_moment(request)
    window, _preset = asked_window(request.GET, until=moment.on, zone=moment.zone)
    kind, currency = request.GET.get("kind", ""), request.GET.get("currency", "")[:3]
    found = pages.entries(request.member, window, kind=kind, currency=currency, moment=moment)
    return shell.show(
        request,
        "web/backlog/entries.html",
        _entries_page(request, kind=kind, window=window_text(window)),
        slug=request.workspace.slug,
        page_obj=Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        base_query=without(request.GET, "page"),
    )


def _entries_page(request: MemberRequest, *, kind: str, window: str) -> Page:
    slug, name = request.workspace.slug, pages.NAMES.get(kind)
    back = without(request.GET, "kind", "currency", "page")
    return Page(
        title=f"{name} · {window}" if name else window,
        nav="backlog",
        crumbs=(
            Crumb(name=str(pages.BACKLOG), url=reverse("backlog", args=[slug])),
            Crumb(
                name=str(pages.STATEMENT),
                url=f"{reverse('backlog-statement', args=[slug])}?{back}",
            ),
        ),
    )
