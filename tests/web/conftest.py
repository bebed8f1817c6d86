"""Browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from penstock.users import walls
from penstock.users.models import Account, Member, Role, Workspace
from tests import make


@dataclass
class Browser:
    """A member's browser: asks for pages of the workspace, and comes back into it afterwards."""

    client: Client
    workspace: Workspace
    account: Account

    def get(self, path: str, *, htmx: bool = False, page: str = "/", **data: Any) -> HttpResponse:
        """Ask for a page; ``page`` is the one from which htmx asks."""
        return self._ask(self.client.get, path, data, self._headers(page) if htmx else {})

    def post(self, path: str, *, htmx: bool = False, page: str = "/", **data: Any) -> HttpResponse:
        """Send a form; ``page`` is the one from which htmx sends it."""
        return self._ask(self.client.post, path, data, self._headers(page) if htmx else {})

    def _headers(self, page: str) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{self.url(page)}"}

    def _ask(
        self, send: Callable[..., Any], path: str, data: Any, headers: dict[str, str]
    ) -> HttpResponse:
        try:
            return send(self.url(path), data, headers=headers)
        finally:
            # The middleware left the workspace; the test wants to look at its rows.
            walls.enter(workspace_id=self.workspace.pk, account_id=self.account.pk)

    def url(self, path: str) -> str:
        return path if path.startswith("/") else f"/w/{self.workspace.slug}/{path}"


@pytest.fixture
def workspace(db: None) -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


@pytest.fixture
def owner(workspace: Workspace) -> Browser:
    """The founder's browser."""
    return sign_in(make.owner_of(workspace))


@pytest.fixture
def viewer(workspace: Workspace) -> Browser:
    """The browser of a colleague who may only look."""
    return sign_in(make.member(workspace, role=Role.VIEWER))


@pytest.fixture
def stranger(workspace: Workspace) -> Browser:
    """The browser of somebody who does not belong to the workspace."""
    client, account = Client(), make.account("Mallory")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return Browser(client, workspace, account)


def sign_in(member: Member) -> Browser:
    """The browser of a member."""
    client = Client()
    assert member.account is not None
    client.force_login(member.account, backend="django.contrib.auth.backends.ModelBackend")
    return Browser(client, member.workspace, member.account)
