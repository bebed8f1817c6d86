"""What a page shows after an act on a deal: the board its columns, the deal's page itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from penstock.sales import access
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.htmx import Toast
from penstock.web.pages import deal as deal_page
from penstock.web.pages import leads as leads_page
from penstock.web.pages import pipeline, saved_views, today
from penstock.web.views import deal_table
from penstock.web.views.backlog import without
from penstock.web.views.pipeline import asked_by_page


def answer(
    request: MemberRequest, deal: Deal, *, stages: Iterable[int], toast: Toast, **more: Any
) -> HttpResponse:
    """Answer an act on a deal, for the page from which it was done; ``more`` may open a ``dialog``."""
    if not htmx.is_htmx(request):
        messages.success(request, toast.text)
        return redirect(_came_from(request, fallback=url(request, "deal", deal)))
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    lists = {path(request, "leads"): _leads_again, path(request, "today"): _today_again}
    if here.path in lists:
        return lists[here.path](request, QueryDict(here.query), toast=toast, **more)
    again = {
        path(request, "pipeline"): partial(_pipeline_again, request, stages),
        url(request, "deal", deal): partial(_page_again, request, deal),
    }
    return again.get(here.path, partial(htmx.moved, request))(toast=toast, **more)


def _pipeline_again(
    request: MemberRequest, stages: Iterable[int], *, toast: Toast, **more: Any
) -> HttpResponse:
    if deal_table.is_asking(request):
        # A dialog that asked for what was missing has its answers.
        return deal_table.again(
            request, toast=toast, **({"dialog": "web/pipeline/no_dialog.html"} | more)
        )
    more["columns"] = pipeline.columns(asked_by_page(request), stages)
    return htmx.moved(request, toast=toast, **more)


def toasted(request: MemberRequest, *, toast: Toast, fallback: str = "") -> HttpResponse:
    """Answer an act with a toast alone, where the page shows nothing else of it; ``fallback`` without a script."""
    if htmx.is_htmx(request):
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        if here.path == path(request, "today"):
            return _today_again(request, QueryDict(here.query), toast=toast)
        return htmx.moved(request, toast=toast)
    messages.success(request, toast.text)
    return redirect(_came_from(request, fallback=fallback or path(request, "workspace")))


def url(request: MemberRequest, name: str, deal: Deal, *more: object) -> str:
    """An address of a deal."""
    return path(request, name, deal.item.key, *more)


def path(request: MemberRequest, name: str, *more: object) -> str:
    """An address of the workspace."""
    return reverse(name, args=[request.workspace.slug, *more])


def _page_again(request: MemberRequest, deal: Deal, *, toast: Toast, **more: Any) -> HttpResponse:
    fresh = access.deal_for(request.member, deal.item.key)
    page = deal_page.build(fresh, member=request.member)
    context = {
        "page": page,
        "toast": toast,
        "workspace": request.workspace,
        "member": request.member,
        **more,
    }
    return render(request, "web/deal/again.html", context)


def _today_again(
    request: MemberRequest, query: QueryDict, *, toast: Toast, **more: Any
) -> HttpResponse:
    page = today.build(request.member, of=query.get("of", ""))
    context = {"page": page, "toast": toast, "workspace": request.workspace, **more}
    return render(request, "web/today/again.html", context)


def _leads_again(
    request: MemberRequest, query: QueryDict, *, toast: Toast, **more: Any
) -> HttpResponse:
    context = leads_context(request, query) | {"toast": toast, **more}
    return render(request, "web/leads/again.html", context)


def leads_context(request: MemberRequest, query: QueryDict) -> dict[str, Any]:
    """What the inbox of leads needs to be shown anew, as an address asks for it."""
    page = leads_page.build(request.member, query)
    return {
        "page": page,
        "page_obj": page.page_obj,
        "base_query": without(query, "page"),
        "views": saved_views.build(request.member, saved_views.LEADS, query),
        "workspace": request.workspace,
        "member": request.member,
    }


def _came_from(request: MemberRequest, *, fallback: str) -> str:
    page = htmx.came_from(request, fallback=fallback)
    # A dialog shown as a page of its own has the address of the act: it would ask again.
    return fallback if urlsplit(page).path == request.path else page
