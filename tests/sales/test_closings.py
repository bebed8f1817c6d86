"""How deals were closed, kept beside their rows."""

from decimal import Decimal

import pytest

from penstock.flow import bulk as flow_bulk
from penstock.sales import bulk, closings, deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.reports.days import noon

pytestmark = pytest.mark.django_db


def test_won_deal_is_plain_until_its_amount_changes() -> None:
    deal = make.deal(make.workspace(), at=noon(1))

    deals.win(deal, by=None, at=noon(5))
    won = _kept(deal)
    deals.change(deal, by=None, amount=Decimal(7), at=noon(6))

    assert won == (noon(5), "won", False)
    assert _kept(deal) == (None, "", True)


def test_win_entered_for_a_day_before_the_last_amount_is_told_by_rows() -> None:
    deal = make.deal(make.workspace(), at=noon(1))
    deals.change(deal, by=None, amount=Decimal(7), at=noon(9))

    deals.win(deal, by=None, at=noon(5))

    assert _kept(deal) == (None, "", True)


def test_change_of_another_field_leaves_a_closed_deal_plain() -> None:
    deal = make.deal(make.workspace(), at=noon(1))
    deals.lose(deal, reason=make.loss_reason(deal.workspace), by=None, at=noon(5))

    deals.change(deal, by=None, channel="fair", at=noon(6))

    assert _kept(deal) == (noon(5), "lost", False)


def test_reopened_deal_is_told_by_rows_and_an_open_one_needs_nothing() -> None:
    workspace = make.workspace()
    reopened, never = make.deal(workspace, at=noon(1)), make.deal(workspace, at=noon(1))
    deals.win(reopened, by=None, at=noon(5))

    deals.reopen(reopened, by=None, at=noon(6))

    assert _kept(reopened) == (None, "", True)
    assert _kept(never) == (None, "", False)


@pytest.mark.parametrize(
    ("changed_on", "kept"), [(3, (noon(5), "won", False)), (8, (None, "", True))]
)
def test_deal_written_with_others_is_kept_as_its_rows_say(
    changed_on: int, kept: tuple[object, ...]
) -> None:
    workspace = make.workspace()
    row = _written(workspace, changed_on=changed_on)

    bulk.open_deals([row], currency="EUR", batch=_batch(workspace))
    deal = Deal.objects.get(pk=row.item.pk)
    written = _kept(deal)
    closings.keep([deal.pk])

    assert (written, _kept(deal)) == (kept, kept)


def _written(workspace: Workspace, *, changed_on: int) -> bulk.NewDeal:
    stage = make.pipeline(workspace).stages.order_by("position")[0]
    item = flow_bulk.NewItem(
        title="Wheel",
        key="a",
        opened_at=noon(1),
        stage_id=stage.pk,
        pipeline_id=stage.pipeline_id,
        verdict="won",
        decided_at=noon(5),
    )
    return bulk.NewDeal(
        item=item,
        currency="EUR",
        amount=Decimal(5),
        changes=[("amount", Decimal(6), noon(changed_on))],
    )


def _batch(workspace: Workspace) -> flow_bulk.Batch:
    return flow_bulk.Batch(workspace_id=workspace.pk, number=None, prefix="")


def _kept(deal: Deal) -> tuple[object, str, bool]:
    fresh = Deal.objects.get(pk=deal.pk)
    return fresh.closed_at, fresh.closed_as, fresh.is_retold
