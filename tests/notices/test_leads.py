"""What colleagues hear of leads, by bell and by letter: one came in, was given to them, is not answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.flow import dating
from penstock.notices.models import Message, Notice
from penstock.sales import activities, answers, captures, deals, leads
from penstock.users.models import Member, Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


def address(member: Member) -> str:
    assert member.account is not None
    return member.account.email


def heard() -> list[tuple[str, str, str]]:
    """Who heard by bell and by letter at once, of what: each bell with its letter."""
    letters = {row.source_key: row for row in Message.objects.all()}
    rows = Notice.objects.select_related("member__account", "item").order_by("pk")
    assert {row.source_key for row in rows} == set(letters)
    return [(row.kind, address(row.member), letters[row.source_key].text) for row in rows]


def test_owner_hears_of_a_new_lead(workspace: Workspace) -> None:
    rep = make.member(workspace)
    form = make.capture_form(workspace, "Quote", owner_rule="member", member=rep)

    captures.take(form, make.sent(answers={"message": "Two wheels?\n\nSoon."}))

    [(kind, to, text)] = heard()
    assert (kind, to) == ("lead", address(rep))
    assert "is yours" in text
    assert "Two wheels?" in text
    assert f"/w/{workspace.slug}/deals/DEAL-1" in text
    assert Message.objects.get().subject == "New lead: Quote"


def test_managers_hear_of_nobodys_lead_at_once(workspace: Workspace) -> None:
    make.member(workspace, name="Rep")
    managers = [make.member(workspace, role=Role.MANAGER, name=name) for name in ("Mia", "Max")]

    captures.take(make.capture_form(workspace), make.sent())

    told = heard()
    assert [(kind, to) for kind, to, _text in told] == [("lead", address(one)) for one in managers]
    assert "nobody's yet" in told[0][2]
    assert f"/w/{workspace.slug}/leads?whose=nobody" in told[0][2]


def test_owners_of_the_workspace_hear_of_nobodys_lead_where_there_are_no_managers(
    workspace: Workspace,
) -> None:
    captures.take(make.capture_form(workspace), make.sent())

    assert [to for _kind, to, _text in heard()] == [address(make.owner_of(workspace))]


def test_same_words_sent_again_tell_nobody_again(workspace: Workspace) -> None:
    form = make.capture_form(workspace)

    for _time in range(2):
        captures.take(form, make.sent())

    assert len(heard()) == 1


def test_colleague_hears_of_a_lead_that_was_taken_up_for_them_and_nobody_of_ones_own(
    workspace: Workspace,
) -> None:
    rep, other = make.member(workspace, name="Rep"), make.member(workspace, name="Other")
    pipeline = make.pipeline(workspace)

    for owner in (rep, other, None):
        leads.take_up(pipeline, title="A wheel", channel="phone", owner=owner, by=rep)
    leads.take_up(pipeline, title="A wheel", channel="phone", owner=other, was_met=True, by=rep)

    told = heard()
    assert [to for _kind, to, _text in told] == [address(other), address(make.owner_of(workspace))]
    assert "Rep took up a lead for you" in told[0][2]
    assert "nobody's yet" in told[1][2]


def test_colleague_hears_of_a_lead_that_was_given_to_them_while_it_waits(
    workspace: Workspace,
) -> None:
    boss, rep = make.owner_of(workspace), make.member(workspace, name="Rep")
    waiting, plain = make.deal(workspace), make.deal(workspace)
    answers.start(waiting)

    for deal in (waiting, plain):
        deals.assign(deal, owner=rep, by=boss)
        deals.assign(deal, owner=boss, by=boss)
    deals.assign(waiting, owner=rep, by=boss)
    activities.log(waiting.item, kind="call", by=boss)
    deals.assign(waiting, owner=boss, by=rep)

    told = heard()
    assert [(kind, to) for kind, to, _text in told] == [("lead", address(rep))] * 2
    assert f"{boss.name} gave you a lead that waits for an answer: DEAL-1" in told[0][2]


def test_what_a_file_says_of_owners_tells_nobody(workspace: Workspace) -> None:
    deal = make.deal(workspace)
    answers.start(deal)

    with dating.in_batch(7):
        deals.assign(deal, owner=make.member(workspace), by=make.owner_of(workspace))

    assert heard() == []


def test_those_who_are_told_of_silence_hear_each_once(workspace: Workspace) -> None:
    rep = make.member(workspace)
    deal = make.deal(workspace, at=timezone.now() - timedelta(days=30), owner=rep)
    answers.start(deal, at=timezone.now() - timedelta(days=30))

    answers.climb(workspace)
    answers.climb(workspace)

    told = heard()
    owner = make.owner_of(workspace)
    assert [(kind, to) for kind, to, _text in told] == [
        ("unanswered", address(rep)),
        ("unanswered", address(owner)),
    ]
    assert {one.subject for one in Message.objects.all()} == {"Not answered yet: A wheel for Acme"}
    assert "It is yours" in told[0][2]
    assert "Its owner is Bob" in told[1][2]


def test_managers_are_told_of_nobodys_silence_in_its_own_words(workspace: Workspace) -> None:
    deal = make.deal(workspace, at=timezone.now() - timedelta(days=30))
    answers.start(deal, at=timezone.now() - timedelta(days=30))

    answers.climb(workspace)

    [(kind, to, text)] = heard()
    assert (kind, to) == ("unanswered", address(make.owner_of(workspace)))
    assert "It is nobody's" in text


def test_the_past_tells_nobody(workspace: Workspace) -> None:
    rep = make.member(workspace)
    form = make.capture_form(workspace, owner_rule="member", member=rep)

    with dating.lived(timezone.now() - timedelta(days=2)):
        captures.take(form, make.sent())

    assert heard() == []
