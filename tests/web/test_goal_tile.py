"""The nearest goal on Today and beside the pipeline: own before team before workspace, with its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.flow import dating
from penstock.flow.dating import today
from penstock.sales import deals
from penstock.users.models import Member, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    bob = make.member(workspace, name="Bob")
    bob.team = make.team(workspace)
    bob.save(update_fields=["team"])
    return bob


def month(workspace: Workspace, metric: str = "won_amount", **target: object) -> None:
    make.goal(
        workspace,
        metric=metric,
        period="month",
        first_on=today(workspace).replace(day=1),
        **target,
    )


def shown(browser: Browser) -> str:
    return " ".join(browser.get("today/goal", htmx=True).content.decode().split())


def test_nearest_goal_is_shown_with_its_rows(workspace: Workspace, bob: Member) -> None:
    titles = []
    for target in ({}, {"team": bob.team}, {"owner": bob}):
        month(workspace, **target)
        titles.append(sign_in(bob).get("today/goal").context["tile"].title.split(", ")[1])

    assert titles == ["Workspace", "North", "Bob"]


def test_tile_says_result_pace_window_and_cases(owner: Browser, workspace: Workspace) -> None:
    month(workspace, value="1000")
    deals.win(make.deal(workspace, amount="250"), by=None)

    tile = owner.get("today/goal").context["tile"]

    assert (tile.result, tile.goal, tile.share, tile.percent) == ("€250", "of €1,000", "25%", 25)
    assert tile.definition.n == "1"
    assert "no earlier period" in tile.definition.text
    assert str(today(workspace).year) in tile.definition.window
    assert owner.get(tile.url).status_code == 200


def test_without_a_goal_there_is_nothing(owner: Browser) -> None:
    assert shown(owner) == ""


def test_what_a_lead_may_cost_is_no_goal_to_reach(owner: Browser, workspace: Workspace) -> None:
    month(workspace, metric="cost_per_lead", value="90")
    nothing = shown(owner)
    month(workspace, metric="new_leads")

    tile = owner.get("today/goal").context["tile"]

    assert (nothing, tile.title.split(",")[0]) == ("", "New leads")


def test_goals_of_others_are_not_shown_to_who_sees_only_their_own(
    workspace: Workspace, bob: Member
) -> None:
    month(workspace)
    workspace.reps_see = Sees.OWN
    workspace.save(update_fields=["reps_see"])
    bob.refresh_from_db()

    assert shown(sign_in(bob)) == ""


def test_goal_of_a_past_month_is_over(owner: Browser, workspace: Workspace) -> None:
    with dating.lived(datetime(2024, 5, 3, 9, tzinfo=UTC)):
        month(workspace)

    assert shown(owner) == ""


def test_pages_fetch_it_now_and_not_on_a_past_day(owner: Browser, workspace: Workspace) -> None:
    make.deal(workspace)

    pages = (
        "today",
        "pipeline",
        "pipeline?view=list",
        f"pipeline?on={today(workspace) - timedelta(days=1)}",
    )
    has_it = ['id="goal-tile"' in owner.get(page).content.decode() for page in pages]

    assert has_it == [True, True, True, False]


def test_stranger_finds_nothing(stranger: Browser) -> None:
    assert stranger.get("today/goal").status_code == 404
