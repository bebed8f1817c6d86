"""What a browser may do with our pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from penstock.users.models import Workspace
from penstock.web import headers
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\b(src|type=\"application/json\"))"
)


def test_pages_may_load_from_here_only(owner: Browser) -> None:
    answer = owner.get("pipeline")

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path",
    ["pipeline", "pipeline?view=list", "companies", "deals/new", "search?q=xy", "/workspaces/new"],
)
def test_pages_carry_nothing_the_policy_forbids(
    owner: Browser, workspace: Workspace, path: str
) -> None:
    make.deal(workspace, company=make.company(workspace))

    page = owner.get(path).content.decode()

    assert INLINE.findall(page) == []


def test_sign_in_carries_nothing_the_policy_forbids(client: Client, db: None) -> None:
    assert INLINE.findall(client.get("/accounts/login/").content.decode()) == []


@override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [{"provider_id": "oidc"}]}})
def test_single_sign_on_may_be_reached_by_a_form() -> None:
    assert "form-action 'self' https:;" in headers.policy()
