"""What waits for whom, in which order, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.base.errors import RuleBroken
from penstock.flow.dating import lived, today
from penstock.reports.today import for_member, may_see_team
from penstock.sales import activities, deals, snoozes
from penstock.sales.models import Deal
from penstock.users import teams
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    return make.member(workspace, name="Bob")


def kinds(member: Member, *, of_team: bool = False) -> list[tuple[str, str]]:
    found = for_member(member, of_team=of_team).todos
    return [(one.found.kind, one.found.title) for one in found]


def late(workspace: Workspace, owner: Member, title: str, **details: object) -> Deal:
    with lived(datetime.now(UTC) - timedelta(days=12)):
        deal = make.deal(workspace, title=title, owner=owner, **details)
        make.activity(workspace, about=deal.item, days=2, owner=owner)
    return deal


def test_late_due_and_forgotten_come_and_the_rest_stays_away(
    workspace: Workspace, bob: Member
) -> None:
    late(workspace, bob, "late")
    due, ahead = (make.deal(workspace, title=name, owner=bob) for name in ("due", "ahead"))
    make.activity(workspace, about=due.item, days=0, owner=bob)
    make.activity(workspace, about=ahead.item, days=1, owner=bob)
    make.deal(workspace, title="forgotten", owner=bob)

    assert kinds(bob) == [("step", "late"), ("step", "due"), ("no_step", "forgotten")]


def test_more_at_stake_comes_first_in_any_currency(workspace: Workspace, bob: Member) -> None:
    make.rate(workspace)
    for title, amount, currency in (("small", 100, "EUR"), ("dollars", 900, "USD")):
        deal = make.deal(workspace, title=title, owner=bob, amount=Decimal(amount))
        deals.change(deal, by=bob, currency=currency)
        make.activity(workspace, about=deal.item, days=0, owner=bob)

    assert kinds(bob) == [("step", "dollars"), ("step", "small")]


def test_lost_parked_and_won_deals_are_silent(workspace: Workspace, bob: Member) -> None:
    lost, parked, won = (late(workspace, bob, name) for name in ("lost", "parked", "won"))
    deals.lose(lost, reason=make.loss_reason(workspace), by=bob)
    deals.park(parked, until=today(workspace) + timedelta(days=9), by=bob)
    deals.win(won, by=bob)

    assert kinds(bob) == [("step", "won")]


def test_parked_deal_comes_back_on_its_day(workspace: Workspace, bob: Member) -> None:
    deal = late(workspace, bob, "back")
    with lived(datetime.now(UTC) - timedelta(days=3)):
        deals.park(deal, until=today(workspace) + timedelta(days=2), by=bob)

    assert kinds(bob) == [("step", "back")]


def test_mine_are_mine_and_a_lead_sees_the_team(workspace: Workspace, bob: Member) -> None:
    team = teams.create(workspace, name="North", by=bob)
    carl = make.member(workspace, name="Carl", role=Role.REP)
    teams.set_lead(team, lead=bob, by=bob)
    carl.team = team
    carl.save(update_fields=["team"])
    late(workspace, carl, "carl's")
    late(workspace, make.owner_of(workspace), "alice's")

    assert (kinds(bob), kinds(bob, of_team=True)) == ([], [("step", "carl's")])
    assert len(kinds(make.owner_of(workspace), of_team=True)) == 2
    assert [may_see_team(one) for one in (bob, carl, make.owner_of(workspace))] == [
        True,
        False,
        True,
    ]


def test_restricted_reps_see_nothing_of_others(workspace: Workspace, bob: Member) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save(update_fields=["reps_see"])
    late(workspace, make.owner_of(workspace), "alice's")
    bob.refresh_from_db()

    assert kinds(bob, of_team=True) == []


def test_unhappy_customer_comes_before_a_larger_step(workspace: Workspace, bob: Member) -> None:
    large = make.deal(workspace, title="large", owner=bob, amount=Decimal(1000))
    make.activity(workspace, about=large.item, days=0, owner=bob)
    make.activity(workspace, about=make.order(workspace).item, days=0, owner=bob, source="survey")

    assert [kind for kind, _title in kinds(bob)] == ["unhappy", "step"]


def test_snoozed_matter_rests_for_its_member_until_its_day(
    workspace: Workspace, bob: Member
) -> None:
    deal = make.deal(workspace, title="later", owner=bob)
    alice, day = make.owner_of(workspace), today(workspace) + timedelta(days=2)
    row = snoozes.snooze(deal.item, kind="no_step", until=day, by=bob)

    rests = for_member(bob)
    others = kinds(alice, of_team=True)
    with lived(datetime.now(UTC) + timedelta(days=2)):
        back = kinds(bob)
    snoozes.wake(row)

    assert (rests.n, rests.n_snoozed, others) == (0, 1, [("no_step", "later")])
    assert back == kinds(bob) == [("no_step", "later")]


def test_snooze_needs_a_day_ahead(workspace: Workspace, bob: Member) -> None:
    deal = make.deal(workspace)

    with pytest.raises(RuleBroken) as refusal:
        snoozes.snooze(deal.item, kind="no_step", until=today(workspace), by=bob)

    assert refusal.value.code == "sales.snooze_past"


def test_done_leaves_the_list(workspace: Workspace, bob: Member) -> None:
    deal = late(workspace, bob, "late")
    activities.complete(deal.item.activities.get(), by=bob)

    assert kinds(bob) == [("no_step", "late")]
