"""What a page shows after an act on a deal: the board its columns, the deal's page itself."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from penstock.sales import access
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.htmx import Toast
from penstock.web.pages import deal as deal_page
from penstock.web.pages import pipeline
from penstock.web.views.pipeline import asked_by_page


def answer(
    request: MemberRequest, deal: Deal, *, stages: Iterable[int], toast: Toast
) -> HttpResponse:
    """Answer an act on a deal, for the page from which it was done."""
    if not htmx.is_htmx(request):
        messages.success(request, toast.text)
        return redirect(_came_from(request, fallback=url(request, "deal", deal)))
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if path == reverse("pipeline", args=[request.workspace.slug]):
        columns = pipeline.columns(asked_by_page(request), stages)
        return htmx.moved(request, columns=columns, toast=toast)
    if path == url(request, "deal", deal):
        return _page_again(request, deal, toast=toast)
    return htmx.moved(request, toast=toast)


def url(request: MemberRequest, name: str, deal: Deal, *more: object) -> str:
    """An address of a deal."""
    return reverse(name, args=[request.workspace.slug, deal.item.key, *more])


def _page_again(request: MemberRequest, deal: Deal, *, toast: Toast) -> HttpResponse:
    fresh = access.deal_for(request.member, deal.item.key)
    page = deal_page.build(fresh, member=request.member)
    context = {
        "page": page,
        "toast": toast,
        "workspace": request.workspace,
        "member": request.member,
    }
    return render(request, "web/deal/again.html", context)


def _came_from(request: MemberRequest, *, fallback: str) -> str:
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    # A dialog shown as a page of its own has the address of the act, which answers no GET.
    return page if is_ours and not urlsplit(page).path.endswith("/moves") else fallback
