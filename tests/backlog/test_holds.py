"""Orders and lines wait and are released; one truth, on any day, as it was known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.backlog import holds, ledger, orders
from penstock.backlog.holds import Why
from penstock.backlog.ledger import Act
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import Conflict, RuleBroken
from penstock.flow import dating
from penstock.flow.models import Blocker, Item
from penstock.reports import backlog
from penstock.reports import holds as reports
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
PAYMENT = Why("payment", "customer")
NO_MATERIAL = Why("material", "supplier")
MATERIAL = Why("material", "supplier", until=date(2026, 6, 1))


def days(n: int) -> datetime:
    return MAY + timedelta(days=n)


def is_held(order: Order) -> bool:
    return Item.objects.get(pk=order.pk).is_blocked


def parts(
    workspace: Workspace, day: date | None = None, known: date | None = None
) -> dict[str, object]:
    """Orders, lines, value that can be worked on, and those that wait, by side."""
    owner = make.owner_of(workspace)
    whole = backlog.on_day(owner, on=day, known=known)
    found = reports.of(whole, member=owner)
    assert found.n_orders + found.workable.n_orders == whole.owed.n_orders
    return {
        "workable": (found.workable.n_orders, found.workable.n_lines, found.workable.value),
        **{
            part.side: (part.owed.n_orders, part.owed.n_lines, part.owed.value)
            for part in found.held
        },
    }


def test_hold_leaves_the_ledger_and_the_standing_alone() -> None:
    order = make.order(make.workspace())
    before = Order.objects.select_related("item").get().item.stage_id

    row = holds.hold(order, PAYMENT, by=None)

    assert (row.cause, row.side, row.until) == ("payment", "customer", None)
    assert is_held(order)
    assert Entry.objects.count() == 1
    assert Order.objects.select_related("item").get().item.stage_id == before


def test_release_ends_a_hold_and_nothing_else() -> None:
    order = make.order(make.workspace())
    assert holds.release(order, by=None) is None

    holds.hold(order, PAYMENT, by=None)
    holds.release(order, by=None)

    assert not is_held(order)
    assert [row.cause for row in Blocker.objects.order_by("pk")] == ["payment", ""]


def test_held_again_it_has_another_cause_from_then_on() -> None:
    workspace = make.workspace()
    order = make.order(workspace, at=MAY)

    holds.hold(order, PAYMENT, by=None, at=days(1))
    holds.hold(order, Why("question", "ours"), by=None, at=days(3))

    whole = {"EUR": Decimal(50)}
    none = (0, 0, {"EUR": Decimal(0)})
    assert parts(workspace, days(2).date()) == {"workable": none, "customer": (1, 1, whole)}
    assert parts(workspace, days(4).date()) == {"workable": none, "ours": (1, 1, whole)}


def test_held_line_waits_alone_and_the_order_counts_as_workable() -> None:
    workspace = make.workspace()
    order = make.order(workspace, lines=[make.line("10", price="5"), make.line("1", price="7")])
    first, second = order.lines.all()

    holds.hold_line(first, NO_MATERIAL, by=None)

    assert parts(workspace) == {
        "workable": (1, 1, {"EUR": Decimal(7)}),
        "supplier": (0, 1, {"EUR": Decimal(50)}),
    }

    holds.hold_line(second, PAYMENT, by=None)

    assert parts(workspace) == {
        "workable": (0, 0, {"EUR": Decimal(0)}),
        "customer": (1, 1, {"EUR": Decimal(7)}),
        "supplier": (0, 1, {"EUR": Decimal(50)}),
    }


def test_charge_waits_with_all_goods_of_its_order_and_not_alone() -> None:
    workspace = make.workspace()
    order = make.order(
        workspace, lines=[make.line("10", price="5"), make.line("1", price="7", sort="charge")]
    )
    goods, charge = order.lines.all()

    with pytest.raises(RuleBroken) as refused:
        holds.hold_line(charge, PAYMENT, by=None)
    holds.hold_line(goods, PAYMENT, by=None)

    assert refused.value.code == "backlog.charge_held"
    assert parts(workspace) == {
        "workable": (0, 0, {"EUR": Decimal(0)}),
        "customer": (1, 2, {"EUR": Decimal(57)}),
    }


def test_hold_known_later_is_told_only_of_then_on() -> None:
    """It waited since the second day; the company learns of it today."""
    workspace = make.workspace()
    with dating.lived(MAY):
        order = make.order(workspace)
    with dating.lived(days(9)):
        holds.hold(order, PAYMENT, by=None, at=days(2))

    assert set(parts(workspace, days(4).date())) == {"workable", "customer"}
    assert set(parts(workspace, days(4).date(), known=days(4).date())) == {"workable"}


def test_delivering_all_ends_the_holds_and_a_return_does_not_bring_them_back() -> None:
    workspace = make.workspace()
    order = make.order(workspace, lines=[make.line(), make.line()])
    first, _second = order.lines.all()
    holds.hold(order, PAYMENT, by=None)
    holds.hold_line(first, PAYMENT, by=None)

    orders.fulfil_all(order, by=None)
    ledger.return_goods(Line.objects.get(pk=first.pk), quantity=Decimal(1), act=Act(by=None))

    assert not Item.objects.filter(is_blocked=True).exists()
    assert set(parts(workspace)) == {"workable"}


def test_told_twice_with_one_source_key_it_is_one_hold() -> None:
    order = make.order(make.workspace())

    first = holds.hold(order, PAYMENT, by=None, source_key="shop:7")
    second = holds.hold(order, PAYMENT, by=None, source_key="shop:7")

    assert first.pk == second.pk
    with pytest.raises(Conflict) as refused:
        holds.hold(make.order(order.workspace), PAYMENT, by=None, source_key="shop:7")
    assert refused.value.code == "flow.source_key"
    assert Blocker.objects.count() == 1


@pytest.mark.parametrize(
    ("why", "at", "code"),
    [
        (Why("", "ours"), None, "flow.cause_missing"),
        (Why("payment", "nobody"), None, "flow.cause_missing"),
        (Why("payment", "ours", until=date(2026, 1, 1)), None, "flow.until_before"),
        (Why("payment", "ours"), datetime(2999, 1, 1, tzinfo=UTC), "flow.future"),
        (Why("payment", "ours"), MAY - timedelta(days=1), "flow.before_opening"),
    ],
)
def test_impossible_hold_is_refused_and_nothing_written(
    why: Why, at: datetime | None, code: str
) -> None:
    order = make.order(make.workspace(), at=MAY)

    with pytest.raises(RuleBroken) as refused:
        holds.hold(order, why, by=None, at=at)

    assert refused.value.code == code
    assert not Blocker.objects.exists()


def test_what_is_not_owed_cannot_be_held() -> None:
    order = make.order(make.workspace())
    orders.fulfil_all(order, by=None)

    for act in (
        lambda: holds.hold(order, PAYMENT, by=None),
        lambda: holds.hold_line(order.lines.get(), PAYMENT, by=None),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "backlog.nothing_to_hold"


def test_release_before_the_hold_is_refused() -> None:
    order = make.order(make.workspace(), at=MAY)
    holds.hold(order, MATERIAL, by=None, at=days(3))

    with pytest.raises(RuleBroken) as refused:
        holds.release(order, by=None, at=days(2))

    assert refused.value.code == "flow.clear_before"
    assert is_held(order)
