"""Campaigns, channels, and how a deal's customer came, on their pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from penstock.sales import deals, merging, touches
from penstock.sales.models import Campaign, ChannelRule, Touch
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

GOOD = {"name": "Fair", "channel": "event", "starts_on": "2026-01-01", "code": "fair"}
COST = {"amount": "1,234.5", "currency": "eur", "first": "2026-01-01", "last": "2026-01-31"}


def test_campaign_is_started_and_its_cost_kept_corrected_and_withdrawn(
    owner: Browser,
) -> None:
    owner.post("campaigns/new", **GOOD)
    path = f"campaigns/{Campaign.objects.get().pk}"
    owner.post(f"{path}/costs/new", **COST)
    page = owner.get(path).context["page"]
    assert (page.total, len(page.costs)) == ("€1,234.50", 1)

    owner.post(f"{path}/costs/{page.costs[0].id}", **{**COST, "amount": "50"})
    page = owner.get(path).context["page"]
    assert page.total == "€50"

    owner.post(f"{path}/costs/{page.costs[0].id}/withdraw")
    assert owner.get(path).context["page"].total == "–"


def test_campaign_is_changed_retired_and_taken_up(owner: Browser, workspace: Workspace) -> None:
    campaign = make.campaign(workspace)

    owner.post(f"campaigns/{campaign.pk}/edit", **{**GOOD, "name": "Better"})
    owner.post(f"campaigns/{campaign.pk}/retire")
    line = owner.get("campaigns").context["lines"][0]
    assert (line.name, line.is_retired) == ("Better", True)

    owner.post(f"campaigns/{campaign.pk}/take-up")
    assert owner.get("campaigns").context["lines"][0].is_retired is False


def test_list_and_page_show_costs_and_deals(owner: Browser, workspace: Workspace) -> None:
    campaign = make.campaign(workspace)
    make.campaign_cost(workspace, of=campaign)
    make.campaign_cost(workspace, of=campaign, amount="90", currency="USD")
    deal = make.deal(workspace)
    for _number in range(2):
        touches.record(deal, by=None, campaign=campaign)
    touches.withdraw(touches.record(make.deal(workspace), by=None, campaign=campaign), by=None)

    line = owner.get("campaigns").context["lines"][0]
    page = owner.get(f"campaigns/{campaign.pk}").context["page"]

    assert (line.cost, line.n_deals) == ("€310 + $90", "1")
    assert [one.key for one in page.behind.lines] == [deal.item.key]


def test_reps_who_see_their_own_count_their_own(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    campaign = make.campaign(workspace)
    touches.record(make.deal(workspace, owner=make.owner_of(workspace)), by=None, campaign=campaign)
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert rep.get("campaigns").context["lines"][0].n_deals == "0"
    assert rep.get(f"campaigns/{campaign.pk}").context["page"].behind.lines == []


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"channel": "x"}, {"starts_on": "x"}, {"ends_on": "2025-01-01"}]
)
def test_wrong_campaign_is_refused_in_place(owner: Browser, change: dict[str, str]) -> None:
    assert owner.post("campaigns/new", htmx=True, **{**GOOD, **change}).status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "change", [{"amount": "-1"}, {"amount": "x"}, {"last": "2025-01-01"}, {"currency": "e1"}]
)
def test_wrong_cost_is_refused_in_place(
    owner: Browser, workspace: Workspace, change: dict[str, str]
) -> None:
    path = f"campaigns/{make.campaign(workspace).pk}/costs/new"

    assert owner.post(path, htmx=True, **{**COST, **change}).status_code == 422


def test_everybody_looks_and_only_managers_change(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    cost = make.campaign_cost(workspace)
    path = f"campaigns/{cost.campaign_id}"
    asked = ["campaigns/new", f"{path}/edit", f"{path}/costs/new", f"{path}/costs/{cost.pk}"]
    manager = sign_in(make.member(workspace, role=Role.MANAGER))

    assert {viewer.get(one).status_code for one in ("campaigns", path)} == {200}
    assert {viewer.get(one).status_code for one in (*asked, "settings/channels")} == {403}
    assert {manager.get(one).status_code for one in (*asked, "settings/channels")} == {200}
    assert {stranger.get(one).status_code for one in ("campaigns", path, *asked)} == {404}


def test_sources_without_a_channel_stand_first_and_are_given_one(
    owner: Browser, workspace: Workspace
) -> None:
    for text in ("Trade show", "Our stand", "Our stand"):
        deals.change(make.deal(workspace), channel=text, by=None)
    page = owner.get("settings/channels")
    assert [(one.text, one.n, one.channel) for one in page.context["sources"]] == [
        ("Our stand", 2, ""),
        ("Trade show", 1, "event"),
    ]
    assert "2 deals state a source" in page.context["page"].answer

    owner.post("settings/channels/stated", text="Our stand", channel="event")

    page = owner.get("settings/channels")
    assert {one.channel for one in page.context["sources"]} == {"event"}
    assert page.context["page"].answer == "Every stated source has a channel."


def test_rule_for_addresses_is_added_and_dropped(owner: Browser) -> None:
    owner.post("settings/channels/rules/new", sort="utm_source", text="Portal", channel="referral")
    rules = owner.get("settings/channels").context["rules"]
    assert [(one.sort, one.text, one.channel) for one in rules] == [
        ("utm_source", "portal", "referral")
    ]

    owner.post(f"settings/channels/rules/{rules[0].pk}/drop")
    assert not ChannelRule.objects.exists()


def test_wrong_rules_are_refused(owner: Browser) -> None:
    asked = owner.post("settings/channels/rules/new", htmx=True, sort="x", text="", channel="x")
    stated = owner.post("settings/channels/stated", htmx=True, text="a", channel="x")

    assert (asked.status_code, stated.status_code) == (422, 422)


def test_deal_shows_how_they_came(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    path = f"deals/{deal.item.key}"
    assert owner.get(path).context["page"].touches.stated == "Nobody wrote down how they came."
    deals.change(deal, channel="Trade show", by=None)
    assert "Event" in owner.get(path).context["page"].touches.stated
    campaign = make.campaign(workspace, "Fair")

    owner.post(f"{path}/touches/new", channel="event", campaign=campaign.pk, on="2026-01-02")

    page = owner.get(path).context["page"]
    lines = [(one.channel, one.campaign, one.at.date()) for one in page.touches.lines]
    assert lines == [("Event", "Fair", date(2026, 1, 2))]
    assert "Came by “Fair”: Event" in [entry.text for entry in page.entries]
    owner.post(f"{path}/touches/{page.touches.lines[0].id}/withdraw")
    assert owner.get(path).context["page"].touches.lines == []


def test_touches_of_a_merged_deal_are_the_survivors_too(
    owner: Browser, workspace: Workspace
) -> None:
    kept, gone = make.deal(workspace), make.deal(workspace)
    touches.record(gone, by=None, channel="search")
    merging.merge(kept, gone=gone, by=make.owner_of(workspace))

    lines = owner.get(f"deals/{kept.item.key}").context["page"].touches.lines

    assert [(one.channel, one.is_own) for one in lines] == [("Search", False)]


def test_touch_of_another_deal_or_by_a_viewer_is_not_taken_back(
    owner: Browser, viewer: Browser, workspace: Workspace
) -> None:
    touch = make.touch(workspace)
    other = make.deal(workspace)

    assert owner.post(f"deals/{other.item.key}/touches/{touch.pk}/withdraw").status_code == 404
    key = touch.item.key
    assert viewer.post(f"deals/{key}/touches/{touch.pk}/withdraw").status_code == 403
    assert viewer.get(f"deals/{key}/touches/new").status_code == 403
    assert owner.post(f"deals/{key}/touches/new", htmx=True, channel="x").status_code == 422
    assert Touch.objects.count() == 1


def test_queries_of_the_list_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    owner.get("campaigns")
    for number in range(3):
        campaign = make.campaign(workspace, f"Fair {number}")
        make.campaign_cost(workspace, of=campaign)
        make.touch(workspace, campaign=campaign)
        with django_assert_max_num_queries(12):
            owner.get("campaigns")
        with django_assert_max_num_queries(14):
            owner.get(f"campaigns/{campaign.pk}")
