"""The way in."""

import pytest
from django.test import Client

from penstock.users import walls
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def test_start_leads_to_the_only_workspace(owner: Browser) -> None:
    answer = owner.get("/")

    assert (answer.status_code, answer["Location"]) == (302, owner.url("today"))


def test_start_leads_to_the_workspace_visited_last(owner: Browser) -> None:
    other = make.workspace("Anvil", by=owner.account)
    owner.get(f"/w/{other.slug}/pipeline")

    answer = owner.get("/")

    assert answer["Location"] == f"/w/{other.slug}/today"


def test_start_without_a_workspace_leads_to_founding_one(stranger: Browser) -> None:
    answer = stranger.get("/")

    assert answer["Location"] == "/workspaces/new"


def test_start_unknown_leads_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")

    assert answer["Location"] == "/accounts/login/?next=/"


def test_found_makes_a_furnished_workspace(stranger: Browser) -> None:
    fields = {"name": "Forge", "currency": "RUB", "time_zone": "Europe/Moscow", "language": "ru"}

    answer = stranger.post("/workspaces/new", **fields)

    assert answer["Location"] == "/w/forge/pipeline"
    walls.enter(account_id=stranger.account.pk)
    workspace = Workspace.objects.get(slug="forge")
    assert (workspace.currency, workspace.time_zone, workspace.language) == (
        "RUB",
        "Europe/Moscow",
        "ru",
    )
    assert stranger.get("/w/forge/pipeline").status_code == 200


def test_found_without_a_name_says_so(stranger: Browser) -> None:
    answer = stranger.post("/workspaces/new", currency="EUR", time_zone="UTC", language="en")

    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_switch_leads_to_the_other_workspace(owner: Browser) -> None:
    other = make.workspace("Anvil", by=owner.account)

    answer = owner.post(f"/workspaces/{other.slug}/switch")

    assert answer["Location"] == f"/w/{other.slug}/today"
