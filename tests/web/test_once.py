"""A form that is sent twice is acted on once."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from penstock.notices.models import Message
from penstock.sales import deals
from penstock.sales.models import Activity, Deal, ProposalNote
from penstock.users import sendings
from penstock.users.models import Sending, Workspace
from penstock.web.once import URLENCODED
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def mark(owner: Browser, path: str) -> str:
    """The mark in the form at an address."""
    found = re.search(r'name="sending" value="(\w+)"', owner.get(path).content.decode())
    assert found, path
    return found[1]


def send(owner: Browser, path: str, *, htmx: bool = False, page: str = "/", **told: Any) -> Any:
    """Send a form as a browser does, where the test's client would send its parts as files."""
    post = partial(owner.client.post, content_type=URLENCODED)
    headers = owner._headers(page) if htmx else {}
    return owner._ask(post, path, urlencode(told, doseq=True), headers)


def twice(owner: Browser, path: str, **told: Any) -> list[Any]:
    told = {"sending": mark(owner, path), **told}
    return [send(owner, path, **told) for _time in range(2)]


def test_deal_is_opened_once_and_both_answers_lead_to_it(
    owner: Browser, workspace: Workspace
) -> None:
    stage = make.stage(workspace, "qualification").pk

    answers = twice(owner, "deals/new", title="A wheel", currency="EUR", stage=stage)

    deal = Deal.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert deal.item.key in answers[0]["Location"] or answers[0]["Location"].endswith("pipeline")
    page = owner.get("pipeline").content.decode()
    assert "This was sent already. Nothing was done twice." in page


def test_by_a_script_the_second_one_gets_a_toast_or_is_led_to_the_same_page(
    owner: Browser, workspace: Workspace
) -> None:
    told = {"sending": mark(owner, "leads/new"), "title": "A wheel", "channel": "phone"}
    told["pipeline"] = make.pipeline(workspace).pk
    leads = [send(owner, "leads/new", htmx=True, page="leads", **told) for _time in range(2)]
    deal = Deal.objects.get()
    path = f"deals/{deal.item.key}/activities/log/call"
    told = {"sending": mark(owner, path), "result": "reached"}

    calls = [send(owner, path, htmx=True, page="leads", **told) for _time in range(2)]

    assert [answer["HX-Redirect"] for answer in leads] == [owner.url("leads")] * 2
    assert [answer.status_code for answer in calls] == [200, 200]
    assert "Nothing was done twice" in calls[1].content.decode()
    assert Activity.objects.filter(kind="call").count() == 1


def test_letter_without_a_plan_goes_out_once(owner: Browser, workspace: Workspace) -> None:
    carol = make.person(workspace, "Carol", email="carol@example.test")
    deal = make.deal(workspace, owner=make.owner_of(workspace))
    deals.add_person(deal, person=carol, part="decides", by=None)

    path = f"deals/{deal.item.key}/letters/new"
    answers = twice(owner, path, person=carol.pk, subject="Wheels", text="Dear Carol")

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Message.objects.count(), Activity.objects.count()) == (1, 1)


def test_answer_to_a_customer_is_written_once_and_an_order_has_a_mark_too(
    owner: Browser, workspace: Workspace
) -> None:
    version = make.sent_version(workspace)
    page, path = (f"proposals/{version.proposal.key}{tail}" for tail in ("", "/comments"))
    said = {"sending": mark(owner, page), "text": "We will."}

    for _time in range(2):
        send(owner, path, **said)

    assert ProposalNote.objects.count() == 1
    assert mark(owner, "orders/new")


def test_what_was_refused_may_be_sent_again_and_what_was_changed_is_new(
    owner: Browser, workspace: Workspace
) -> None:
    stage, sent = make.stage(workspace, "qualification").pk, mark(owner, "deals/new")
    told = {"sending": sent, "currency": "EUR", "stage": stage}

    refused = [send(owner, "deals/new", title="", **told) for _time in range(2)]
    for title in ("One", "Other"):
        send(owner, "deals/new", title=title, **told)

    assert [answer.status_code for answer in refused] == [422, 422]
    assert set(Deal.objects.values_list("item__title", flat=True)) == {"One", "Other"}


def test_second_one_does_nothing_while_the_first_is_still_at_work(
    owner: Browser, workspace: Workspace
) -> None:
    told = {"sending": "aa", "title": "A wheel", "currency": "EUR"}
    told["stage"] = make.stage(workspace, "qualification").pk
    send(owner, "deals/new", **told)
    Sending.objects.update(is_done=False, leads_to="")

    again = send(owner, "deals/new", **told)

    assert (again.status_code, again["Location"]) == (302, f"/w/{workspace.slug}/")
    assert Deal.objects.count() == 1


def test_marks_of_colleagues_are_their_own(owner: Browser, workspace: Workspace) -> None:
    rep = sign_in(make.member(workspace))
    told = {"sending": "same", "title": "A wheel", "currency": "EUR"}
    told["stage"] = make.stage(workspace, "qualification").pk

    for browser in (owner, rep):
        send(browser, "deals/new", **told)

    assert Deal.objects.count() == 2


def test_old_sendings_are_forgotten(workspace: Workspace) -> None:
    old, _new = make.sending(workspace, "a" * 64), make.sending(workspace, "b" * 64)
    Sending.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=2))

    assert [sendings.clear(workspace), sendings.clear(workspace)] == [1, 0]
    assert Sending.objects.get().digest == "b" * 64
