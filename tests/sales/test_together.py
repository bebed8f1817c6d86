"""One act on several deals: each by its own rules, and taken back as one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from penstock.base.errors import Conflict
from penstock.flow.models import Item
from penstock.sales import deals, together
from penstock.sales.models import Deal
from penstock.sales.together import Result
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

DAY = date(2030, 1, 2)


def _edit(workspace: Workspace, found: list[Deal], act: str, value: object) -> Result:
    by = make.owner_of(workspace)
    return together.edit(found, act=act, value=value, by=by, allowed=lambda _item: None)


def _state(deal: Deal) -> tuple[object, ...]:
    row = Deal.objects.select_related("item").get(pk=deal.pk)
    item = row.item
    return (item.stage_id, item.owner_id, row.close_on, item.parked_until, item.outcome)


def _values(workspace: Workspace) -> dict[str, object]:
    return {
        "move": make.stage(workspace, "proposal"),
        "assign": make.member(workspace, name="Dave"),
        "close_on": DAY,
        "park": DAY,
        "lose": make.loss_reason(workspace),
    }


@pytest.mark.parametrize("act", ["move", "assign", "close_on", "park", "lose"])
def test_what_was_done_together_is_taken_back_together(act: str) -> None:
    workspace = make.workspace()
    found = [make.deal(workspace, amount=Decimal(1)) for _ in range(3)]
    before = [_state(deal) for deal in found]

    result = _edit(workspace, found, act, _values(workspace)[act])
    after = [_state(deal) for deal in found]
    undone = together.undo(result.edit, by=make.owner_of(workspace))

    assert (len(result.done), result.refused) == (3, [])
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert [_state(deal) for deal in found] == before
    assert (len(undone.done), undone.refused) == (3, [])


def test_what_one_refuses_stops_none_of_the_others() -> None:
    workspace = make.workspace()
    closed, is_open = make.deal(workspace, amount=Decimal(1)), make.deal(workspace)
    deals.win(closed, by=None)

    result = _edit(workspace, [closed, is_open], "lose", make.loss_reason(workspace))

    assert [deal.pk for deal in result.done] == [is_open.pk]
    assert [(deal.pk, error.code) for deal, error in result.refused] == [
        (closed.pk, "sales.closed_already")
    ]


def test_what_was_changed_since_stays() -> None:
    workspace = make.workspace()
    one, other = make.deal(workspace), make.deal(workspace)
    result = _edit(workspace, [one, other], "close_on", DAY)
    deals.change(one, by=None, close_on=DAY + timedelta(days=1))

    undone = together.undo(result.edit, by=make.owner_of(workspace))

    assert [error.code for _deal, error in undone.refused] == ["sales.changed_since"]
    assert Deal.objects.get(pk=one.pk).close_on == DAY + timedelta(days=1)
    assert Deal.objects.get(pk=other.pk).close_on is None


def test_nothing_is_taken_back_twice() -> None:
    workspace = make.workspace()
    result = _edit(workspace, [make.deal(workspace)], "close_on", DAY)
    together.undo(result.edit, by=make.owner_of(workspace))

    with pytest.raises(Conflict) as refusal:
        together.undo(result.edit, by=make.owner_of(workspace))

    assert refusal.value.code == "sales.undone_already"


def test_deal_that_is_so_already_is_not_touched() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    stage = Item.objects.select_related("stage").get(pk=deal.pk).stage

    result = _edit(workspace, [deal], "move", stage)

    assert len(result.done) == 1
    assert not result.edit.rows.exists()
