"""A request enters its workspace and leaves nothing of it behind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from penstock.users import walls
from penstock.users.middleware import WorkspaceMiddleware
from penstock.users.models import Account, Member, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace(time_zone="Asia/Tokyo", language="ru")


@pytest.fixture
def founder(workspace: Workspace) -> Account:
    account = make.owner_of(workspace).account
    assert account is not None
    walls.leave()
    return account


def ask(account: Account, slug: str | None, view: object) -> HttpResponse:
    """Send a request through the middleware alone."""
    request = RequestFactory().get("/")
    request.user = account

    def answer(asked: HttpRequest) -> HttpResponse:
        kwargs = {} if slug is None else {"slug": slug}
        return middleware.process_view(asked, view, (), kwargs) or view(asked)  # type: ignore[operator]  # -- a view

    middleware = WorkspaceMiddleware(answer)
    return middleware(request)


def settings_of_the_session() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('penstock.workspace', true), current_setting('penstock.account', true)"
        )
        return cursor.fetchone()


def test_view_sees_the_workspace_and_nothing_stays(workspace: Workspace, founder: Account) -> None:
    seen: list[object] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((request.workspace, request.member.account, walls.current_workspace_id()))
        return HttpResponse()

    ask(founder, workspace.slug, view)

    assert seen == [(workspace, founder, workspace.pk)]
    assert settings_of_the_session() == ("", "")


def test_nothing_stays_after_a_view_that_fails(workspace: Workspace, founder: Account) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(founder, workspace.slug, view)

    assert settings_of_the_session() == ("", "")


def test_nothing_stays_after_a_stranger_was_refused(workspace: Workspace, founder: Account) -> None:
    client = Client()
    client.force_login(make.account("Mallory"), backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(f"/w/{workspace.slug}/pipeline")

    assert answer.status_code == 404
    assert settings_of_the_session() == ("", "")


def test_next_request_of_a_kept_connection_sees_only_its_own(
    workspace: Workspace, founder: Account
) -> None:
    other = make.workspace("Anvil")
    elsewhere = make.owner_of(other).account
    walls.leave()
    seen: list[list[int]] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(list(Member.objects.values_list("workspace_id", flat=True)))
        return HttpResponse()

    assert elsewhere is not None
    ask(founder, workspace.slug, view)
    ask(elsewhere, other.slug, view)
    ask(founder, None, view)

    assert seen == [[workspace.pk], [other.pk], [workspace.pk]]


def test_workspace_gives_time_zone_and_language(workspace: Workspace, founder: Account) -> None:
    seen: list[str | None] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.extend([timezone.get_current_timezone_name(), translation.get_language()])
        return HttpResponse()

    with translation.override("en"):
        ask(founder, workspace.slug, view)

    assert seen == ["Asia/Tokyo", "ru"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_language_chosen_in_the_browser_wins(workspace: Workspace, founder: Account) -> None:
    client = Client()
    client.force_login(founder, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["penstock_language"] = "en"

    answer = client.get(f"/w/{workspace.slug}/companies")

    assert answer.headers["Content-Language"] == "en"


def test_unknown_visitor_is_sent_to_sign_in(workspace: Workspace, client: Client) -> None:
    answer = client.get(f"/w/{workspace.slug}/pipeline?view=list")

    assert answer.headers["Location"] == (
        f"/accounts/login/?next=/w/{workspace.slug}/pipeline%3Fview%3Dlist"
    )


def test_unknown_visitor_with_htmx_is_sent_to_sign_in_as_a_page(
    workspace: Workspace, client: Client
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/w/{workspace.slug}/"}

    answer = client.post(f"/w/{workspace.slug}/items/DEAL-1/moves", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/?next=")


def test_workspace_left_by_a_member_is_not_found(workspace: Workspace, founder: Account) -> None:
    with walls.inside(workspace.pk):
        Member.objects.filter(account=founder).update(is_active=False)
    client = Client()
    client.force_login(founder, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/w/{workspace.slug}/pipeline").status_code == 404
