"""Answers in pieces: columns, a toast, a dialog; or a redirect where there is no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from penstock.web.pages.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """One notice; ``undo_url`` with ``undo_values`` (pairs) makes it take the act back."""

    text: str
    detail: str = ""
    tone: str = "ok"
    undo_url: str = ""
    undo_values: Sequence[tuple[str, object]] = ()


def is_htmx(request: HttpRequest) -> bool:
    """Whether a script of ours asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def moved(
    request: HttpRequest,
    *,
    columns: Iterable[Column] = (),
    toast: Toast | None = None,
    dialog: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The columns that changed, a toast, and a dialog (a template), each put in its place.

    It is also the answer to an error: of a status that is not swapped, its pieces still are.
    """
    pieces = {"columns": list(columns), "toast": toast, "dialog": dialog, **context}
    return render(request, "components/moved.html", pieces, status=status)


def came_from(request: HttpRequest, *, fallback: str) -> str:
    """The page from which a form was sent, if it is one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else fallback


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page, in a way that the asker understands."""
    if not is_htmx(request):
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer
