"""A won deal places its order, once."""

from decimal import Decimal

import pytest

from penstock.backlog import ledger, orders
from penstock.backlog.models import Entry, Order
from penstock.base.errors import RuleBroken
from penstock.flow.models import Finding, Item, Link, Outcome
from penstock.handoff import won_deal
from penstock.sales import deals
from tests import make

pytestmark = pytest.mark.django_db


def test_win_places_one_order_with_the_amount() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="1234.50")

    deals.win(deal, by=None)
    deals.win(deal, by=None)

    order = Order.objects.get()
    line = order.lines.get()
    assert (line.title, line.remaining_quantity, line.remaining_value) == (
        "A wheel for Acme",
        Decimal(1),
        Decimal("1234.50"),
    )
    assert line.remaining_hours is None
    assert order.item.stage.code == "accepted"
    assert Link.objects.get().source_id == deal.pk


def test_win_moves_the_deal_to_follow_up() -> None:
    workspace = make.workspace()

    deal = deals.win(make.deal(workspace), by=None)

    assert deal.item.outcome == "won"
    assert deal.item.stage.code == "follow_up"


def test_failed_hand_off_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    monkeypatch.setattr(won_deal.orders, "place", _refuse)

    with pytest.raises(RuleBroken):
        deals.win(deal, by=None)

    item = Item.objects.get(pk=deal.pk)
    assert (item.outcome, item.stage_id) == ("", deal.item.stage_id)
    assert item.transitions.count() == 1
    assert not Outcome.objects.exists()
    assert not Order.objects.exists()


def test_reopen_cancels_the_order_and_a_second_win_brings_it_back() -> None:
    workspace = make.workspace()
    deal = deals.win(make.deal(workspace, stage=make.stage(workspace, "proposal")), by=None)

    deal = deals.reopen(deal, by=None)

    order = Order.objects.get()
    assert (order.item.outcome, deal.item.stage.code) == ("cancelled", "proposal")
    deals.win(deal, by=None)
    order = Order.objects.get()
    assert order.item.outcome == ""
    assert order.lines.get().remaining_value == Decimal(1000)
    assert not Finding.objects.exists()


def test_second_win_with_another_amount_proposes_an_amendment() -> None:
    workspace = make.workspace()
    deal = deals.reopen(deals.win(make.deal(workspace), by=None), by=None)
    deals.change(deal, by=None, amount=Decimal(1500))

    deals.win(deal, by=None)

    assert Order.objects.get().lines.get().remaining_value == Decimal(1000)
    assert Finding.objects.get().code == "amount_differs"


def test_reopen_is_refused_after_a_delivery() -> None:
    workspace = make.workspace()
    deal = deals.win(make.deal(workspace), by=None)
    orders.fulfil_all(Order.objects.get(), by=None)

    with pytest.raises(RuleBroken) as refusal:
        deals.reopen(deal, by=None)

    assert refusal.value.code == "backlog.delivered_already"
    assert Item.objects.get(pk=deal.pk).outcome == "won"


def test_delivered_order_is_done() -> None:
    workspace = make.workspace()
    deals.win(make.deal(workspace), by=None)
    order = Order.objects.get()

    ledger.fulfil(order.lines.get(), quantity=Decimal(1), act=ledger.Act(by=None))

    order = Order.objects.get()
    assert (order.item.outcome, order.item.stage.code) == ("fulfilled", "done")
    assert [entry.kind for entry in Entry.objects.order_by("id")] == ["accepted", "fulfilled"]
    assert order.lines.get().work_items.get().item.outcome == "completed"


def _refuse(*_args: object, **_settings: object) -> None:
    raise RuleBroken("test.refused", "no")


def test_reopen_is_possible_after_the_delivery_was_taken_back() -> None:
    workspace = make.workspace()
    deal = deals.win(make.deal(workspace), by=None)
    line = Order.objects.get().lines.get()
    ledger.fulfil(line, quantity=Decimal(1), act=ledger.Act(by=None))
    ledger.reverse(line, quantity=Decimal(1), act=ledger.Act(by=None))

    deals.reopen(deal, by=None)

    assert Order.objects.get().item.outcome == "cancelled"


def test_second_win_leaves_cancelled_what_was_cancelled_for_another_reason() -> None:
    workspace = make.workspace()
    deal = deals.win(make.deal(workspace), by=None)
    line = Order.objects.get().lines.get()
    customer = ledger.Act(by=None, reason="customer")
    ledger.cancel(line, quantity=Decimal("0.25"), act=customer)

    deals.win(deals.reopen(deal, by=None), by=None)

    assert Order.objects.get().lines.get().remaining_value == Decimal(750)


def test_second_win_of_an_order_delivered_meanwhile_leaves_it() -> None:
    workspace = make.workspace()
    deal = deals.reopen(deals.win(make.deal(workspace), by=None), by=None)
    line = Order.objects.get().lines.get()
    ledger.reinstate(line, quantity=Decimal(1), act=ledger.Act(by=None))
    ledger.fulfil(line, quantity=Decimal(1), act=ledger.Act(by=None))

    deal = deals.win(deal, by=None)

    assert deal.item.outcome == "won"
    assert Order.objects.get().item.outcome == "fulfilled"


def test_amendment_is_proposed_once_however_often_the_deal_is_won() -> None:
    workspace = make.workspace()
    deal = deals.reopen(deals.win(make.deal(workspace), by=None), by=None)
    deals.change(deal, by=None, amount=Decimal(1500))

    deals.win(deals.reopen(deals.win(deal, by=None), by=None), by=None)

    assert Finding.objects.count() == 1
