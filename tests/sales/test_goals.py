"""Goals through their verbs: set, changed, taken away, each from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from penstock.base.errors import RuleBroken
from penstock.flow import dating
from penstock.sales import goals
from penstock.sales.goals import Target
from penstock.sales.models import Goal
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)
YEAR = Target("won_amount", "year", JANUARY)


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace(time_zone="UTC")


def _values(workspace: Workspace, on: date, known: datetime | None = None) -> list[Decimal | None]:
    return [goal.value for goal in goals.in_force(workspace, on=on, known=known)]


def test_changed_goal_keeps_the_old_one_for_the_days_before(workspace: Workspace) -> None:
    goals.set_goal(workspace, YEAR, value=Decimal(100), by=None, valid_from=JANUARY)
    with dating.lived(datetime(2026, 5, 2, tzinfo=UTC)):
        goals.set_goal(workspace, YEAR, value=Decimal(80), by=None, valid_from=date(2026, 5, 1))

    assert _values(workspace, date(2026, 4, 30)) == [100]
    assert _values(workspace, date(2026, 5, 1)) == [80]
    assert _values(workspace, date(2025, 12, 31)) == []


def test_goal_as_known_then_does_not_know_what_was_said_later(workspace: Workspace) -> None:
    with dating.lived(datetime(2026, 1, 3, tzinfo=UTC)):
        goals.set_goal(workspace, YEAR, value=Decimal(100), by=None, valid_from=JANUARY)
    with dating.lived(datetime(2026, 3, 1, tzinfo=UTC)):
        goals.set_goal(workspace, YEAR, value=Decimal(120), by=None, valid_from=JANUARY)

    known = [
        _values(workspace, date(2026, 3, 1), datetime(2026, month, 2, tzinfo=UTC))
        for month in (1, 2, 3)
    ]

    assert known == [[], [100], [120]]


def test_goal_is_taken_away_and_the_same_is_not_written_twice(workspace: Workspace) -> None:
    goals.set_goal(workspace, YEAR, value=Decimal(100), by=None, valid_from=JANUARY)
    again = goals.set_goal(workspace, YEAR, value=Decimal(100), by=None, valid_from=JANUARY)
    gone = goals.set_goal(workspace, YEAR, value=None, by=None, valid_from=date(2026, 2, 1))
    twice = goals.set_goal(workspace, YEAR, value=None, by=None, valid_from=date(2026, 2, 1))

    assert again is None
    assert gone is not None
    assert twice is None
    assert _values(workspace, date(2026, 1, 31)) == [100]
    assert _values(workspace, date(2026, 2, 1)) == []
    assert [one.value for one in goals.history(gone)] == [None, 100]


def test_goals_of_others_stand_beside_each_other(workspace: Workspace) -> None:
    bob, north = make.member(workspace), make.team(workspace)
    for number, subject in enumerate(({}, {"owner": bob}, {"team": north}, {"channel": "fair"})):
        target = Target("won_deals", "month", JANUARY, **subject)
        goals.set_goal(workspace, target, value=Decimal(number + 1), by=None, valid_from=JANUARY)

    found = {goal.subject: goal.value for goal in goals.in_force(workspace, on=JANUARY)}

    assert found == {
        ("", None): 1,
        ("owner", bob.pk): 2,
        ("team", north.pk): 3,
        ("channel", "fair"): 4,
    }


@pytest.mark.parametrize(
    ("target", "value", "code"),
    [
        (Target("won_amount", "month", date(2026, 1, 2)), "1", "sales.goal_period"),
        (Target("won_amount", "quarter", date(2026, 2, 1)), "1", "sales.goal_period"),
        (Target("won_amount", "year", date(2026, 4, 1)), "1", "sales.goal_period"),
        (Target("won_amount", "year", date(2126, 1, 1)), "1", "sales.goal_period"),
        (Target("won_amount", "week", JANUARY), "1", "sales.goal_period"),
        (Target("luck", "month", JANUARY), "1", "sales.goal_period"),
        (YEAR, "0", "sales.goal_value"),
        (YEAR, "-5", "sales.goal_value"),
        (Target("won_deals", "month", JANUARY), "1.5", "sales.goal_whole"),
        (Target("won_deals", "month", JANUARY, activity="call"), "1", "sales.goal_activity"),
        (Target("activities", "month", JANUARY, activity="dance"), "1", "sales.goal_activity"),
        (Target("activities", "month", JANUARY, channel="fair"), "1", "sales.goal_activity"),
        (Target("cost_per_lead", "month", JANUARY), "0", "sales.goal_value"),
    ],
)
def test_goal_is_refused(workspace: Workspace, target: Target, value: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        goals.set_goal(workspace, target, value=Decimal(value), by=None)

    assert refused.value.code == code
    assert not Goal.objects.exists()


def test_goal_is_of_one_thing_and_all_or_none_are_set(workspace: Workspace) -> None:
    both = Target(
        "won_deals", "month", JANUARY, owner=make.member(workspace), team=make.team(workspace)
    )

    with pytest.raises(RuleBroken) as refused:
        goals.set_many(workspace, [(YEAR, Decimal(1)), (both, Decimal(1))], by=None)

    assert refused.value.code == "sales.goal_of_one"
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"value": 0}, {"first_on": date(2026, 2, 1)}, {"channel": "fair", "owner": True}]
)
def test_database_refuses_what_no_goal_can_be(
    workspace: Workspace, wrong: dict[str, object]
) -> None:
    row = {
        "metric": "won_amount",
        "period": "year",
        "first_on": JANUARY,
        "valid_from": JANUARY,
        "value": 1,
        "known_at": datetime(2026, 1, 1, tzinfo=UTC),
        **wrong,
    }
    if "owner" in wrong:
        row["owner"] = make.member(workspace)

    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(workspace=workspace, **row)


def test_cost_of_a_lead_is_for_the_workspace_and_channels(workspace: Workspace) -> None:
    target = Target("cost_per_lead", "month", JANUARY, owner=make.member(workspace))
    with pytest.raises(RuleBroken) as refused:
        goals.set_goal(workspace, target, value=Decimal(10), by=None)

    made = make.goal(workspace, metric="cost_per_lead", value="12.50", channel="search")

    assert refused.value.code == "sales.goal_cost"
    assert (made.value, made.currency) == (Decimal("12.5"), workspace.currency)
