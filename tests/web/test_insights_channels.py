"""Channels and campaigns under Insights."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.sales import deals, touches
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def test_figures_lead_to_their_deals(owner: Browser, workspace: Workspace) -> None:
    won, other = make.deal(workspace), make.deal(workspace)
    for channel in ("search", "email"):
        touches.record(won, by=None, channel=channel)
    deals.win(won, by=None)

    page = owner.get("insights/channels", rule="linear")
    lines = {line.name: (line.leads, line.won, line.value) for line in page.context["lines"]}
    assert lines == {
        "Search": ("0.5", "0.5", "€500"),
        "E-mail": ("0.5", "0.5", "€500"),
        "Not known": ("1", "0", "–"),
    }
    behind = owner.get("insights/channels/deals", rule="linear", key="search", figure="won")
    assert [(one.key, one.cells) for one in behind.context["page"].lines] == [
        (won.item.key, ("0.5",))
    ]
    unknown = owner.get("insights/channels/deals", key="none", figure="open")
    assert [one.key for one in unknown.context["page"].lines] == [other.item.key]
    every = owner.get("insights/channels/deals", figure="leads").context["page"].lines
    assert len(every) == 2


def test_campaigns_are_named_with_cost_and_unknown_is_no_zero(
    owner: Browser, workspace: Workspace
) -> None:
    today = make.dating.today(workspace)
    cost = make.campaign_cost(workspace, first=today, last=today)
    touches.record(make.deal(workspace), by=None, campaign=cost.campaign)
    touches.record(make.deal(workspace), by=None, channel="search")

    lines = owner.get("insights/channels", by="campaign").context["lines"]

    assert {line.name: (line.cost, line.per_lead, line.per_customer) for line in lines} == {
        "Spring fair": ("€310", "€310", "–"),
        "Not known": ("–", "–", "–"),
    }


def test_whole_leaves_out_what_has_no_cost_and_says_so(
    owner: Browser, workspace: Workspace
) -> None:
    today = make.dating.today(workspace)
    cost = make.campaign_cost(workspace, first=today, last=today)
    with_cost = make.deal(workspace, owner=make.owner_of(workspace))
    without = make.deal(workspace)
    touches.record(with_cost, by=None, campaign=cost.campaign)
    touches.record(without, by=None, channel="search")
    deals.win(without, by=None)

    page = owner.get("insights/channels")
    total, tiles = page.context["total"], {one.name: one for one in page.context["tiles"]}

    assert (total.leads, total.cost, total.per_lead, total.per_customer) == (
        "2",
        "€310",
        "€310",
        "–",
    )
    assert (total.returned, tiles["Return"].value) == ("0.0 ×", "0.0 ×")
    assert tiles["Cost per lead"].basis == "of 1 of 2 leads the cost is known"
    assert not [one for one in page.context["notes"] if "add up to the whole" in one]
    sliced = owner.get("insights/channels", owner=make.owner_of(workspace).pk)
    assert [one for one in sliced.context["notes"] if "add up to the whole" in one]
    assert sliced.context["total"].cost == "€310"


@pytest.mark.parametrize(
    "query", ["rule=x&by=x", "figure=x", "key=²", "key=" + "9" * 40, "by=campaign&key=x"]
)
def test_nonsense_is_answered(owner: Browser, workspace: Workspace, query: str) -> None:
    make.touch(workspace)

    assert owner.get(f"insights/channels?{query}").status_code == 200
    assert owner.get(f"insights/channels/deals?{query}").status_code == 200


def test_empty_and_rights(owner: Browser, viewer: Browser, stranger: Browser) -> None:
    assert "No lead came in" in owner.get("insights/channels").content.decode()
    assert viewer.get("insights/channels").status_code == 200
    assert stranger.get("insights/channels").status_code == 404


def test_queries_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    owner.get("insights/channels")
    for _number in range(3):
        make.touch(workspace, campaign=make.campaign(workspace))
        with django_assert_max_num_queries(22):
            owner.get("insights/channels")
