"""What files say of stages that deals entered just now puts the tasks of playbooks on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.flow.dating import lived
from penstock.intake import changesets
from penstock.sales import activities
from penstock.sales.models import Activity, Deal
from penstock.users.models import Member, Workspace
from tests import make
from tests.intake import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


@pytest.fixture
def deal(workspace: Workspace, owner: Member) -> Deal:
    make.playbook_task(workspace, stage=make.stage(workspace, "proposal"), title="Ask")
    with lived(timezone.now() - timedelta(days=40)):
        return make.deal(workspace, owner=owner)


def history(deal: Deal, *moves: tuple[str, float]) -> str:
    rows = [
        f"{deal.item.key},{make.stage(deal.workspace, code).pk},"
        f"{(timezone.now() - timedelta(days=ago)).isoformat()}"
        for code, ago in moves
    ]
    return "\n".join(["Deal ID,To,Date", *rows, ""])


def planned(item_id: int) -> list[str]:
    return [row.subject for row in Activity.objects.filter(item_id=item_id).planned().in_order()]


def test_move_of_today_plays_and_one_of_long_ago_does_not(deal: Deal, owner: Member) -> None:
    old = make.deal(deal.workspace, at=timezone.now() - timedelta(days=40))

    build.applied(owner, "stage_history", history(deal, ("proposal", 0.1)))
    build.applied(owner, "stage_history", history(old, ("proposal", 9)))

    assert (planned(deal.pk), planned(old.pk)) == (["Ask"], [])


def test_leaving_the_stage_by_a_file_calls_off_what_ends_with_it(deal: Deal, owner: Member) -> None:
    build.applied(owner, "stage_history", history(deal, ("proposal", 0.1)))

    build.applied(owner, "stage_history", history(deal, ("negotiation", 0.05)))

    assert Activity.objects.get().cancelled_at is not None


def test_stage_that_was_only_passed_through_is_not_played(deal: Deal, owner: Member) -> None:
    build.applied(owner, "stage_history", history(deal, ("proposal", 0.2), ("negotiation", 0.1)))

    assert not Activity.objects.exists()


def test_file_of_deals_plays_what_it_moves_and_what_it_says_was_opened_today(
    deal: Deal, owner: Member
) -> None:
    now = timezone.now().isoformat()
    text = f"Deal ID,Name,Stage,Created\n1,New,Proposal,{now}\n2,Old,Proposal,2024-03-01\n"

    build.applied(owner, "deals", text)
    build.applied(owner, "deals", "Deal ID,Name,Stage\n3,Undated,Proposal\n")
    build.applied(owner, "deals", "Deal ID,Name,Stage\n2,Old,Negotiation\n")
    build.applied(owner, "deals", "Deal ID,Name,Stage\n2,Old,Proposal\n")

    found = {
        deal.item.title: planned(deal.pk)
        for deal in Deal.objects.select_related("item").exclude(pk=deal.pk)
    }
    assert found == {"New": ["Ask"], "Old": ["Ask"], "Undated": []}


def test_win_by_a_file_plays_the_stage_of_care(deal: Deal, owner: Member) -> None:
    care = make.stage(deal.workspace, "follow_up")
    make.playbook_task(deal.workspace, stage=care, title="Thank them")
    text = f"Deal ID,To,Date\n{deal.item.key},won,{timezone.now().isoformat()}\n"

    build.applied(owner, "stage_history", text)

    assert planned(deal.pk) == ["Thank them"]


def test_taking_the_file_back_calls_off_what_nobody_has_done(deal: Deal, owner: Member) -> None:
    make.playbook_task(deal.workspace, stage=make.stage(deal.workspace, "proposal"), title="Visit")
    change_set = build.applied(owner, "stage_history", history(deal, ("proposal", 0.1)))
    done = Activity.objects.get(subject="Ask")
    activities.complete(done, by=owner, result="reached")

    changesets.revert_now(change_set, by=owner)

    rows = Activity.objects.order_by("subject").values_list("subject", "done_at", "cancelled_at")
    assert [(name, bool(at), bool(off)) for name, at, off in rows] == [
        ("Ask", True, False),
        ("Visit", False, True),
    ]
    assert Deal.objects.get(pk=deal.pk).next_step is None
