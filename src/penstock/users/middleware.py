"""Who asks, and in which workspace: told to the database, for one request only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from penstock.base.errors import NotFound
from penstock.users import access, walls
from penstock.users.models import Member, Workspace

#: The part of an address that names the workspace: ``/w/<slug>/…``.
SLUG = "slug"
#: The same of a page that is open to whoever has its link: ``/open/<open_slug>/…``.
OPEN_SLUG = "open_slug"


class OpenRequest(HttpRequest):
    """A request of a visitor who does not sign in, as every view below ``/open/<slug>/`` gets it."""

    workspace: Workspace


class MemberRequest(HttpRequest):
    """A request inside a workspace, as every view below ``/w/<slug>/`` gets it."""

    member: Member
    workspace: Workspace


class WorkspaceMiddleware:
    """Enters the workspace that the address names, and always leaves it.

    A view below ``/open/<slug>/`` gets ``request.workspace`` alone: nobody is signed in there.
    A view below ``/w/<slug>/`` gets ``request.member`` and ``request.workspace`` and not the slug.
    Whoever is not signed in is sent to sign in; a stranger finds nothing. A streamed answer is
    written after the workspace was left: read its rows before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, and leave nothing of it on the connection."""
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
            if getattr(request, "entered", False):
                _leave()

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Say to the database who asks, before the view asks anything."""
        open_slug = kwargs.pop(OPEN_SLUG, None)
        if open_slug is not None:
            request.entered = True  # type: ignore[attr-defined]  # -- read above
            _enter_open(request, open_slug)
            return None
        slug = kwargs.pop(SLUG, None)
        if not request.user.is_authenticated:
            return None if slug is None else _to_sign_in(request)
        request.entered = True  # type: ignore[attr-defined]  # -- read above
        if slug is None:
            walls.enter(account_id=request.user.pk)
            _speak(request, request.user.language)
        else:
            _enter(request, slug)
        return None


def _enter(request: HttpRequest, slug: str) -> None:
    try:
        member = access.enter(request.user, slug=slug)  # type: ignore[arg-type]  # -- signed in
    except NotFound as error:
        raise Http404(error.code) from error
    request.member, request.workspace = member, member.workspace  # type: ignore[attr-defined]  # -- MemberRequest
    timezone.activate(member.workspace.zone)
    _speak(request, request.user.language or member.workspace.language)  # type: ignore[union-attr]  # -- signed in


def _enter_open(request: HttpRequest, slug: str) -> None:
    try:
        workspace = access.enter_open(slug)
    except NotFound as error:
        raise Http404(error.code) from error
    request.workspace = workspace  # type: ignore[attr-defined]  # -- OpenRequest
    timezone.activate(workspace.zone)
    if not _asks_for_language(request):
        _speak(request, workspace.language)


def _asks_for_language(request: HttpRequest) -> bool:
    """Whether the browser asks for one of the languages that there are."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    known = {code for code, _name in settings.LANGUAGES}
    return any(code.partition("-")[0] in known for code, _weight in asked)


def _speak(request: HttpRequest, language: str) -> None:
    # What was chosen in this browser wins over what is kept with the account.
    if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def _leave() -> None:
    try:
        walls.leave()
    except Error:
        # Its settings go with the connection; the next request opens another one.
        connection.close()


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    page = request.headers.get("HX-Current-URL", "/")
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = redirect_to_login(page, resolve_url(settings.LOGIN_URL)).url
    return answer
