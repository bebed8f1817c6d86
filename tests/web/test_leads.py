"""The inbox of leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.contacts import merging
from penstock.sales import activities, answers, captures, channels, deals, touches
from penstock.sales.models import Activity, Deal, Touch
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def keys(owner: Browser, **asked: str) -> list[str]:
    return [line.key for line in owner.get("leads", **asked).context["page"].lines]


def waits(workspace: Workspace, days: int, **details: Any) -> Deal:
    at = timezone.now() - timedelta(days=days)
    deal = make.deal(workspace, at=at, **details)
    answers.start(deal, at=at)
    return deal


def test_most_urgent_stand_first_and_clocks_say_how_long(
    owner: Browser, workspace: Workspace
) -> None:
    without = make.deal(workspace)
    answered = waits(workspace, 10)
    activities.log(
        answered.item, kind="call", by=None, at=answered.item.opened_at + timedelta(days=7)
    )
    young, old = waits(workspace, 0), waits(workspace, 20)
    qualified, lost = waits(workspace, 1), waits(workspace, 1)
    deals.qualify(qualified, by=None)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    page = owner.get("leads").context["page"]

    assert [line.key for line in page.lines] == [
        one.item.key for one in (old, young, without, answered)
    ]
    assert [line.tone for line in page.lines] == ["late", "info", "faint", "late"]
    words = [line.clock for line in page.lines]
    assert words[0].endswith(" over")
    assert words[1].endswith(" left")
    assert words[3].startswith("answered after")
    assert page.answer == "2 leads wait for an answer. Of 1 the time is over."


def test_filters_narrow_and_channels_are_counted(owner: Browser, workspace: Workspace) -> None:
    me = make.owner_of(workspace)
    old, mine = waits(workspace, 20), waits(workspace, 0, owner=me)
    touches.record(mine, by=None, channel="search")
    touches.record(mine, by=None, channel="email")
    stated = make.deal(workspace)
    deals.change(stated, channel="Trade show", by=None)
    odd = make.deal(workspace)
    deals.change(odd, channel="Our stand", by=None)

    page = owner.get("leads").context["page"]

    assert {str(chip["name"]): chip["n"] for chip in page.channels} == {
        "All": "4",
        "Search": "1",
        "Event": "1",
        "Not known": "2",
    }
    assert keys(owner, state="overdue") == [old.item.key]
    assert keys(owner, state="waiting") == [old.item.key, mine.item.key]
    assert keys(owner, state="answered") == []
    assert keys(owner, whose="mine") == [mine.item.key]
    assert keys(owner, channel="search") == [mine.item.key]
    assert keys(owner, channel="event") == [stated.item.key]
    assert keys(owner, channel="unknown") == [old.item.key, odd.item.key]
    channels.set_rule(workspace, sort="stated", text="our stand", channel="event", by=None)
    assert set(keys(owner, channel="event")) == {stated.item.key, odd.item.key}


def test_possibly_known_people_and_companies_are_named(
    owner: Browser, workspace: Workspace
) -> None:
    make.person(workspace, "Caroline", phone="+49 30 1234567")
    form = make.capture_form(
        workspace,
        fields=[{"code": code, "required": False} for code in ("name", "email", "phone")],
    )
    captures.take(form, make.sent(answers={"phone": "+49 30 1234567"}))
    line = owner.get("leads").context["page"].lines[0]
    assert (line.person, line.twin, line.twin_kind) == ("Carol", "Caroline", "person")

    merging.keep_apart(
        "person",
        line.twin_id,
        Deal.objects.get().people.get().person_id,
        by=make.owner_of(workspace),
    )
    assert owner.get("leads").context["page"].lines[0].twin == ""


def test_lead_is_qualified_disqualified_and_given_in_place(
    owner: Browser, workspace: Workspace
) -> None:
    rep = make.member(workspace)
    one, other = waits(workspace, 1), waits(workspace, 2)
    path = f"deals/{one.item.key}"

    given = owner.post(f"leads/{one.item.key}/owner", htmx=True, page="leads", owner=rep.pk)
    assert given.context["page"].lines[1].owner == rep.name
    assert 'hx-target="#leads"' in given.content.decode()
    owner.post(f"leads/{one.item.key}/owner", owner="")
    one.item.refresh_from_db()
    assert one.item.owner is None

    qualified = owner.post(f"{path}/qualify", htmx=True, page="leads")
    assert [line.key for line in qualified.context["page"].lines] == [other.item.key]
    reason = make.loss_reason(workspace).pk
    gone = owner.post(
        f"deals/{other.item.key}/disqualify",
        htmx=True,
        page="leads?state=overdue",
        asked="reason",
        reason=reason,
    )
    assert gone.context["page"].lines == []


def test_call_is_written_down_in_place_and_stops_the_clock(
    owner: Browser, workspace: Workspace
) -> None:
    deal = waits(workspace, 0)

    answer = owner.post(
        f"deals/{deal.item.key}/activities/log/call", htmx=True, page="leads", result="reached"
    )

    assert answer.context["page"].lines[0].clock.startswith("answered after")


def test_lead_is_taken_up_by_hand(owner: Browser, workspace: Workspace) -> None:
    known = make.person(workspace, "Carol", email="carol@customer.test")
    told = {
        "title": "Three wheels",
        "person": "C.",
        "email": "Carol@customer.test",
        "company": "Acme",
        "channel": "event",
        "message": "Met at our stand",
        "pipeline": make.pipeline(workspace).pk,
        "campaign": make.campaign(workspace).pk,
    }

    owner.post("leads/new", **told)
    owner.post("leads/new", **{**told, "email": "", "was_met": "on"})

    first, second = Deal.objects.order_by("pk")
    assert [first.people.get().person, second.people.get().person.name] == [known, "C."]
    assert Touch.objects.get(item_id=first.pk).campaign.name == "Spring fair"
    assert Activity.objects.get(item_id=first.pk).notes == "Met at our stand"
    assert (first.clock.answered_at, second.clock.answered_hours) == (None, 0)


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"channel": "x"}, {"email": "x"}, {"pipeline": "0"}]
)
def test_wrong_lead_is_refused_in_place(
    owner: Browser, workspace: Workspace, change: dict[str, str]
) -> None:
    told = {"title": "A", "channel": "phone", "pipeline": make.pipeline(workspace).pk, **change}

    assert owner.post("leads/new", htmx=True, **told).status_code == 422
    assert not Deal.objects.exists()


def test_rights(workspace: Workspace, viewer: Browser, stranger: Browser, owner: Browser) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    hidden = waits(workspace, 1, owner=make.owner_of(workspace))
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert keys(rep) == []
    assert rep.post(f"leads/{hidden.item.key}/owner", owner="").status_code == 404
    assert viewer.get("leads").context["page"].lines[0].may_edit is False
    assert viewer.post(f"leads/{hidden.item.key}/owner", owner="").status_code == 403
    assert viewer.get("leads/new").status_code == 403
    assert stranger.get("leads").status_code == 404
    for wrong in ("x", "9" * 30, "0"):
        path = f"leads/{hidden.item.key}/owner"
        assert owner.post(path, htmx=True, owner=wrong).status_code == 422


def test_empty_inbox_teaches(owner: Browser) -> None:
    assert "Make a form" in owner.get("leads").content.decode()
    assert "No lead is like that" in owner.get("leads", state="overdue").content.decode()


def test_queries_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    owner.get("leads")
    for number in range(3):
        form = make.capture_form(workspace, f"Form {number}")
        captures.take(form, make.sent(f"{number}@customer.test", answers={"company": f"C{number}"}))
        with django_assert_max_num_queries(21):
            owner.get("leads")


def test_inbox_fetches_itself_when_a_deal_changes(owner: Browser, workspace: Workspace) -> None:
    deal = waits(workspace, 20)
    page = owner.get("leads", state="overdue").content.decode()
    assert f'hx-get="{owner.url("leads/list")}?state=overdue"' in page
    assert 'data-live="kind-deal"' in page

    piece = owner.get("leads/list", htmx=True, state="overdue")

    body = piece.content.decode()
    assert [line.key for line in piece.context["page"].lines] == [deal.item.key]
    assert body.lstrip().startswith('<div class="stack" id="leads"')
    assert "<html" not in body
    assert f'id="lead-{deal.item.key}"' in body


def test_bell_says_that_a_lead_came_in_and_that_nobody_answered(
    owner: Browser, workspace: Workspace
) -> None:
    captures.take(make.capture_form(workspace), make.sent())
    make.escalation(workspace)

    lines = owner.get("notices").context["page"].lines

    assert [(line.text, line.icon) for line in lines] == [
        ("Nobody answered this lead in time", "clock"),
        ("A lead came in and waits for an answer", "leads"),
    ]
