"""Goals and their pace through the real verbs, on any day, as known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.flow import dating
from penstock.reports import goals
from penstock.reports.goals import Pace
from penstock.reports.moment import Moment
from penstock.sales import activities, deals
from penstock.sales.models import Campaign
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ON = date(2026, 1, 16)


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Bob of team North won 300 by the 8th, nobody 50 on the 20th; one deal is open."""
    workspace = make.workspace(time_zone="UTC")
    bob = make.member(workspace, name="Bob")
    north = make.team(workspace)
    Member.objects.filter(pk=bob.pk).update(team=north)
    for day, amount, owner in ((1, "100", bob), (3, "200", bob), (15, "50", None)):
        with dating.lived(START + timedelta(days=day)):
            deals.win(make.deal(workspace, amount=amount, owner=owner), by=None)
    with dating.lived(START + timedelta(days=2)):
        make.deal(workspace, amount="9")
    return workspace


def _moment(workspace: Workspace, on: date = ON, known: date | None = None) -> Moment:
    return Moment(on=on, known=known, is_now=False, zone=workspace.zone)


def _only(workspace: Workspace, on: date = ON, known: date | None = None) -> Pace:
    [one] = goals.on_day(make.owner_of(workspace), moment=_moment(workspace, on, known)).paces
    return one


@pytest.mark.parametrize(
    ("metric", "subject", "result", "n"),
    [
        ("won_amount", "", 300, 2),
        ("won_deals", "", 2, 2),
        ("new_leads", "", 3, 3),
        ("won_amount", "owner", 300, 2),
        ("won_deals", "team", 2, 2),
        ("new_leads", "owner", 2, 2),
    ],
)
def test_result_is_what_was_reached_by_the_end_of_the_day(
    workspace: Workspace, metric: str, subject: str, result: int, n: int
) -> None:
    bob = Member.objects.get(name="Bob")
    whose = {"owner": bob, "team": bob.team}
    make.goal(
        workspace, value="10", metric=metric, **({subject: whose[subject]} if subject else {})
    )

    found = _only(workspace)
    behind = goals.deals(make.owner_of(workspace), moment=_moment(workspace), goal_id=found.goal_id)

    assert (found.result, found.n, len(behind)) == (result, n, n)


def test_needed_is_shared_out_over_the_working_days_left(workspace: Workspace) -> None:
    make.goal(workspace, value="400")

    found = _only(workspace)

    # From the 17th to the 31st of January 2026 there are ten working days, of 22.
    assert (found.days_left, found.needed) == (10, 10)
    assert found.usual.share == pytest.approx(12 / 22)
    assert not found.is_behind
    assert found.projection.middle is None


def test_goal_of_the_past_is_the_one_that_was_in_force(workspace: Workspace) -> None:
    make.goal(workspace, value="400")
    make.goal(workspace, value="350", valid_from=date(2026, 1, 10))

    found = [_only(workspace, date(2026, 1, day)) for day in (7, 16, 31)]

    assert [(one.goal, one.result) for one in found] == [(400, 100), (350, 300), (350, 350)]


def test_result_as_known_then_leaves_out_what_was_entered_late(workspace: Workspace) -> None:
    with dating.lived(START):
        late = make.deal(workspace, amount="70")
    with dating.lived(START + timedelta(days=9)):
        make.goal(workspace, value="400")
    with dating.lived(START + timedelta(days=20)):
        deals.win(late, by=None, at=START + timedelta(days=5))

    found = [_only(workspace, known=day) for day in (date(2026, 1, 16), date(2026, 1, 30))]

    assert [one.result for one in found] == [300, 370]


def test_past_months_say_what_is_usual_and_what_may_come(workspace: Workspace) -> None:
    for month in range(1, 9):
        with dating.lived(datetime(2025, month + 3, 28, 12, tzinfo=UTC)):
            deals.win(make.deal(workspace, amount="100"), by=None)
    make.goal(workspace, value="400")

    found = _only(workspace)

    # Everything came at the end of a month: seven whole ones are on record, April is cut.
    assert found.usual.observed == 0
    assert found.usual.n == 7
    assert found.usual.share == pytest.approx(12 / 22 * 4 / 11)
    assert found.projection.n == 8
    assert found.projection.high == 400


def test_parts_stand_beside_the_whole(workspace: Workspace) -> None:
    bob, dan = Member.objects.get(name="Bob"), make.member(workspace, name="Dan")
    make.goal(workspace, value="1000")
    for one, value in ((bob, "700"), (dan, "200")):
        make.goal(workspace, value=value, owner=one)

    [found] = goals.on_day(make.owner_of(workspace), moment=_moment(workspace)).parts

    assert (found.dimension, found.n, found.total, found.whole) == ("owner", 2, 900, 1000)


def test_activities_are_counted_by_kind_and_person(workspace: Workspace) -> None:
    bob = Member.objects.get(name="Bob")
    with dating.lived(START):
        item = make.deal(workspace, amount="9").item
    for kind, owner in (("call", bob), ("call", make.owner_of(workspace)), ("meeting", bob)):
        with dating.lived(START + timedelta(days=4)):
            activities.log(item, kind=kind, owner=owner, by=bob)
    make.goal(workspace, value="10", metric="activities", activity="call")
    make.goal(workspace, value="10", metric="activities", owner=bob)

    found = goals.on_day(make.owner_of(workspace), moment=_moment(workspace)).paces

    assert [(one.activity, one.result) for one in found] == [("", 2), ("call", 2)]


def test_rep_who_sees_only_own_deals_sees_only_own_goals(workspace: Workspace) -> None:
    bob = Member.objects.get(name="Bob")
    Workspace.objects.filter(pk=workspace.pk).update(reps_see=Sees.OWN)
    make.goal(workspace, value="1000")
    make.goal(workspace, value="700", owner=bob)

    member = Member.objects.select_related("workspace").get(pk=bob.pk)
    assert member.role == Role.REP
    found = goals.on_day(member, moment=_moment(workspace)).paces

    assert [(one.name, one.result) for one in found] == [("Bob", Decimal(300))]


@pytest.fixture
def marketed(workspace: Workspace) -> Workspace:
    """A fair and a search campaign that cost 310 and 62 in January; by the 16th two leads came to the fair."""
    with dating.lived(START):
        fair = make.campaign(workspace, channel="event")
        make.campaign_cost(workspace, of=fair)
        search = make.campaign(workspace, name="Search", channel="search")
        make.campaign_cost(workspace, of=search, amount="62")
    for day, channel in ((0, "event"), (3, "event"), (8, "search"), (13, "event"), (4, "referral")):
        with dating.lived(START + timedelta(days=day)):
            deal = make.deal(workspace, title=f"{channel} {day}")
            make.touch(workspace, deal, channel=channel)
    return workspace


@pytest.mark.parametrize(
    ("channel", "cost", "n", "per_lead", "is_above"),
    [
        # Half of January had gone by on the 16th: 160 for three leads of the fair, 32 for one by search.
        ("", 192, 3, 64, True),
        ("event", 160, 2, 80, True),
        ("search", 32, 1, 32, False),
        ("referral", None, 1, None, False),
        ("social", None, 0, None, False),
    ],
)
def test_cost_per_lead_is_of_what_has_a_cost_until_the_day(
    marketed: Workspace,
    channel: str,
    cost: int | None,
    n: int,
    per_lead: int | None,
    is_above: bool,
) -> None:
    make.goal(marketed, metric="cost_per_lead", value="50", channel=channel)

    found = goals.on_day(make.owner_of(marketed), moment=_moment(marketed))

    [one] = found.costs
    assert found.paces == ()
    assert (one.cost, one.n_leads, one.per_lead, one.is_above) == (cost, n, per_lead, is_above)
    assert one.currency == marketed.currency
    behind = goals.deals(make.owner_of(marketed), moment=_moment(marketed), goal_id=one.goal_id)
    assert len(behind) == n


def test_cost_per_lead_as_known_then_knows_no_later_cost(marketed: Workspace) -> None:
    with dating.lived(START):
        make.goal(marketed, metric="cost_per_lead", value="50", channel="search")
    with dating.lived(START + timedelta(days=9)):
        make.campaign_cost(marketed, of=Campaign.objects.get(name="Search"), amount="31")

    later, then = (
        goals.on_day(make.owner_of(marketed), moment=_moment(marketed, known=known)).costs[0]
        for known in (None, (START + timedelta(days=8)).date())
    )

    assert (later.per_lead, then.per_lead) == (48, 32)
