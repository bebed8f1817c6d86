"""A drop on a stage, on Won, Lost or Park, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.backlog.models import Order
from penstock.flow.models import Item, Stage, Transition
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace, stage=make.stage(workspace, "needs_assessment"))


@pytest.fixture
def proposal(workspace: Workspace) -> Stage:
    return make.stage(workspace, "proposal")


def stage_of(deal: Deal) -> str:
    return Item.objects.select_related("stage").get(pk=deal.pk).stage.code


def outcome_of(deal: Deal) -> str:
    return Item.objects.get(pk=deal.pk).outcome


def moves(deal: Deal) -> str:
    return f"items/{deal.item.key}/moves"


def test_drop_on_a_stage_moves_and_sends_both_columns(
    owner: Browser, deal: Deal, proposal: Stage
) -> None:
    answer = owner.post(
        moves(deal), htmx=True, page="pipeline", stage=proposal.pk, seen=deal.item.stage_id
    )

    assert stage_of(deal) == "proposal"
    assert {column.id for column in answer.context["columns"]} == {deal.item.stage_id, proposal.pk}
    assert "is now in “Proposal”" in answer.content.decode()


def test_undo_takes_the_drop_back(owner: Browser, deal: Deal, proposal: Stage) -> None:
    undo = owner.post(moves(deal), htmx=True, stage=proposal.pk).context["toast"].undo_url

    answer = owner.post(undo, htmx=True, page="pipeline")

    assert (answer.status_code, stage_of(deal)) == (200, "needs_assessment")
    assert Transition.objects.filter(item_id=deal.pk).count() == 3


def test_undo_a_second_time_is_a_conflict(owner: Browser, deal: Deal, proposal: Stage) -> None:
    undo = owner.post(moves(deal), htmx=True, stage=proposal.pk).context["toast"].undo_url
    owner.post(undo, htmx=True)

    answer = owner.post(undo, htmx=True)

    assert answer.status_code == 409
    assert "already corrected" in answer.content.decode()


def test_drop_without_a_script_leads_back_to_the_page(
    owner: Browser, deal: Deal, proposal: Stage
) -> None:
    answer = owner.post(moves(deal), stage=proposal.pk)

    assert (answer.status_code, answer["Location"]) == (302, owner.url(f"deals/{deal.item.key}"))
    assert stage_of(deal) == "proposal"


def test_drop_of_a_card_that_was_moved_meanwhile_is_a_conflict(
    owner: Browser, deal: Deal, proposal: Stage
) -> None:
    answer = owner.post(moves(deal), htmx=True, stage=proposal.pk, seen=proposal.pk)

    assert answer.status_code == 409
    assert stage_of(deal) == "needs_assessment"


def test_win_places_an_order_and_undo_reopens(owner: Browser, deal: Deal) -> None:
    undo = owner.post(moves(deal), htmx=True, zone="won").context["toast"].undo_url

    assert (outcome_of(deal), Order.objects.count()) == ("won", 1)
    owner.post(undo, htmx=True)
    assert (outcome_of(deal), stage_of(deal)) == ("", "needs_assessment")


def test_win_without_an_amount_asks_for_it_and_then_wins(
    owner: Browser, workspace: Workspace
) -> None:
    deal = make.deal(workspace, amount=None)

    asked = owner.post(moves(deal), htmx=True, zone="won", seen=deal.item.stage_id)

    assert (asked.status_code, list(asked.context["form"].fields)) == (422, ["amount"])
    assert outcome_of(deal) == ""
    sent_again = dict(asked.context["hidden"])
    assert sent_again == {"zone": "won", "seen": str(deal.item.stage_id), "asked": "amount"}
    answer = owner.post(moves(deal), htmx=True, amount="1500", **sent_again)
    assert (answer.status_code, outcome_of(deal)) == (200, "won")
    assert Order.objects.get().lines.get().remaining_value == 1500


def test_win_with_an_impossible_amount_says_so(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, amount=None)

    answer = owner.post(moves(deal), htmx=True, zone="won", asked="amount", amount="-1")

    assert (answer.status_code, outcome_of(deal)) == (422, "")
    assert "greater than or equal to 0" in answer.content.decode()


def test_gate_asks_only_for_what_is_missing(
    owner: Browser, workspace: Workspace, deal: Deal, proposal: Stage
) -> None:
    stage = make.stage(workspace, "needs_assessment")
    stage.needs = ["amount", "close_on", "company"]
    stage.save()

    asked = owner.post(moves(deal), htmx=True, stage=proposal.pk)

    assert list(asked.context["form"].fields) == ["close_on", "company"]
    answers = {"asked": ["close_on", "company"], "close_on": "2027-01-31", "company": "Acme"}
    owner.post(moves(deal), htmx=True, stage=proposal.pk, **answers)
    assert stage_of(deal) == "proposal"
    assert Deal.objects.get(pk=deal.pk).company.name == "Acme"


def test_lose_asks_for_the_reason_and_undo_reopens(
    owner: Browser, workspace: Workspace, deal: Deal
) -> None:
    asked = owner.post(moves(deal), htmx=True, zone="lost")

    assert (asked.status_code, list(asked.context["form"].fields)) == (422, ["reason"])
    reason = make.loss_reason(workspace).pk
    answer = owner.post(moves(deal), htmx=True, zone="lost", asked="reason", reason=reason)
    assert outcome_of(deal) == "lost"
    owner.post(answer.context["toast"].undo_url, htmx=True)
    assert outcome_of(deal) == ""


def test_park_asks_for_the_day_and_undo_unparks(owner: Browser, deal: Deal) -> None:
    day = timezone.now().date() + timedelta(days=30)

    asked = owner.post(moves(deal), htmx=True, zone="park")

    assert (asked.status_code, list(asked.context["form"].fields)) == (422, ["until"])
    answer = owner.post(moves(deal), htmx=True, zone="park", asked="until", until=day.isoformat())
    assert Item.objects.get(pk=deal.pk).parked_until == day
    owner.post(answer.context["toast"].undo_url, htmx=True)
    assert Item.objects.get(pk=deal.pk).parked_until is None


def test_park_until_yesterday_asks_again(owner: Browser, deal: Deal) -> None:
    answer = owner.post(moves(deal), htmx=True, zone="park", asked="until", until="2020-01-01")

    assert answer.status_code == 422
    assert "Choose a day after today" in answer.content.decode()


def test_drop_on_nothing_is_refused(owner: Browser, deal: Deal) -> None:
    assert owner.post(moves(deal), htmx=True, zone="moon").status_code == 422
    assert owner.post(moves(deal), htmx=True, stage="none").status_code == 422
    assert owner.post(moves(deal), htmx=True, stage=10**9).status_code == 404


@pytest.mark.parametrize("path", ["moves", "reopen", "unpark"])
def test_viewer_changes_nothing(viewer: Browser, deal: Deal, path: str) -> None:
    answer = viewer.post(f"items/{deal.item.key}/{path}", htmx=True, zone="won")

    assert (answer.status_code, outcome_of(deal)) == (403, "")
    assert "data-toast" in answer.content.decode()


def test_rep_moves_own_deals_only(workspace: Workspace, proposal: Stage) -> None:
    rep = make.member(workspace, role=Role.REP)
    mine, theirs = (
        make.deal(workspace, owner=rep),
        make.deal(workspace, owner=make.owner_of(workspace)),
    )
    browser = sign_in(rep)

    assert browser.post(moves(mine), htmx=True, stage=proposal.pk).status_code == 200
    assert browser.post(moves(theirs), htmx=True, stage=proposal.pk).status_code == 403


def test_stranger_finds_nothing(stranger: Browser, deal: Deal) -> None:
    assert stranger.post(moves(deal), htmx=True, zone="won").status_code == 404


def test_reopen_after_a_delivery_is_refused(owner: Browser, deal: Deal) -> None:
    from penstock.backlog import orders

    deals.win(deal, by=None)
    orders.fulfil_all(Order.objects.get(), by=None)

    answer = owner.post(f"items/{deal.item.key}/reopen")

    assert (answer.status_code, outcome_of(deal)) == (422, "won")
    assert "That is not possible" in answer.content.decode()
