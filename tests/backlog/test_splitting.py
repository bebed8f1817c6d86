"""Splits and merges move what is owed, and neither make nor lose any."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from penstock.backlog import holds, ledger, orders, splitting, work
from penstock.backlog.holds import Why
from penstock.backlog.ledger import Act
from penstock.backlog.models import Entry, Line, Order
from penstock.base.calendar import Window
from penstock.base.errors import RuleBroken
from penstock.flow import dating
from penstock.flow.models import Item, Kind, Link
from penstock.reports import backlog, statement
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
QUANTITIES = st.decimals("0.0001", "50", places=4)


def owed(*found: Order) -> tuple[Decimal, Decimal, Decimal | None]:
    """Quantity, value and hours that remain of some orders."""
    lines = Line.objects.filter(order__in=found)
    hours = [line.remaining_hours for line in lines]
    return (
        sum((line.remaining_quantity for line in lines), start=Decimal(0)),
        sum((line.remaining_value for line in lines), start=Decimal(0)),
        None if None in hours else sum(hours, start=Decimal(0)),
    )


def reread(order: Order) -> Order:
    return Order.objects.select_related("item__stage").get(pk=order.pk)


def two_of(workspace: Workspace) -> tuple[Order, Order]:
    acme = make.company(workspace)
    return make.order(workspace, company=acme), make.order(workspace, company=acme)


def test_split_parts_quantity_value_and_hours_and_keeps_customer_dates_and_age() -> None:
    workspace = make.workspace()
    order = make.order(
        workspace,
        at=MAY,
        company=make.company(workspace),
        reference="PO-1",
        promised_on=date(2026, 7, 1),
    )

    fresh = splitting.split(order, [(order.lines.get(), Decimal(3))], by=None)

    assert owed(order) == (Decimal(7), Decimal(35), Decimal(14))
    assert owed(fresh) == (Decimal(3), Decimal(15), Decimal(6))
    assert (fresh.company, fresh.reference, fresh.promised_on, fresh.accepted_at) == (
        order.company,
        "PO-1",
        date(2026, 7, 1),
        MAY,
    )
    assert [row.value for row in fresh.item.fieldchanges.filter(field="promised_on")] == [
        "2026-07-01"
    ]
    line = fresh.lines.get()
    assert (line.ordered_quantity, line.work_items.count()) == (Decimal(3), 1)
    assert order.lines.get().ordered_quantity == Decimal(7)


class TestConservation(TestCase):
    """A property: whatever is split off and merged again, the sum stays."""

    @given(
        quantity=QUANTITIES,
        price=st.decimals("0", "9999", places=4),
        discount=st.decimals("0", "1", places=6),
        hours=st.none() | st.decimals("0", "500", places=4),
        shares=st.lists(st.integers(1, 99), min_size=1, max_size=3),
    )
    def test_what_is_owed_together_stays_the_same(
        self,
        quantity: Decimal,
        price: Decimal,
        discount: Decimal,
        hours: Decimal | None,
        shares: list[int],
    ) -> None:
        workspace = make.workspace()
        new = orders.NewLine(
            title="Wheel",
            quantity=quantity,
            unit_price=price,
            discount_share=discount,
            hours=hours,
        )
        order = make.order(workspace, lines=[new], company=make.company(workspace))
        before, family = owed(order), [order]
        for share in shares:
            line = order.lines.get()
            part = (line.remaining_quantity * share / 100).quantize(Decimal("0.0001"))
            if 0 < part < line.remaining_quantity:
                family.append(splitting.split(order, [(line, part)], by=None))

        assert owed(*family) == before

        for other in family[1:]:
            splitting.merge(order, gone=other, by=None)

        assert owed(order) == before
        walls.leave()


def test_day_before_a_split_owes_it_in_one_order_and_the_statement_ties() -> None:
    workspace = make.workspace()
    with dating.lived(MAY):
        order = make.order(workspace)
    with dating.lived(MAY + timedelta(days=5)):
        splitting.split(order, [(order.lines.get(), Decimal(4))], by=None)
    owner = make.owner_of(workspace)

    before = backlog.on_day(owner, on=date(2026, 5, 3)).owed
    after = backlog.on_day(owner, on=date(2026, 5, 8)).owed
    window = Window(date(2026, 5, 2), date(2026, 5, 9), workspace.zone)
    found = statement.statement(owner, window)

    assert (before.n_orders, before.value) == (1, {"EUR": Decimal(50)})
    assert (after.n_orders, after.value) == (2, {"EUR": Decimal(50)})
    assert (found.orders.moved, found.value["EUR"].moved, found.hours.moved) == (1, 0, 0)
    assert (found.orders.accepted, found.orders.cancelled) == (0, 0)


def test_merge_moves_what_is_owed_and_the_other_ends_as_merged() -> None:
    workspace = make.workspace()
    order, gone = two_of(workspace)
    before = owed(order, gone)

    splitting.merge(order, gone=gone, by=None)

    assert owed(order) == before
    assert [line.position for line in order.lines.order_by("position")] == [1, 2]
    assert (reread(gone).item.outcome, reread(order).item.outcome) == ("merged", "")
    assert Link.objects.get(kind="merged").target_id == order.pk


def test_what_was_delivered_stays_with_the_order_that_delivered_it() -> None:
    order, gone = two_of(make.workspace())
    line = gone.lines.get()
    ledger.fulfil(line, quantity=Decimal(4), act=Act(by=None))

    splitting.merge(order, gone=gone, by=None)

    assert owed(order)[0] == Decimal(16)
    assert reread(gone).item.outcome == "fulfilled"
    ledger.return_goods(Line.objects.get(pk=line.pk), quantity=Decimal(1), act=Act(by=None))
    assert owed(gone)[0] == Decimal(1)


def test_order_of_which_a_part_was_cancelled_and_the_rest_moved_is_cancelled() -> None:
    order, gone = two_of(make.workspace())
    ledger.cancel(gone.lines.get(), quantity=Decimal(4), act=Act(by=None, reason="customer"))

    splitting.merge(order, gone=gone, by=None)

    assert reread(gone).item.outcome == "cancelled"


def test_holds_go_along() -> None:
    workspace = make.workspace()
    order, gone = two_of(workspace)
    holds.hold(gone, Why("payment", "customer"), by=None)
    fresh = splitting.split(gone, [(gone.lines.get(), Decimal(1))], by=None)

    splitting.merge(order, gone=gone, by=None)

    held = Item.objects.filter(is_blocked=True)
    moved = order.lines.get(position=2)
    assert {item.pk for item in held} == {fresh.pk, moved.work_items.get().pk}


def test_work_that_goes_as_a_whole_keeps_its_stage() -> None:
    workspace = make.workspace()
    order = make.order(workspace, lines=[make.line(), make.line()])
    first, second = order.lines.all()
    work.move(first.work_items.get(), to=make.stage(workspace, "in_work", Kind.WORK), by=None)

    fresh = splitting.split(order, [(first, Decimal(10)), (second, Decimal(1))], by=None)

    stages = [line.work_items.get().item.stage.code for line in fresh.lines.order_by("position")]
    assert stages == ["in_work", "to_do"]
    assert fresh.item.stage.code == "in_work"


def test_split_told_twice_with_one_source_key_is_one_split() -> None:
    order = make.order(make.workspace())
    parts = [(order.lines.get(), Decimal(3))]

    first = splitting.split(order, parts, by=None, source_key="shop:1")
    second = splitting.split(order, parts, by=None, source_key="shop:1")

    assert first.pk == second.pk
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (Decimal(11), "backlog.too_much"),
        (Decimal(10), "backlog.nothing_stays"),
        (Decimal(0), "backlog.quantity"),
        (Decimal(-1), "backlog.quantity"),
        (Decimal("0.00001"), "backlog.quantity"),
    ],
)
def test_impossible_split_is_refused_and_the_ledger_untouched(quantity: Decimal, code: str) -> None:
    order = make.order(make.workspace())

    with pytest.raises(RuleBroken) as refused:
        splitting.split(order, [(order.lines.get(), quantity)], by=None)

    assert refused.value.code == code
    assert (Entry.objects.count(), Order.objects.count()) == (1, 1)


def test_split_of_foreign_or_doubled_or_no_lines_is_refused() -> None:
    workspace = make.workspace()
    order, other = make.order(workspace), make.order(workspace)
    line, foreign = order.lines.get(), other.lines.get()

    codes = []
    for parts in ([], [(foreign, Decimal(1))], [(line, Decimal(1)), (line, Decimal(2))]):
        with pytest.raises(RuleBroken) as refused:
            splitting.split(order, parts, by=None)
        codes.append(refused.value.code)

    assert codes == ["backlog.nothing_moves", "backlog.line_elsewhere", "backlog.line_twice"]


def test_merge_of_what_does_not_belong_together_is_refused() -> None:
    workspace = make.workspace()
    order, same = two_of(workspace)
    acme = order.company
    dollars = make.order(workspace, company=acme, currency="USD")
    stranger = make.order(workspace, company=make.company(workspace, "Other"))
    closed = make.order(workspace, company=acme)
    orders.fulfil_all(closed, by=None)

    codes = []
    for gone in (order, dollars, stranger, closed):
        with pytest.raises(RuleBroken) as refused:
            splitting.merge(order, gone=gone, by=None)
        codes.append(refused.value.code)

    assert codes == [
        "backlog.merge_itself",
        "backlog.merge_currency",
        "backlog.merge_customer",
        "backlog.merge_closed",
    ]
    assert owed(same)[0] == Decimal(10)
