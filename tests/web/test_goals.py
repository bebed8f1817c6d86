"""The grid of goals and their page: by a manager, a rep, a stranger, and with bad input."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penstock.flow.dating import today
from penstock.sales.models import Goal
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def _cells(workspace: Workspace, *values: str) -> dict[str, str]:
    cells = {f"cell_0_{number}": text for number, text in enumerate(values)}
    return {"valid_from": today(workspace).isoformat(), **cells}


def test_grid_keeps_what_was_entered_and_takes_away_what_was_emptied(
    owner: Browser, workspace: Workspace
) -> None:
    path = "settings/goals?period=quarter"

    first = owner.post(path, **_cells(workspace, "1,200.50", "900", "", ""))
    second = owner.post(path, **_cells(workspace, "1,200.50", "", "", ""))
    page = owner.get("settings/goals", period="quarter").content.decode()

    assert (first.status_code, second.status_code) == (302, 302)
    values = Goal.objects.order_by("pk").values_list("value", flat=True)
    assert list(values) == [Decimal("1200.5"), Decimal(900), None]
    assert 'value="1200.5"' in page


def test_grid_is_not_for_viewers_and_strangers(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    assert viewer.get("settings/goals").status_code == 403
    assert viewer.post("settings/goals", **_cells(workspace, "5")).status_code == 403
    assert stranger.get("settings/goals").status_code == 404
    assert not Goal.objects.exists()


@pytest.mark.parametrize("text", ["abc", "-5", "0", "1e99", "=1+1", "<script>alert(1)</script>"])
def test_grid_refuses_what_is_no_goal(owner: Browser, workspace: Workspace, text: str) -> None:
    answer = owner.post("settings/goals?period=year", **_cells(workspace, text))

    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"counted": "luck", "of": "moon", "period": "week", "year": "99999"},
        {"counted": "activities-call", "of": "product"},
        {"of": "channel", "year": "1"},
        {"of": "channel", "counted": "cost_per_lead"},
        {"of": "owner", "counted": "cost_per_lead"},
        {"of": "product", "counted": "new_leads"},
    ],
)
def test_grid_answers_any_address(owner: Browser, query: dict[str, str]) -> None:
    assert owner.get("settings/goals", **query).status_code == 200


def test_page_shows_a_goal_and_leads_to_its_deals(owner: Browser, workspace: Workspace) -> None:
    first = today(workspace).replace(day=1)
    goal = make.goal(workspace, value="5000", first_on=first, valid_from=first)
    deal = make.deal(workspace, title="A sluice", amount="1000")
    make.deals.win(deal, by=None)

    page = owner.get("insights/goals").content.decode()
    behind = owner.get(f"insights/goals/{goal.pk}/deals").content.decode()

    assert "€5,000" in page
    assert "€1,000" in page
    assert "A sluice" in behind


def test_page_shows_what_leads_cost_and_leads_to_them(owner: Browser, workspace: Workspace) -> None:
    first = today(workspace).replace(day=1)
    goal = make.goal(
        workspace, metric="cost_per_lead", value="90", first_on=first, valid_from=first
    )
    assert "No cost of a campaign is known" in owner.get("insights/goals").content.decode()

    event = make.campaign(workspace, channel="search")
    make.campaign_cost(workspace, of=event, amount="99", first=first, last=today(workspace))
    make.touch(workspace, make.deal(workspace, title="A sluice"))

    page = owner.get("insights/goals").content.decode()
    behind = owner.get(f"insights/goals/{goal.pk}/deals").content.decode()

    assert "€99" in page
    assert "more than €90." in page
    assert "A sluice" in behind


def test_page_asks_as_often_for_three_goals_as_for_one(
    owner: Browser, workspace: Workspace
) -> None:
    first = today(workspace).replace(day=1)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            owner.get("insights/goals")
        return len(asked)

    make.goal(workspace, first_on=first, valid_from=first)
    count()
    one = count()
    for channel in ("fair", "referral"):
        make.goal(workspace, channel=channel, first_on=first, valid_from=first)

    assert count() == one


def test_page_of_a_goal_tells_what_was_said_of_it(owner: Browser, workspace: Workspace) -> None:
    now = today(workspace)
    first = now.replace(month=1, day=1)
    for value, since in (("900", first), ("800", now), ("1000", now + timedelta(days=3))):
        goal = make.goal(workspace, value=value, period="year", first_on=first, valid_from=since)

    page = owner.get(f"insights/goals/{goal.pk}").context["page"]

    assert [(line.value, line.state) for line in page.lines] == [
        ("€1,000", "Not yet"),
        ("€800", "In force"),
        ("€900", "No longer"),
    ]
    assert page.answer.startswith("The goal is €800, in force since ")
    assert owner.get(page.deals_url).status_code == 200


def test_page_of_a_goal_that_was_taken_away(owner: Browser, workspace: Workspace) -> None:
    goal = make.goal(workspace, value="900", period="year", first_on=date(2026, 1, 1))
    gone = make.goal(workspace, value=None, period="year", first_on=date(2026, 1, 1))

    page = owner.get(f"insights/goals/{gone.pk}").context["page"]

    assert [line.value for line in page.lines] == ["no goal", "€900"]
    assert "there is no goal" in page.answer
    assert goal.identity == gone.identity


def test_page_of_a_goal_is_not_for_strangers_and_who_sees_only_own(
    stranger: Browser, workspace: Workspace
) -> None:
    goal = make.goal(workspace, value="900")
    Workspace.objects.filter(pk=workspace.pk).update(reps_see=Sees.OWN)
    rep = sign_in(make.member(workspace, role=Role.REP))

    answers = [one.get(f"insights/goals/{goal.pk}") for one in (stranger, rep)]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_grid_names_goals_that_begin_to_count_later(owner: Browser, workspace: Workspace) -> None:
    day = today(workspace) + timedelta(days=9)
    year = today(workspace).replace(month=1, day=1)
    make.goal(workspace, value="7000", period="year", first_on=year, valid_from=day)

    asked = owner.get("settings/goals", period="year").context["later"]
    other = owner.get("settings/goals", period="month").context["later"]

    assert [text.endswith("€7,000") for text in asked] == [True]
    assert other == []
