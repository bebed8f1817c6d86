"""The table of deals after something was done in it, with the filters and the page that it showed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from penstock.users.middleware import MemberRequest
from penstock.web.htmx import Toast
from penstock.web.pages import deal_list
from penstock.web.views.pipeline import asked_by_page


def is_asking(request: MemberRequest) -> bool:
    """Whether it is the table, and not the board, from which a request was sent."""
    query = urlsplit(request.headers.get("HX-Current-URL", "")).query
    return QueryDict(query).get("view") == "list"


def again(request: MemberRequest, *, toast: Toast | None = None, **more: Any) -> HttpResponse:
    """The rows anew, each in its place, and what is told besides."""
    query = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    page = deal_list.build(
        asked_by_page(request), sort=query.get("sort", ""), number=query.get("page", "")
    )
    context = {
        "page": page,
        "filters": {"clear_url": "?view=list"},
        "toast": toast,
        "workspace": request.workspace,
        "member": request.member,
        **more,
    }
    return render(request, "web/pipeline/table_again.html", context)
