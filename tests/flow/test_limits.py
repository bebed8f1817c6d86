"""A full stage takes nothing more in, by whatever way; parked items take no place in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.base.errors import RuleBroken
from penstock.flow import items, limits, moves, outcomes, pipelines
from penstock.flow.dating import When, lived
from penstock.flow.models import Item, Kind, Stage
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


def narrow(workspace: Workspace, code: str = "proposal", kind: Kind = Kind.DEAL) -> Stage:
    """A stage that has one place."""
    return pipelines.tune_stage(make.stage(workspace, code, kind), probability=None, wip_limit=1)


def refusal_of(act: object) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act()  # type: ignore[operator]  # -- a call that is put off
    return refusal.value.code


def in_a_month() -> object:
    return timezone.now().date() + timedelta(days=30)


def test_opening_is_refused_when_the_stage_is_full(workspace: Workspace) -> None:
    stage = narrow(workspace)
    make.deal(workspace, stage=stage)

    code = refusal_of(lambda: make.deal(workspace, stage=stage))

    assert code == "flow.wip_limit"
    assert Item.objects.count() == 1


def test_import_opens_in_a_full_stage(workspace: Workspace) -> None:
    stage = narrow(workspace)
    make.deal(workspace, stage=stage)
    now = timezone.now()

    item = items.open_item(
        pipeline=make.pipeline(workspace),
        title="Told",
        by=None,
        times=When(occurred_at=now, known_at=now, batch=1),
        stage=stage,
    )

    assert item.stage == stage


def test_order_is_placed_when_the_first_stage_is_full(workspace: Workspace) -> None:
    narrow(workspace, "accepted", Kind.ORDER)
    narrow(workspace, "to_do", Kind.WORK)

    make.order(workspace)
    make.order(workspace)

    assert Item.objects.filter(kind=Kind.ORDER).count() == 2


def test_reopening_is_refused_when_the_stage_is_full(workspace: Workspace) -> None:
    stage = narrow(workspace)
    lost = make.deal(workspace, stage=stage)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)
    make.deal(workspace, stage=stage)

    codes = {
        refusal_of(lambda: deals.reopen(lost, by=None)),
        refusal_of(lambda: outcomes.reopen(lost.item, by=None)),
    }

    assert codes == {"flow.wip_limit"}
    assert Item.objects.get(pk=lost.pk).outcome == "lost"


def test_won_deal_stays_won_when_the_stage_it_came_from_is_full(workspace: Workspace) -> None:
    stage = narrow(workspace)
    won = make.deal(workspace, stage=stage)
    deals.win(won, by=None)
    make.deal(workspace, stage=stage)

    code = refusal_of(lambda: deals.reopen(won, by=None))

    assert code == "flow.wip_limit"
    assert Item.objects.get(pk=won.pk).outcome == "won"


def test_parked_item_leaves_its_place_and_needs_one_to_come_back(workspace: Workspace) -> None:
    stage = narrow(workspace)
    parked = make.deal(workspace, stage=stage)
    outcomes.park(parked.item, until=in_a_month(), by=None)
    other = make.deal(workspace)

    moves.move(other.item, to=stage, by=None)

    assert refusal_of(lambda: deals.unpark(parked, by=None)) == "flow.wip_limit"
    assert Item.objects.get(pk=parked.pk).parked_until == in_a_month()


def test_parked_item_counts_again_when_its_day_has_come(workspace: Workspace) -> None:
    stage = narrow(workspace)
    with lived(timezone.now() - timedelta(days=10)):
        parked = make.deal(workspace, stage=stage)
        outcomes.park(parked.item, until=timezone.now().date() - timedelta(days=5), by=None)

    assert refusal_of(lambda: limits.check(stage)) == "flow.wip_limit"
    outcomes.unpark(parked.item, by=None)
    assert Item.objects.get(pk=parked.pk).parked_until is None
