"""What every page of Insights reads from its address and shows around its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from penstock.base.calendar import Window
from penstock.reports.moment import Moment
from penstock.reports.slices import DIMENSIONS, Slice
from penstock.users.middleware import MemberRequest
from penstock.web.forms.slices import SliceFilters
from penstock.web.forms.windows import asked_window
from penstock.web.pages import insights as pages
from penstock.web.pages.base import Page
from penstock.web.views import shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import asked_moment
from penstock.web.views.statements import presets

DEFAULT_WINDOW = "365"
#: More digits than a key has would be an error of the database, not an answer.
N_DIGITS = 18
#: What goes along from tab to tab.
SHARED = ("on", "known", "window", "first", "last")


@dataclass(frozen=True, slots=True)
class Asked:
    """The day, the window and the slice that an address asks for."""

    moment: Moment
    window: Window
    preset: str
    filters: SliceFilters

    @property
    def slice(self) -> Slice:
        """Which deals."""
        return self.filters.slice


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Insights opens with its first page."""
    return HttpResponseRedirect(reverse(pages.TABS[0].url_name, args=[request.workspace.slug]))


def asked(request: MemberRequest, *, default: str = DEFAULT_WINDOW) -> Asked:
    """Read the address.

    Raises:
        RuleBroken: ``web.no_date``, ``reports.future``, ``web.window``, ``web.window_future``,
            ``reports.slice``.
    """
    moment = asked_moment(request)
    window, preset = asked_window(request.GET, until=moment.on, zone=moment.zone, default=default)
    filters = SliceFilters(request.GET, member=request.member)
    return Asked(moment=moment, window=window, preset=preset, filters=filters)


def show(
    request: MemberRequest,
    template: str,
    page: Page,
    *,
    asked: Asked,
    current: str,
    has_window: bool = True,
    **context: Any,
) -> HttpResponse:
    """Answer with a page of Insights below its tabs, windows and filters."""
    moment = asked.moment
    return shell.show(
        request,
        template,
        page,
        on=None if moment.is_now else moment.on,
        moment=moment,
        known=moment.known,
        window=asked.window,
        filters=asked.filters,
        tabs=pages.tabs(request.workspace.slug, current=current, kept=shared(request)),
        presets=presets(request, current=asked.preset) if has_window else (),
        hidden=_hidden(request),
        query=request.GET.urlencode(),
        clear_query=without(request.GET, *DIMENSIONS, "page"),
        **context,
    )


def show_deals(request: MemberRequest, page: pages.DealsBehind) -> HttpResponse:
    """Answer with the deals behind a figure."""
    return shell.show(
        request,
        "web/insights/deals.html",
        page,
        page_obj=page.page_obj,
        base_query=without(request.GET, "page"),
    )


def show_behind(
    request: MemberRequest,
    item_ids: Sequence[int],
    *,
    title: str,
    current: str,
    more: Sequence[str] = (),
) -> HttpResponse:
    """Answer with the deals behind a figure; ``more`` of the address goes along on the way back."""
    crumbs = pages.crumb(request.workspace.slug, url_name=current, kept=shared(request, *more))
    page = pages.deals_behind(
        request.member, item_ids, title=title, crumbs=crumbs, number=request.GET.get("page", "")
    )
    return show_deals(request, page)


def shared(request: MemberRequest, *more: str) -> str:
    """The part of the address that goes along from tab to tab, and (with ``more``) back from the deals."""
    kept = request.GET.copy()
    for name in [name for name in kept if name not in (*SHARED, *DIMENSIONS, *more)]:
        del kept[name]
    return str(kept.urlencode())


def choices(
    request: MemberRequest, name: str, offered: Mapping[str, object], *, current: str
) -> list[dict[str, object]]:
    """A switch in the address: what it offers, with all else that the address asks for kept."""
    kept = without(request.GET, name, "page")
    return [
        {
            "name": label,
            "url": f"?{kept}&{name}={code}" if code else f"?{kept}",
            "is_current": code == current,
        }
        for code, label in offered.items()
    ]


def number(request: MemberRequest, name: str) -> int | None:
    """A whole number that the address carries; None for none, and for what is no number."""
    text = request.GET.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= N_DIGITS
    return int(text) if is_number else None


def _hidden(request: MemberRequest) -> list[tuple[str, str]]:
    """What the filter form sends along; what it asks for itself is left out."""
    own = {*DIMENSIONS, "first", "last", "known", "page"}
    return [(name, text) for name, text in request.GET.dict().items() if name not in own and text]
