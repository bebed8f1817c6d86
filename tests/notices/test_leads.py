"""Letters about leads: one came in, one is not answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.flow import dating
from penstock.notices.models import Message
from penstock.sales import answers, captures
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


def test_owner_gets_a_letter_about_a_new_lead(workspace: Workspace) -> None:
    rep = make.member(workspace)
    form = make.capture_form(workspace, "Quote", owner_rule="member", member=rep)

    captures.take(form, make.sent(answers={"message": "Two wheels?\n\nSoon."}))

    letter = Message.objects.get()
    assert (letter.to_address, letter.subject) == (rep.account.email, "New lead: Quote")
    assert "Two wheels?" in letter.text
    assert f"/w/{workspace.slug}/deals/DEAL-1" in letter.text


def test_nobody_gets_a_letter_about_nobodys_lead(workspace: Workspace) -> None:
    captures.take(make.capture_form(workspace), make.sent())

    assert not Message.objects.exists()


def test_those_who_are_told_of_silence_get_a_letter_each_once(workspace: Workspace) -> None:
    rep = make.member(workspace)
    deal = make.deal(workspace, at=timezone.now() - timedelta(days=30), owner=rep)
    answers.start(deal, at=timezone.now() - timedelta(days=30))

    answers.climb(workspace)
    answers.climb(workspace)

    letters = Message.objects.order_by("pk")
    owner = make.owner_of(workspace)
    assert [one.to_address for one in letters] == [rep.account.email, owner.account.email]
    assert {one.subject for one in letters} == {"Not answered yet: A wheel for Acme"}
    assert "It is yours" in letters[0].text
    assert "Its owner is Bob" in letters[1].text


def test_the_past_writes_no_letters(workspace: Workspace) -> None:
    rep = make.member(workspace)
    form = make.capture_form(workspace, owner_rule="member", member=rep)

    with dating.lived(timezone.now() - timedelta(days=2)):
        captures.take(form, make.sent())

    assert not Message.objects.exists()
