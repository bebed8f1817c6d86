"""Orders from files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from penstock.backlog.models import Entry, Line, Order, WorkItem
from penstock.flow.models import Blocker, Finding, Item
from penstock.intake import changesets
from penstock.reports import backlog
from penstock.users.models import Member
from tests import make
from tests.intake import build

HEAD = (
    "Order,Customer,Order Date,Required Date,Shipped Date,Status,"
    "Line,Product,Qty,Unit Price,Discount,Freight Value\n"
)
OPEN = "A1,Acme,2026-01-10,2026-02-10,,open,1,Wheel,3,100,10 %,12.5\n"
DONE = "A2,Brook,2026-01-11,,2026-01-20,open,1,Pump,1,250,,\n"


@pytest.fixture
def owner(db: None) -> Member:
    return make.owner_of(make.workspace())


def test_order_is_owed_with_its_lines_and_charges_when_imported(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + OPEN)

    owed = backlog.on_day(owner).owed
    assert (owed.n_orders, owed.n_lines) == (1, 2)
    assert owed.value == {"EUR": Decimal("282.5")}
    assert owed.goods == {"EUR": Decimal(270)}
    assert list(Line.objects.values_list("title", "sort")) == [
        ("Wheel", "goods"),
        ("Freight", "charge"),
    ]
    assert WorkItem.objects.get().item.title == "Wheel"


def test_delivered_order_is_fulfilled_with_its_work(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + DONE)

    order = Order.objects.select_related("item__stage").get()
    work = WorkItem.objects.select_related("item__stage").get().item
    assert (order.item.outcome, order.item.stage.code) == ("fulfilled", "done")
    assert order.fulfilled_at == datetime(2026, 1, 20, tzinfo=UTC)
    assert (work.outcome, work.stage.code) == ("completed", "done")
    assert list(Entry.objects.values_list("kind", "quantity", "value")) == [
        ("accepted", 1, 250),
        ("fulfilled", -1, -250),
    ]


def test_cancelled_order_without_time_leaves_as_it_came(owner: Member) -> None:
    change_set = build.applied(owner, "orders", HEAD + OPEN.replace("open", "canceled"))

    assert change_set.rows.get().notes == ["status_without_time"]
    kinds = Entry.objects.filter(line__sort="goods").values_list("kind", "occurred_at")
    accepted = datetime(2026, 1, 10, tzinfo=UTC)
    assert list(kinds) == [("accepted", accepted), ("cancelled", accepted)]


def test_impossible_dates_are_counted_and_owe_nothing_below_zero(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + DONE.replace("2026-01-20", "2026-01-05"))

    assert Finding.objects.get().code == "fulfilled_before_accepted"
    assert {row.occurred_at for row in Entry.objects.all()} == {datetime(2026, 1, 11, tzinfo=UTC)}


def test_delivery_without_acceptance_is_refused_and_counted(owner: Member) -> None:
    change_set = build.applied(owner, "orders", HEAD + DONE.replace("2026-01-11", ""))

    assert build.verdicts(change_set) == [(1, "reject", "no_acceptance")]
    assert Finding.objects.get().code == "no_acceptance"
    assert not Order.objects.exists()


def test_lines_in_a_file_of_their_own_take_the_state_of_their_order(owner: Member) -> None:
    heads = "Order,Order Date,Delivered\nA1,2026-01-10,\nA2,2026-01-11,2026-01-20\n"
    lines = "Order,Line,Item,Price\nA1,1,Wheel,100\nA2,1,Pump,250\nA3,1,Gate,1\n"
    build.applied(owner, "orders", heads)

    change_set = build.applied(owner, "order_lines", lines)

    assert build.verdicts(change_set) == [
        (1, "create", ""),
        (2, "create", ""),
        (3, "reject", "unknown_order"),
    ]
    assert list(Line.objects.values_list("title", "remaining_value")) == [
        ("Wheel", 100),
        ("Pump", 0),
    ]


def test_order_is_fulfilled_when_a_later_file_says_so(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + OPEN)
    later = OPEN.replace("2026-02-10,,", "2026-02-10,2026-02-01,")

    update = build.applied(owner, "orders", HEAD + later)
    again = build.applied(owner, "orders", HEAD + later)

    assert (update.counts, again.counts) == ({"update": 1}, {"same": 1})
    assert Item.objects.get(kind="order").outcome == "fulfilled"


def test_holds_are_taken_from_a_file_once_and_taken_back(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + OPEN)
    events = (
        "Order,Line,Event,Date,Reason\n"
        "A1,,hold,2026-01-15,payment\nA1,1,on hold,2026-01-16,rain\nA1,,released,2026-01-20,\n"
        "A1,9,hold,2026-01-21,payment\n"
    )

    first = build.applied(owner, "order_events", events)
    again = build.applied(owner, "order_events", events)
    told = [(row.cause, row.side) for row in Blocker.objects.order_by("pk")]
    changesets.revert_now(first, by=owner)

    assert first.counts == {"create": 3, "reject": 1}
    assert again.counts == {"same": 3, "reject": 1}
    assert told == [("payment", "customer"), ("rain", "ours"), ("", "")]
    assert not Item.objects.filter(is_blocked=True).exists()


def test_events_are_booked_in_the_ledger_once(owner: Member) -> None:
    build.applied(owner, "orders", HEAD + OPEN)
    events = (
        "Order,Line,Event,Qty,Date\n"
        "A1,1,delivered,2,2026-01-15\nA1,1,return,1,2026-01-18\nA1,1,delivered,9,2026-01-20\n"
    )

    first = build.applied(owner, "order_events", events)
    again = build.applied(owner, "order_events", events)

    assert build.verdicts(first) == [
        (1, "create", ""),
        (2, "create", ""),
        (3, "reject", "backlog.too_much"),
    ]
    assert again.counts == {"same": 2, "reject": 1}
    assert Line.objects.get(title="Wheel").remaining_quantity == 2
