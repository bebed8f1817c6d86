"""Forms for visitors: their pages, their guards, and what they refuse."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import escapejs

from penstock.sales import capture_forms, capture_keys
from penstock.sales.models import CaptureForm, CaptureKey, Deal, Submission, Touch
from penstock.users import walls
from penstock.users.models import Workspace
from penstock.web.forms import open_capture
from tests import make

pytestmark = pytest.mark.django_db

GOOD = {"name": "Carol", "email": "carol@customer.test", "company": "Acme", "message": "Hello"}
PAGE = "https://www.mill.test/wheels?utm_source=google&utm_medium=cpc"
SCRIPT = "<script>alert(1)</script>"


class Visitor:
    """Somebody who opened a form, and takes their time."""

    def __init__(self, form: CaptureForm) -> None:
        self.form, self.client = form, Client(enforce_csrf_checks=True)
        self.path = f"/open/{form.workspace.slug}/forms/{form.token}"

    def get(self, tail: str = "", **asked: Any) -> HttpResponse:
        return self._ask(lambda: self.client.get(self.path + tail, asked))

    def mark(self) -> str:
        return str(self.get().context["form"].initial["guard"])

    def send(self, *, headers: dict[str, str] | None = None, **told: Any) -> HttpResponse:
        told = {"guard": told.pop("guard", None) or self.mark(), **GOOD, **told}
        with patch.object(open_capture, "QUICKEST_SECONDS", -1):
            return self._ask(lambda: self.client.post(self.path, told, headers=headers or {}))

    def _ask(self, send: Any) -> HttpResponse:
        try:
            return send()
        finally:
            # The middleware left the workspace; the test wants to look at its rows.
            walls.enter(workspace_id=self.form.workspace_id)


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


@pytest.fixture
def form(workspace: Workspace) -> CaptureForm:
    return make.capture_form(workspace, heading="Ask us")


@pytest.fixture
def visitor(form: CaptureForm) -> Visitor:
    return Visitor(form)


def test_visitor_sends_a_lead_and_is_thanked(visitor: Visitor) -> None:
    answer = visitor.send(page=PAGE, referrer="https://www.google.com/")

    deal, touch = Deal.objects.get(), Touch.objects.select_related("trace").get()
    assert answer["Location"] == f"{visitor.path}?thanks"
    assert "Thank you" in visitor.get(thanks="").content.decode()
    assert (deal.item.title, touch.channel, touch.trace.landing) == (
        "Acme: Ask us",
        "paid",
        "https://www.mill.test/wheels",
    )


def test_mark_is_good_for_one_sending(visitor: Visitor) -> None:
    mark = visitor.mark()

    answers = [visitor.send(guard=mark), visitor.send(guard=mark, message="Other")]

    assert [one.status_code for one in answers] == [302, 302]
    assert Submission.objects.count() == 1


def test_sending_at_once_or_without_a_mark_is_asked_again_and_kept(visitor: Visitor) -> None:
    quick = visitor.client.post(visitor.path, {"guard": visitor.mark(), **GOOD})
    walls.enter(workspace_id=visitor.form.workspace_id)
    without = visitor.send(guard="forged")

    for answer in (quick, without):
        assert answer.status_code == 200
        assert answer.context["form"].initial["email"] == GOOD["email"]
        assert "Please check" in answer.content.decode()
    assert not Submission.objects.exists()
    again = without.context["form"].initial["guard"]
    assert visitor.send(guard=again).status_code == 302


def test_mark_of_yesterday_or_of_another_form_is_asked_again(
    visitor: Visitor, workspace: Workspace
) -> None:
    other = Visitor(make.capture_form(workspace, "Other")).mark()
    mark = visitor.mark()

    assert visitor.send(guard=other).status_code == 200
    with patch.object(open_capture, "LONGEST_SECONDS", -1):
        assert "very long" in visitor.send(guard=mark).content.decode()


def test_trap_holds_back_and_says_nothing(visitor: Visitor) -> None:
    answer = visitor.send(homepage="https://spam.test")

    assert answer.status_code == 302
    assert (Submission.objects.get().reason, Deal.objects.count()) == ("trap", 0)


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"email": "x"}, {"email": ""}, {"message": "x" * 5000}]
)
def test_incomplete_form_is_refused_in_place(visitor: Visitor, change: dict[str, str]) -> None:
    answer = visitor.send(**change)

    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert "invalid" in answer.content.decode()


def test_consent_is_asked_for(workspace: Workspace) -> None:
    visitor = Visitor(make.capture_form(workspace, consent="You may write to me."))

    assert visitor.send().status_code == 422
    assert visitor.send(agrees="on").status_code == 302


def test_wrong_address_closed_and_retired_form(visitor: Visitor, workspace: Workspace) -> None:
    wrong = Client().get(f"/open/{workspace.slug}/forms/wrong")
    walls.enter(workspace_id=workspace.pk)
    mark = visitor.mark()
    capture_forms.close(visitor.form, by=None)

    assert wrong.status_code == 404
    assert "closed for now" in visitor.get().content.decode()
    assert visitor.send(guard=mark).status_code == 422
    capture_forms.retire(visitor.form, by=None)
    assert visitor.get().status_code == 404


def test_form_of_another_workspace_is_not_there(visitor: Visitor) -> None:
    other = make.workspace("Other")

    answer = Client().get(f"/open/{other.slug}/forms/{visitor.form.token}")

    assert answer.status_code == 404


def test_other_sites_send_only_if_they_are_named(visitor: Visitor) -> None:
    foreign = {"Origin": "https://www.example.com"}
    assert visitor.send(headers=foreign).status_code == 403

    capture_forms.change(visitor.form, by=None, origins=["https://www.example.com/"])

    assert visitor.send(headers=foreign).status_code == 302
    assert visitor.send(headers={"Origin": "null"}).status_code == 403


def test_browser_says_that_the_form_is_sent_from_its_own_page(visitor: Visitor) -> None:
    page = visitor.get().content.decode()

    # With “no-referrer” a browser sends “null” as the origin, also from the page itself.
    assert '<meta name="referrer" content="same-origin">' in page
    assert visitor.send(headers={"Origin": "http://testserver"}).status_code == 302


def test_only_named_sites_show_it_in_a_frame(visitor: Visitor) -> None:
    plain = visitor.get()
    capture_forms.change(visitor.form, by=None, origins=["https://www.example.com"])
    framed = visitor.get()

    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    assert plain["X-Frame-Options"] == "DENY"
    assert "frame-ancestors https://www.example.com;" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed


def test_script_names_the_form_and_the_frame_carries_where_it_is(
    workspace: Workspace,
) -> None:
    visitor = Visitor(make.capture_form(workspace, '";alert(1)//</script>'))

    script = visitor.get("/embed.js")
    framed = visitor.get(page=PAGE, ref="https://ya.ru/")

    assert script["Content-Type"] == "text/javascript"
    assert escapejs(visitor.form.token) in script.content.decode()
    assert '";alert' not in script.content.decode()
    assert framed.context["form"].initial["page"] == PAGE
    assert framed.context["form"].initial["referrer"] == "https://ya.ru/"


def test_too_large_and_too_often_are_refused(visitor: Visitor) -> None:
    assert visitor.send(message="x" * 70_000).status_code == 413
    codes = [visitor.send(guard="forged").status_code for _number in range(11)]

    assert (codes[0], codes[-1]) == (200, 429)


def test_scripts_in_any_field_are_shown_as_text(visitor: Visitor) -> None:
    told = dict.fromkeys(GOOD, SCRIPT)

    answer = visitor.send(**told)

    assert answer.status_code == 422
    assert SCRIPT not in answer.content.decode()


def signed(key: CaptureKey, told: Any, *, seconds: int = 0, **change: Any) -> HttpResponse:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    timestamp = int(timezone.now().timestamp()) + seconds
    secret = capture_keys.secret_of(key)
    headers = {
        "Penstock-Key": key.public_id,
        "Penstock-Timestamp": str(timestamp),
        "Penstock-Signature": capture_keys.sign(secret, timestamp=timestamp, body=body),
        **change.pop("headers", {}),
    }
    content_type = change.pop("content_type", "application/json")
    try:
        return Client(enforce_csrf_checks=True).post(
            f"/open/{key.workspace.slug}/capture",
            change.pop("sent", body),
            content_type=content_type,
            headers=headers,
        )
    finally:
        walls.enter(workspace_id=key.workspace_id)


LEAD = {"id": "A-1", **GOOD, "page": PAGE, "budget": 5, "tags": ["a", SCRIPT]}


@pytest.fixture
def key(form: CaptureForm) -> CaptureKey:
    return make.capture_key(form.workspace, form)


def test_signed_lead_is_taken_in_once(key: CaptureKey) -> None:
    first = signed(key, LEAD)
    again = signed(key, LEAD, seconds=1)

    deal = Deal.objects.get()
    assert (first.status_code, first.json()) == (
        201,
        {"verdict": "taken", "lead": deal.item.key, "is_new": True},
    )
    assert (again.status_code, again.json()["is_new"]) == (200, False)
    assert Submission.objects.get().answers["extra"] == {
        "budget": "5",
        "tags": '["a", "<script>alert(1)</script>"]',
    }
    assert Touch.objects.get().channel == "paid"


def test_replayed_request_is_refused(key: CaptureKey) -> None:
    answers = [signed(key, LEAD), signed(key, LEAD)]

    assert [one.status_code for one in answers] == [201, 409]
    assert answers[1].json()["code"] == "sales.signature_used"
    assert answers[1]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"sent": b'{"id": "B"}'}, 401, "sales.signature"),
        ({"headers": {"Penstock-Signature": "v1=0"}}, 401, "sales.signature"),
        ({"headers": {"Penstock-Key": "unknown"}}, 401, "sales.signature"),
        ({"headers": {"Penstock-Timestamp": ""}}, 401, "sales.signature"),
        ({"seconds": -400}, 401, "sales.signature_old"),
        ({"content_type": "text/plain"}, 415, "web.not_json"),
        ({"content_type": "application/x-www-form-urlencoded"}, 415, "web.not_json"),
    ],
)
def test_wrong_request_is_refused_as_a_problem(
    key: CaptureKey, change: dict[str, Any], status: int, code: str
) -> None:
    answer = signed(key, LEAD, **change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (b"{", 422, "web.malformed"),
        (b"[" * 30_000, 422, "web.malformed"),
        ([LEAD], 422, "web.malformed"),
        ({**LEAD, "name": {"first": "Carol"}}, 422, "web.malformed"),
        ({**LEAD, "at": "yesterday"}, 422, "web.malformed"),
        ({**LEAD, "at": "2026-13-45T00:00:00Z"}, 422, "web.malformed"),
        ({**LEAD, "at": "2999-01-01T00:00:00Z"}, 422, "flow.future"),
        ({**LEAD, "id": ""}, 422, "sales.id_missing"),
        ({**LEAD, "channel": "pigeon"}, 422, "sales.channel"),
        ({**LEAD, "email": "x"}, 422, "sales.email"),
        ({"id": "1"}, 422, "sales.answers_missing"),
        ({**LEAD, "message": "x" * 70_000}, 413, "web.too_large"),
    ],
)
def test_wrong_lead_is_refused_as_a_problem(
    key: CaptureKey, told: Any, status: int, code: str
) -> None:
    answer = signed(key, told)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Submission.objects.exists()


def test_signed_lead_of_yesterday_arrived_yesterday(key: CaptureKey) -> None:
    at = (timezone.now() - timedelta(days=1)).replace(microsecond=0)

    signed(key, {**LEAD, "at": at.isoformat()})

    assert Deal.objects.get().item.opened_at == at


def test_signed_lead_needs_the_consent_of_its_form(workspace: Workspace) -> None:
    key = make.capture_key(workspace, make.capture_form(workspace, consent="Yes"))

    assert signed(key, LEAD).json()["code"] == "sales.consent_missing"
    assert signed(key, {**LEAD, "consent": 1}, seconds=1).status_code == 422
    assert signed(key, {**LEAD, "consent": True}, seconds=2).status_code == 201


def test_endpoint_takes_only_posts_and_not_too_many_wrong_ones(key: CaptureKey) -> None:
    assert Client().get(f"/open/{key.workspace.slug}/capture").status_code == 405
    walls.enter(workspace_id=key.workspace_id)
    wrong = {"headers": {"Penstock-Signature": "v1=0"}}

    codes = [signed(key, LEAD, **wrong).status_code for _number in range(31)]

    assert (codes[0], codes[-1]) == (401, 429)
