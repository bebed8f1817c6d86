"""Forms, keys and what was held back, in the settings and on the pages of leads."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.sales import captures
from penstock.sales.models import CaptureForm, CaptureKey, Deal
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(workspace: Workspace) -> dict[str, object]:
    return {
        "name": "Quote",
        "pipeline": make.pipeline(workspace).pk,
        "owner_rule": "nobody",
        "ask_email": "required",
        "ask_message": "optional",
        "consent": "You may write to me.",
        "origins": "https://www.example.com\nhttps://shop.example.com/",
    }


def test_form_is_made_changed_closed_opened_and_retired(
    owner: Browser, good: dict[str, object]
) -> None:
    owner.post("settings/forms/new", **good)
    form = CaptureForm.objects.get()
    path = f"settings/forms/{form.pk}"
    assert form.fields == [
        {"code": "email", "required": True},
        {"code": "message", "required": False},
    ]
    assert form.origins == ["https://www.example.com", "https://shop.example.com"]

    owner.post(path, **{**good, "name": "Better", "consent": "You may call me."})
    page = owner.get(path)
    assert [one.text for one in page.context["versions"]] == [
        "You may call me.",
        "You may write to me.",
    ]
    assert form.token in page.context["snippet"]
    assert '<input name="email" required>' in page.context["plain"]

    owner.post(f"{path}/close")
    assert owner.get("settings/forms").context["lines"][0].form.is_on is False
    owner.post(f"{path}/open")
    owner.post(f"{path}/retire")
    assert owner.get("settings/forms").context["lines"] == []
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"ask_email": ""},
        {"owner_rule": "team"},
        {"owner_rule": "x"},
        {"origins": "x"},
        {"pipeline": "0"},
        {"ask_email": "x"},
    ],
)
def test_wrong_form_is_refused_in_place(
    owner: Browser, good: dict[str, object], change: dict[str, str]
) -> None:
    assert owner.post("settings/forms/new", **{**good, **change}).status_code == 422
    assert not CaptureForm.objects.exists()


def test_secret_of_a_key_is_shown_once_and_revoked(owner: Browser, workspace: Workspace) -> None:
    form = make.capture_form(workspace)
    path = f"settings/forms/{form.pk}"

    shown = owner.post(f"{path}/keys/new", name="Shop")
    key = CaptureKey.objects.get()
    secret = shown.context["secret"]

    assert secret in shown.content.decode()
    assert secret not in owner.get(path).content.decode()
    assert owner.post(f"{path}/keys/new", name="").status_code == 422
    owner.post(f"settings/forms/keys/{key.pk}/revoke")
    assert owner.get(path).context["keys"] == []


def test_held_back_is_released_or_dropped_by_whoever_sells(workspace: Workspace) -> None:
    form = make.capture_form(workspace)
    for number in range(2):
        captures.take(form, make.sent(f"{number}@customer.test", doubt="trap"))
    rep = sign_in(make.member(workspace, role=Role.REP))
    lines = rep.get("leads/held").context["lines"]
    assert [line.said[1][1] for line in lines] == ["0@customer.test", "1@customer.test"]

    rep.post(f"leads/held/{lines[0].id}/release")
    rep.post(f"leads/held/{lines[1].id}/drop")

    assert (Deal.objects.count(), rep.get("leads/held").context["lines"]) == (1, [])
    assert rep.post(f"leads/held/{lines[0].id}/drop", htmx=True).status_code == 409


def test_only_managers_shape_and_viewers_decide_nothing(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    key = make.capture_key(workspace)
    held = captures.take(key.form, make.sent(doubt="trap"))
    form = f"settings/forms/{key.form_id}"
    rep = sign_in(make.member(workspace, role=Role.REP))
    manager = sign_in(make.member(workspace, role=Role.MANAGER))
    asked = ["settings/forms", "settings/forms/new", form, f"{form}/keys/new"]
    acts = [f"{form}/close", f"{form}/retire", f"settings/forms/keys/{key.pk}/revoke"]

    assert {rep.get(one).status_code for one in asked} == {403}
    assert {rep.post(one).status_code for one in acts} == {403}
    assert {manager.get(one).status_code for one in asked} == {200}
    assert viewer.get("leads/held").status_code == 200
    assert viewer.post(f"leads/held/{held.pk}/release").status_code == 403
    assert {stranger.get(one).status_code for one in (*asked, "leads/held")} == {404}


def test_queries_of_the_list_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    owner.get("settings/forms")
    for number in range(3):
        form = make.capture_form(workspace, f"Form {number}")
        captures.take(form, make.sent(f"{number}@customer.test"))
        captures.take(form, make.sent(f"{number}@customer.test", doubt="trap"))
        with django_assert_max_num_queries(12):
            owner.get("settings/forms")
        with django_assert_max_num_queries(10):
            owner.get("leads/held")
