"""Leads that wait for an answer stand on the list of what to do next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.reports.today import for_member
from penstock.sales import activities, answers, deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make
from tests.web.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(db: None) -> Member:
    return make.member(make.workspace(), name="Bob")


def waits(workspace: Workspace, owner: Member, *, days: int) -> Deal:
    at = timezone.now() - timedelta(days=days)
    deal = make.deal(workspace, title=f"{days} days", at=at, owner=owner, amount="100")
    answers.start(deal, at=at)
    return deal


def listed(member: Member) -> list[tuple[str, str]]:
    return [(one.found.kind, one.found.title) for one in for_member(member).todos]


def test_unanswered_lead_stands_there_once_and_the_late_one_first(bob: Member) -> None:
    waits(bob.workspace, bob, days=0)
    waits(bob.workspace, bob, days=30)
    waits(bob.workspace, make.owner_of(bob.workspace), days=9)

    assert listed(bob) == [("lead", "30 days"), ("lead", "0 days")]


def test_answered_qualified_and_lost_leads_are_no_leads_there(bob: Member) -> None:
    called, qualified, lost = (waits(bob.workspace, bob, days=3) for _number in range(3))
    activities.log(called.item, kind="call", by=bob)
    deals.qualify(qualified, by=bob)
    deals.lose(lost, reason=make.loss_reason(bob.workspace), by=bob)

    assert {kind for kind, _title in listed(bob)} == {"no_step"}


def test_its_button_writes_down_a_call(bob: Member) -> None:
    deal = waits(bob.workspace, bob, days=30)

    line = sign_in(bob).get("today").context["page"].lines[0]

    assert line.reason.startswith("A lead waits for an answer; its time was over on")
    assert line.button.url.endswith(f"/deals/{deal.item.key}/activities/log/call")
