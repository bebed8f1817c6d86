"""When a deal is late in its stage, now and on a past day, paused by commitments, for who may see what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.flow import blockers
from penstock.flow.dating import lived, today
from penstock.flow.models import Item
from penstock.reports import ageing
from penstock.reports.moment import moment
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def alice(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


def stood(workspace: Workspace, days: float, *, ago: float, owner: Member, is_won: bool) -> Deal:
    """A deal that stood so long in the first stage, as of so many days ago."""
    entered = NOW - timedelta(days=ago + days)
    with lived(entered):
        deal = make.deal(workspace, owner=owner, stage=make.stage(workspace, "lead_generation"))
    if is_won:
        with lived(NOW - timedelta(days=ago)):
            deals.move(deal, to=make.stage(workspace, "qualification"), by=owner)
        with lived(NOW - timedelta(days=ago) + timedelta(hours=1)):
            deals.win(deal, by=owner)
    return deal


@pytest.fixture
def history(workspace: Workspace, alice: Member) -> None:
    """Twenty deals that were won after 1 to 20 days in the first stage."""
    for days in range(1, 21):
        stood(workspace, days, ago=30, owner=alice, is_won=True)


def late(member: Member, workspace: Workspace) -> set[int]:
    pipeline = make.stage(workspace, "lead_generation").pipeline
    ages = ageing.of_pipeline(member, pipeline)
    rows = Item.objects.filter(workspace=workspace, outcome="", kind="deal")
    by_condition = set(rows.filter(ages.late()).values_list("pk", flat=True))
    one_by_one = {
        item.pk
        for item in rows.select_related("deal")
        if ages.is_late(
            ages.left(
                item.stage_id,
                since=ageing.since(item.entered_at, item.parked_until, member=member),
            ),
            step_on=item.deal.next_step_on,
            item_id=item.pk,
        )
    }
    assert by_condition == one_by_one
    return by_condition


def test_late_is_what_stands_longer_than_most_that_were_won(
    workspace: Workspace, alice: Member, history: None
) -> None:
    stood(workspace, 15, ago=0, owner=alice, is_won=False)
    old = stood(workspace, 19, ago=0, owner=alice, is_won=False)

    assert late(alice, workspace) == {old.pk}


def test_threshold_is_a_setting(workspace: Workspace, alice: Member, history: None) -> None:
    deal = stood(workspace, 15, ago=0, owner=alice, is_won=False)
    workspace.late_share = 0.6
    workspace.save(update_fields=["late_share"])
    alice.workspace.refresh_from_db()

    assert late(alice, workspace) == {deal.pk}


def test_planned_step_and_parking_pause_it(
    workspace: Workspace, alice: Member, history: None
) -> None:
    planned, parked, back = (
        stood(workspace, 25, ago=0, owner=alice, is_won=False) for _number in range(3)
    )
    make.activity(workspace, about=planned.item, days=3)
    deals.park(parked, until=today(workspace) + timedelta(days=3), by=alice)
    with lived(NOW - timedelta(days=20)):
        deals.park(back, until=today(workspace) + timedelta(days=18), by=alice)

    assert late(alice, workspace) - {parked.pk} == set()


def blocked(workspace: Workspace, owner: Member, *, side: str, days: int | None) -> Deal:
    """A deal that is late, and since ten days ago waits for something by a day so many from now."""
    deal = stood(workspace, 25, ago=0, owner=owner, is_won=False)
    until = None if days is None else today(workspace) + timedelta(days=days)
    with lived(NOW - timedelta(days=10)):
        blockers.block(deal.item, cause="no_answer", side=side, until=until, by=owner)
    return deal


def test_what_the_customer_is_to_remove_by_a_day_pauses_it_until_then(
    workspace: Workspace, alice: Member, history: None
) -> None:
    for days in (0, 3):
        blocked(workspace, alice, side="customer", days=days)
    over = blocked(workspace, alice, side="customer", days=-1)
    undated = blocked(workspace, alice, side="customer", days=None)
    ours = blocked(workspace, alice, side="ours", days=3)
    cleared = blocked(workspace, alice, side="customer", days=3)
    blockers.clear(cleared.item, by=alice)

    assert late(alice, workspace) == {over.pk, undated.pk, ours.pk, cleared.pk}


def test_promise_of_the_customer_counts_as_of_any_day(
    workspace: Workspace, alice: Member, history: None
) -> None:
    deal = blocked(workspace, alice, side="customer", days=-3)
    pipeline = make.stage(workspace, "lead_generation").pipeline

    def promised(days_ago: int, known: int | None = None) -> frozenset[int]:
        days = [
            None if one is None else today(workspace) - timedelta(days=one)
            for one in (days_ago, known)
        ]
        when = moment(workspace, on=days[0], known=days[1])
        return ageing.of_pipeline(alice, pipeline, when=when).promised()

    assert [promised(ago) for ago in (12, 9, 3, 2)] == [
        frozenset(),
        frozenset({deal.pk}),
        frozenset({deal.pk}),
        frozenset(),
    ]
    assert promised(9, known=12) == frozenset()


def test_overdue_step_pauses_nothing(workspace: Workspace, alice: Member, history: None) -> None:
    deal = stood(workspace, 25, ago=0, owner=alice, is_won=False)
    with lived(NOW - timedelta(days=5)):
        make.activity(workspace, about=deal.item, days=1)

    assert late(alice, workspace) == {deal.pk}


def test_too_few_won_deals_make_nothing_late(workspace: Workspace, alice: Member) -> None:
    stood(workspace, 5, ago=10, owner=alice, is_won=True)
    stood(workspace, 300, ago=0, owner=alice, is_won=False)

    assert late(alice, workspace) == set()


def test_as_of_a_day_before_they_were_won(
    workspace: Workspace, alice: Member, history: None
) -> None:
    pipeline = make.stage(workspace, "lead_generation").pipeline
    stage_id = make.stage(workspace, "lead_generation").pk
    before = moment(workspace, on=(NOW - timedelta(days=40)).date())
    unknown = moment(workspace, known=(NOW - timedelta(days=40)).date())

    now = ageing.of_pipeline(alice, pipeline).by_stage[stage_id]
    then = ageing.of_pipeline(alice, pipeline, when=before).by_stage[stage_id]
    not_known = ageing.of_pipeline(alice, pipeline, when=unknown).by_stage[stage_id]

    assert (now.n_won, then.n_won, not_known.n_won) == (20, 0, 0)
    assert then.n_open > 0


def test_win_is_seen_at_once(workspace: Workspace, alice: Member, history: None) -> None:
    stage = make.stage(workspace, "lead_generation")
    before = ageing.of_pipeline(alice, stage.pipeline).by_stage[stage.pk].n_won
    stood(workspace, 3, ago=0.5, owner=alice, is_won=True)

    assert ageing.of_pipeline(alice, stage.pipeline).by_stage[stage.pk].n_won == before + 1


def test_few_more_ends_among_many_deals_change_nothing_yet(
    workspace: Workspace, alice: Member, history: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "ONE_IN", 10)
    pipeline = make.stage(workspace, "lead_generation").pipeline
    stage = make.stage(workspace, "lead_generation").pk

    def n_won() -> int:
        return ageing.of_pipeline(alice, pipeline).by_stage[stage].n_won

    assert n_won() == 20
    for _number in range(2):
        stood(workspace, 3, ago=30, owner=alice, is_won=True)
    assert n_won() == 20, "one in ten of twenty are two"
    stood(workspace, 3, ago=30, owner=alice, is_won=True)

    assert n_won() == 23


def test_who_comes_while_it_is_read_waits_for_it(
    workspace: Workspace, alice: Member, history: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = make.stage(workspace, "lead_generation").pipeline
    reads: list[int] = []
    read = ageing._read

    def counted(*args: object, **kwargs: object) -> object:
        reads.append(1)
        # Whoever else had asked meanwhile would hold the same lock.
        assert not ageing._reading.acquire(blocking=False)
        return read(*args, **kwargs)  # type: ignore[arg-type]  # -- passed on as they come

    monkeypatch.setattr(ageing, "_read", counted)

    ageing.of_pipeline(alice, pipeline)
    ageing.of_pipeline(alice, pipeline)

    assert len(reads) == 1


def test_rep_who_sees_own_deals_learns_nothing_of_others(
    workspace: Workspace, alice: Member, history: None
) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save(update_fields=["reps_see"])
    bob = make.member(workspace, role=Role.REP)
    stage = make.stage(workspace, "lead_generation")

    assert ageing.of_pipeline(bob, stage.pipeline).by_stage[stage.pk].n_won == 0
    assert ageing.of_pipeline(alice, stage.pipeline).by_stage[stage.pk].n_won == 20
