"""An order goes before others, with its bill, within a limit; tiers and deposits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.backlog import deposits, expediting, ledger, orders, pulling
from penstock.backlog.dates import Why
from penstock.backlog.deposits import Told
from penstock.backlog.expediting import Bill
from penstock.backlog.models import Deposit, Expedite, Order, Overtaken
from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts import tiers
from penstock.contacts.models import TierChange
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

WHY = Why("standstill", "Their mill stands still.")
NOBODY = Told(by=None)
MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def limited(workspace: Workspace, limit: int) -> Workspace:
    Workspace.objects.filter(pk=workspace.pk).update(expedite_limit=limit)
    workspace.refresh_from_db()
    return workspace


def test_order_goes_first_and_keeps_who_pays_for_it() -> None:
    workspace = make.workspace()
    passed, order = make.order(workspace), make.order(workspace)

    row = expediting.expedite(
        order, WHY, bill=Bill(Decimal(20), {passed.pk: Decimal("2.5")}), by=None
    )

    assert Order.objects.get(pk=order.pk).is_expedited
    assert (row.cause, row.n_overtaken, row.hours, row.days) == (
        "standstill",
        1,
        Decimal(20),
        Decimal("2.5"),
    )
    assert row.wording.text == "Their mill stands still."
    assert [(one.order_id, one.days) for one in row.overtaken.all()] == [
        (passed.pk, Decimal("2.5"))
    ]


def test_repeated_expedite_is_one() -> None:
    order = make.order(make.workspace())

    rows = {expediting.expedite(order, WHY, bill=Bill(), by=None).pk for _twice in range(2)}

    assert (len(rows), Expedite.objects.count()) == (1, 1)


def test_limit_of_the_workspace_holds_until_one_waits_again() -> None:
    workspace = limited(make.workspace(), 1)
    one, other = make.order(workspace), make.order(workspace)
    expediting.expedite(one, WHY, bill=Bill(), by=None)

    with pytest.raises(RuleBroken, match="Only 1 order may go before all others") as refusal:
        expediting.expedite(other, WHY, bill=Bill(), by=None)
    assert refusal.value.code == "backlog.expedite_limit"
    assert (Overtaken.objects.count(), Expedite.objects.count()) == (0, 1)

    expediting.calm(one, by=None)
    expediting.expedite(other, WHY, bill=Bill(), by=None)
    assert [order.is_expedited for order in Order.objects.order_by("pk")] == [False, True]


def test_delivered_order_no_longer_takes_a_place() -> None:
    workspace = limited(make.workspace(), 1)
    one, other = make.order(workspace), make.order(workspace)
    expediting.expedite(one, WHY, bill=Bill(), by=None)
    orders.fulfil_all(one, by=None)

    expediting.expedite(other, WHY, bill=Bill(), by=None)

    assert expediting.n_running(workspace.pk) == 1


def test_limit_of_nothing_lets_nobody_go_first() -> None:
    order = make.order(limited(make.workspace(), 0))

    with pytest.raises(RuleBroken) as refusal:
        expediting.expedite(order, WHY, bill=Bill(), by=None)

    assert refusal.value.code == "backlog.expedite_limit"


def test_order_of_which_nothing_is_owed_and_unknown_cause_are_refused() -> None:
    order = make.order(make.workspace())

    with pytest.raises(RuleBroken, match="Say why"):
        expediting.expedite(order, Why("weather"), bill=Bill(), by=None)
    orders.fulfil_all(order, by=None)
    with pytest.raises(RuleBroken, match="Nothing of it is owed"):
        expediting.expedite(order, WHY, bill=Bill(), by=None)


def test_order_that_waits_for_its_turn_stays_so() -> None:
    order = make.order(make.workspace())

    assert expediting.calm(order, by=None) is None
    assert Expedite.objects.count() == 0


def test_its_work_is_handed_out_first() -> None:
    workspace = make.workspace()
    soon = make.order(workspace, promised_on=date(2031, 1, 10))
    late = make.order(workspace, promised_on=date(2031, 2, 10))
    expediting.expedite(late, WHY, bill=Bill(), by=None)

    found = pulling.workable(make.owner_of(workspace))

    assert [work.line.order_id for work in found] == [late.pk, soon.pk]


def test_days_that_nobody_can_tell_are_in_no_sum() -> None:
    assert Bill(None, {1: None, 2: Decimal(1)}).all_days is None
    assert Bill(None, {}).all_days == 0


def test_tier_has_a_history() -> None:
    company = make.company(make.workspace())

    tiers.assign(company, "a", by=None, at=MAY)
    tiers.assign(company, "b", by=None)
    tiers.assign(company, "b", by=None)
    tiers.assign(company, "c", by=None, at=MAY - timedelta(days=1))

    company.refresh_from_db()
    assert company.tier == "b"
    rows = TierChange.objects.order_by("occurred_at", "pk").values_list("tier", flat=True)
    assert list(rows) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("tier", "at", "code"),
    [("x", None, "contacts.tier"), ("a", datetime(2999, 1, 1, tzinfo=UTC), "contacts.tier_future")],
)
def test_tier_that_cannot_be_is_refused(tier: str, at: datetime | None, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        tiers.assign(make.company(make.workspace()), tier, by=None, at=at)

    assert (refusal.value.code, TierChange.objects.count()) == (code, 0)


def test_deposit_is_received_refunded_and_taken_back() -> None:
    order = make.order(make.workspace())
    row = deposits.receive(order, amount=Decimal(25), told=NOBODY)
    back = deposits.refund(order, amount=Decimal(10), told=NOBODY)
    assert deposits.held(order.pk) == 15

    with pytest.raises(RuleBroken) as refusal:
        deposits.withdraw(row, by=None)
    assert refusal.value.code == "backlog.refund_too_much"
    for _twice in range(2):
        deposits.withdraw(back, by=None)
    assert deposits.held(order.pk) == 25
    deposits.withdraw(row, by=None)
    assert deposits.held(order.pk) == 0


@pytest.mark.parametrize("amount", ["0", "-1", "0.00001", "1e30"])
def test_amount_that_is_none_is_refused(amount: str) -> None:
    order = make.order(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        deposits.receive(order, amount=Decimal(amount), told=NOBODY)

    assert (refusal.value.code, Deposit.objects.count()) == ("backlog.deposit_amount", 0)


def test_more_than_is_held_cannot_be_refunded() -> None:
    order = make.order(make.workspace())
    deposits.receive(order, amount=Decimal(25), told=NOBODY)

    with pytest.raises(RuleBroken, match="Only 25 is held"):
        deposits.refund(order, amount=Decimal(26), told=NOBODY)


def test_repeated_payment_counts_once_and_another_by_its_key_is_refused() -> None:
    order = make.order(make.workspace())
    told = Told(by=None, source_key="bank:1")
    for _twice in range(2):
        deposits.receive(order, amount=Decimal(25), told=told)

    with pytest.raises(Conflict):
        deposits.receive(order, amount=Decimal(26), told=told)

    assert deposits.held(order.pk) == 25


def test_cancelling_gives_back_what_pays_for_no_delivery() -> None:
    order = make.order(make.workspace())
    deposits.receive(order, amount=Decimal(25), told=NOBODY)
    ledger.fulfil(order.lines.get(), quantity=Decimal(3), act=ledger.Act(by=None))
    assert deposits.due_back(order) == 10

    deposits.cancel(order, reason="customer", pay_back=Decimal(10), told=NOBODY)

    assert (deposits.held(order.pk), order.lines.get().remaining_quantity) == (15, 0)


def test_refund_that_is_too_much_cancels_nothing() -> None:
    order = make.order(make.workspace())
    deposits.receive(order, amount=Decimal(25), told=NOBODY)

    with pytest.raises(RuleBroken):
        deposits.cancel(order, reason="customer", pay_back=Decimal(26), told=NOBODY)

    assert order.lines.get().remaining_quantity == 10
