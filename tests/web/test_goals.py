"""The grid of goals and their page: by a manager, a rep, a stranger, and with bad input."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penstock.flow.dating import today
from penstock.sales.models import Goal
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

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
