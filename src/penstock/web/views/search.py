"""Finding a deal, an order, a company or a person by name or number."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.pages import search as pages
from penstock.web.views import shell


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """What is found, as rows or as a page; a number leads to its deal or order at once."""
    q = request.GET.get("q", "").strip()
    if htmx.is_htmx(request):
        rows = pages.find(request.member, q)
        return render(request, "web/search/rows.html", {"rows": rows})
    found = pages.build(request.member, q)
    if found.only_url:
        return redirect(found.only_url)
    return shell.show(request, "web/search/page.html", found)
