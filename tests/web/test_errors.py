"""The five errors, said once."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from penstock.base.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PenstockError,
    RuleBroken,
    Unavailable,
)
from penstock.web import errors
from tests.web.conftest import Browser

STATUSES = [
    (NotFound, 404),
    (NotAllowed, 403),
    (RuleBroken, 422),
    (Conflict, 409),
    (Unavailable, 503),
]


def refuse(error: Exception, **headers: str) -> HttpResponse | None:
    request = RequestFactory().get("/", headers=headers)
    return errors.Errors(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_error_is_a_page_of_its_status(kind: type[PenstockError], status: int) -> None:
    answer = refuse(kind("test.code", "Turn it <off> and on."))

    assert answer is not None
    assert answer.status_code == status
    assert "Turn it &lt;off&gt; and on." in answer.content.decode()
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_error_is_a_toast_for_htmx(kind: type[PenstockError], status: int) -> None:
    answer = refuse(kind("test.code", "Turn it off and on."), **{"HX-Request": "true"})

    assert answer is not None
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'hx-target="#toasts"' in page
    assert "<html" not in page


def test_other_errors_are_ours() -> None:
    assert refuse(ZeroDivisionError()) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["moon", "deals/DEAL-404", "deals/ä", "companies/404", "people/404"]
)
def test_what_is_not_there_is_a_page(owner: Browser, path: str) -> None:
    answer = owner.get(path)

    assert answer.status_code == 404
    assert "<html" in answer.content.decode()


@pytest.mark.django_db
def test_lost_token_is_a_page(owner: Browser) -> None:
    owner.client.handler.enforce_csrf_checks = True

    answer = owner.post("deals/new", title="Mine")

    assert answer.status_code == 403
    assert "<html" in answer.content.decode()
