"""Campaigns, what they cost, and which channel a word stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.sales import campaigns, channels
from penstock.sales.models import ChannelRule
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

JANUARY = {"first": date(2026, 1, 1), "last": date(2026, 1, 31)}


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


def test_campaign_is_started_changed_retired_and_taken_up(workspace: Workspace) -> None:
    campaign = make.campaign(workspace, code=" Spring-26 ")
    assert campaign.code == "spring-26"

    changed = campaigns.change(campaign, by=None, ends_on=date(2026, 2, 1))
    retired = campaigns.retire(campaign, by=None)
    again = campaigns.retire(campaign, by=None)
    back = campaigns.take_up(campaign, by=None)

    assert changed.ends_on == date(2026, 2, 1)
    assert again.retired_at == retired.retired_at is not None
    assert back.retired_at is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "sales.campaign_name"),
        ({"channel": "pigeon"}, "sales.channel"),
        ({"ends_on": date(2025, 1, 1)}, "sales.campaign_period"),
        ({"code": "TAKEN"}, "sales.campaign_code"),
    ],
)
def test_wrong_campaign_is_refused(
    workspace: Workspace, change: dict[str, object], code: str
) -> None:
    make.campaign(workspace, code="taken")

    with pytest.raises(RuleBroken) as refusal:
        campaigns.change(make.campaign(workspace), by=None, **change)

    assert refusal.value.code == code


def test_cost_is_corrected_and_withdrawn_and_stays_as_it_was_known(workspace: Workspace) -> None:
    known = datetime(2026, 2, 1, tzinfo=UTC)
    cost = make.campaign_cost(workspace, amount="310", known=known)

    better = campaigns.correct_cost(cost, by=None, amount=Decimal(620), **JANUARY)
    now = campaigns.costs(workspace.pk)
    then = campaigns.costs(workspace.pk, known=datetime(2026, 3, 1, tzinfo=UTC))
    assert [[row.amount for row in rows] for rows in (now, then)] == [[620], [310]]

    campaigns.withdraw_cost(better, by=None)
    assert [row.amount for row in campaigns.costs(workspace.pk)] == []
    assert [row.amount for row in then.all()] == [310]


def test_cost_is_corrected_once(workspace: Workspace) -> None:
    cost = make.campaign_cost(workspace)
    campaigns.withdraw_cost(cost, by=None)

    with pytest.raises(Conflict, match="corrected or taken back"):
        campaigns.correct_cost(cost, by=None, amount=Decimal(1), **JANUARY)
    with pytest.raises(NotFound):
        campaigns.cost_of(cost.campaign, cost.pk)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Decimal(-1)}, "sales.amount_negative"),
        ({"last": date(2025, 1, 1)}, "sales.campaign_period"),
        ({"currency": "euro"}, "sales.currency"),
    ],
)
def test_wrong_cost_is_refused(workspace: Workspace, change: dict[str, object], code: str) -> None:
    values = {"amount": Decimal(1), **JANUARY, **change}

    with pytest.raises(RuleBroken) as refusal:
        campaigns.add_cost(make.campaign(workspace), by=None, **values)

    assert refusal.value.code == code


def test_word_stands_for_one_channel_until_the_rule_is_dropped(workspace: Workspace) -> None:
    def meant(text: str) -> str:
        return channels.of_stated([text], own=channels.rules_of(workspace.pk))[text]

    assert [meant("Trade Show"), meant("Реклама"), meant("Our stand")] == ["event", "paid", ""]
    make.channel_rule(workspace, " our  Stand ")
    rule = channels.set_rule(workspace, sort="stated", text="OUR STAND", channel="phone", by=None)

    assert (meant("Our Stand"), ChannelRule.objects.count()) == ("phone", 1)
    channels.drop_rule(rule, by=None)
    assert meant("Our stand") == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sort": "moon"}, "sales.channel_sort"),
        ({"channel": "moon"}, "sales.channel"),
        ({"text": " \n "}, "sales.channel_word"),
    ],
)
def test_wrong_rule_is_refused(workspace: Workspace, change: dict[str, str], code: str) -> None:
    values = {"sort": "stated", "channel": "event", "text": "stand", **change}

    with pytest.raises(RuleBroken) as refusal:
        channels.set_rule(workspace, by=None, **values)

    assert refusal.value.code == code
