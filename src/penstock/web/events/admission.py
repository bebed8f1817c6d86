"""Who may hear what changes in a workspace: its members, for as long as they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from penstock.users import access, walls
from penstock.users.models import Account


@dataclass(frozen=True, slots=True)
class Listener:
    """An account that may listen to a workspace, by their ids."""

    workspace_id: int
    account_id: int


def admit(cookies: str, *, slug: str) -> Listener | None:
    """Let a browser listen to a workspace.

    Args:
        cookies: The header of that name.
        slug: Names the workspace.

    Returns:
        Who listens to what, or nothing for somebody who is not signed in.

    Raises:
        NotFound: ``users.no_workspace`` for a stranger.
    """
    account = get_user(_request(cookies))
    if not isinstance(account, Account):
        return None
    try:
        return Listener(access.enter(account, slug=slug).workspace_id, account.pk)
    finally:
        walls.leave()


def admit_afresh(cookies: str, *, slug: str) -> Listener | None:
    """Admit from a thread between requests: a connection that broke meanwhile is replaced."""
    close_old_connections()
    try:
        return admit(cookies, slug=slug)
    finally:
        close_old_connections()


def _request(cookies: str) -> HttpRequest:
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        jar = SimpleCookie()
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(morsel.value if morsel else None)
    return request
