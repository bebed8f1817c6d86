"""A form that is sent twice is acted on once: a double click, a network that asks again, a page gone back to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from penstock.users import sendings
from penstock.users.middleware import MemberRequest
from penstock.users.models import Sending
from penstock.web import htmx
from penstock.web.htmx import Toast

#: The hidden field that names one drawing of a form; see ``web.templatetags.sending``.
FIELD = "sending"
CSRF = "csrfmiddlewaretoken"
URLENCODED = "application/x-www-form-urlencoded"


class Once:
    """Middleware that answers the second sending of a form without acting on it.

    Two sendings are the same if all that they say is: somebody who goes back and changes something
    sends something new. What was refused counts as not sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, and remember what became of what was sent."""
        response = self.get_response(request)
        sending: Sending | None = getattr(request, "sent_once", None)
        if sending is not None:
            _settle(sending, response)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Look whether it was sent before, as soon as the member is known."""
        if not _is_guarded(request):
            return None
        asker: MemberRequest = request  # type: ignore[assignment]  # -- has a member
        sending, is_new = sendings.begin(asker.member, digest=_digest(request))
        if not is_new:
            return _again(asker, sending)
        request.sent_once = sending  # type: ignore[attr-defined]  # -- read above
        return None


def _is_guarded(request: HttpRequest) -> bool:
    if request.method != "POST" or not hasattr(request, "member"):
        return False
    return request.content_type == URLENCODED and bool(request.POST.get(FIELD))


def _digest(request: HttpRequest) -> str:
    said = sorted((name, values) for name, values in request.POST.lists() if name != CSRF)
    text = json.dumps([request.get_full_path(), said])
    return hashlib.sha256(text.encode()).hexdigest()


def _settle(sending: Sending, response: HttpResponseBase) -> None:
    if response.status_code >= 400:
        sendings.withdraw(sending)
        return
    where = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    sendings.finish(sending, leads_to=where)


def _again(request: MemberRequest, sending: Sending) -> HttpResponse:
    """Lead to where the first answer led, and say that nothing was done twice."""
    toast = Toast(text=_("This was sent already. Nothing was done twice."))
    if htmx.is_htmx(request) and not sending.leads_to:
        return htmx.moved(request, toast=toast)
    messages.info(request, toast.text)
    if htmx.is_htmx(request):
        return htmx.go(request, sending.leads_to)
    home = f"/w/{request.workspace.slug}/"
    return redirect(sending.leads_to or htmx.came_from(request, fallback=home))
