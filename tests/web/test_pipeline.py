"""The board and the list of deals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from penstock.sales import deals
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def test_board_shows_every_stage_with_its_figures(owner: Browser, workspace: Workspace) -> None:
    proposal = make.stage(workspace, "proposal")
    make.deal(workspace, amount="1000.50", stage=proposal)
    make.deal(workspace, amount="2000", stage=proposal)
    make.deal(workspace, amount=None, stage=proposal)

    page = owner.get("pipeline").context["page"]

    column = next(one for one in page.columns if one.id == proposal.pk)
    assert len(page.columns) == 7
    assert (column.n, column.sum, column.weighted, column.n_without_amount) == (
        "3",
        "€3,000.50",
        "€1,500",
        1,
    )
    assert page.answer == (
        "3 deals are open, worth €3,000.50 together. Weighted by the chance of each stage, that is"
        " €1,500. 1 has no amount yet."
    )


def test_board_leaves_parked_and_lost_deals_out(owner: Browser, workspace: Workspace) -> None:
    parked, lost = make.deal(workspace), make.deal(workspace)
    deals.park(parked, until=timezone.now().date() + timedelta(days=9), by=None)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    page = owner.get("pipeline").context["page"]

    assert page.answer == "No deal is open here."
    assert page.parked_note == "1 deal is parked."
    assert not any(column.cards for column in page.columns)


def test_board_keeps_won_deals_in_care_and_out_of_the_sums(
    owner: Browser, workspace: Workspace
) -> None:
    deals.win(make.deal(workspace), by=None)

    last = owner.get("pipeline").context["page"].columns[-1]

    assert (last.n, last.sum, len(last.cards)) == ("1", "", 1)
    assert last.cards[0].is_fixed


def test_board_shows_eighty_cards_and_the_rest_on_demand(
    owner: Browser, workspace: Workspace
) -> None:
    for number in range(82):
        make.deal(workspace, title=f"Deal {number}")
    column = owner.get("pipeline").context["page"].columns[0]

    answer = owner.get(column.more_url, htmx=True)

    assert (column.n, len(column.cards), column.n_more) == ("82", 80, 2)
    shown = {card.id for card in column.cards}
    assert len(shown | {card.id for card in answer.context["column"].cards}) == 82
    assert answer.context["column"].n_more == 0


@pytest.mark.parametrize("n", [1, 3])
def test_board_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for _number in range(n):
        make.deal(workspace, company=make.company(workspace), owner=make.owner_of(workspace))
    owner.get("pipeline")

    with django_assert_num_queries(18):
        owner.get("pipeline")


@pytest.mark.parametrize("n", [1, 3])
def test_list_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for _number in range(n):
        make.deal(workspace, company=make.company(workspace), owner=make.owner_of(workspace))
    owner.get("pipeline", view="list")

    with django_assert_num_queries(17):
        owner.get("pipeline", view="list")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"q": "axle"}, {"Axle"}),
        ({"q": "forge ltd"}, {"Axle"}),
        ({"q": "DEAL-2"}, {"Rim"}),
        ({"owner": "nobody"}, {"Rim"}),
        ({"amount_from": "500"}, {"Axle"}),
        ({"amount_to": "500"}, {"Rim"}),
        ({"state": "all", "sort": "amount"}, {"Axle", "Rim", "Hub"}),
        ({"state": "lost"}, {"Hub"}),
        ({"amount_from": "many"}, {"Axle", "Rim"}),
    ],
)
def test_list_shows_what_was_asked_for(
    owner: Browser, workspace: Workspace, asked: dict[str, str], titles: set[str]
) -> None:
    me = make.owner_of(workspace)
    make.deal(
        workspace,
        title="Axle",
        amount="900",
        owner=me,
        company=make.company(workspace, "Forge, Ltd."),
    )
    make.deal(workspace, title="Rim", amount="100")
    deals.lose(
        make.deal(workspace, title="Hub", owner=me), reason=make.loss_reason(workspace), by=None
    )

    page = owner.get("pipeline", view="list", **asked).context["page"]

    assert {line.title for line in page.lines} == titles
    assert page.page_obj.paginator.count == len(titles)


def test_list_sorts_unknown_amounts_last(owner: Browser, workspace: Workspace) -> None:
    for amount in (None, "1", "2"):
        make.deal(workspace, title=f"Worth {amount}", amount=amount)

    down = owner.get("pipeline", view="list", sort="-amount").context["page"]

    assert [line.title for line in down.lines] == ["Worth 2", "Worth 1", "Worth None"]


def test_reps_who_see_their_own_count_their_own(workspace: Workspace) -> None:
    workspace.reps_see = "own"
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    make.deal(workspace, owner=rep, amount="10")
    make.deal(workspace, owner=make.owner_of(workspace), amount="700")

    page = sign_in(rep).get("pipeline").context["page"]

    assert page.answer.startswith("1 deal is open, worth €10.")
    assert Decimal(page.columns[0].n) == 1


def test_board_is_hidden_from_strangers(stranger: Browser) -> None:
    assert stranger.get("pipeline").status_code == 404


def test_board_offers_ways_to_begin_when_it_is_empty(owner: Browser) -> None:
    assert "Nothing flows yet" in owner.get("pipeline").content.decode()
