"""The page of an order, and what is done there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.backlog import ledger, orders
from penstock.backlog.models import Entry, Line, Order
from penstock.flow.models import FieldChange, Finding
from penstock.sales import deals
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def test_order_shows_lines_dates_and_ledger(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, lines=[make.line("10", price="5", hours=None)])
    ledger.fulfil(order.lines.get(), quantity=Decimal(4), act=ledger.Act(by=None))

    answer = owner.get(f"orders/{order.item.key}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "€30 is still owed; no day was promised." in page
    assert "Unknown: estimate" in page
    assert "Accepted" in page


def test_order_as_of_a_day_shows_what_was_left_then(owner: Browser, workspace: Workspace) -> None:
    then = timezone.now() - timedelta(days=10)
    order = make.order(workspace, at=then)
    orders.fulfil_all(order, by=None, at=then + timedelta(days=5))
    day = (then + timedelta(days=2)).date()

    answer = owner.get(f"orders/{order.item.key}", on=day.isoformat())

    page = answer.content.decode()
    assert "€50 is still owed" in page
    assert "order-deliveries" not in page
    assert "Nothing can be changed here." in page


def test_order_of_a_future_day_is_refused(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    assert owner.get(f"orders/{order.item.key}", on="2999-01-01").status_code == 422
    assert owner.get(f"orders/{order.item.key}", on="soon").status_code == 422


def test_order_is_hidden_from_strangers(stranger: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    assert stranger.get(f"orders/{order.item.key}").status_code == 404


def test_viewer_sees_an_order_and_changes_nothing(viewer: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    line = order.lines.get()

    assert viewer.get(f"orders/{order.item.key}").status_code == 200
    assert viewer.post(f"lines/{line.pk}/fulfilments", quantity="1").status_code == 403
    assert viewer.post(f"orders/{order.item.key}/dates").status_code == 403
    assert viewer.post(f"orders/{order.item.key}/deliveries").status_code == 403
    assert viewer.post(f"orders/{order.item.key}/cancellations").status_code == 403
    assert Entry.objects.count() == 1


def test_queries_of_an_order_do_not_grow_with_its_lines(
    owner: Browser, workspace: Workspace, django_assert_num_queries: object
) -> None:
    one = make.order(workspace)
    three = make.order(workspace, lines=[make.line(), make.line(), make.line()])
    owner.get(f"orders/{one.item.key}")

    for order in (one, three):
        with django_assert_num_queries(23):  # type: ignore[operator]  # -- a fixture
            owner.get(f"orders/{order.item.key}")


@pytest.mark.parametrize(
    ("act", "answers", "left"),
    [
        ("fulfilments", {"quantity": "4"}, "6"),
        ("cancellations", {"quantity": "4", "reason": "customer"}, "6"),
        ("amendments", {"quantity": "-3"}, "7"),
        ("amendments", {"quantity": "2.5"}, "12.5"),
    ],
)
def test_act_changes_what_is_left(
    owner: Browser, workspace: Workspace, act: str, answers: dict[str, str], left: str
) -> None:
    line = make.order(workspace).lines.get()

    answer = owner.post(f"lines/{line.pk}/{act}", htmx=True, **answers)

    assert answer.status_code == 200
    assert Line.objects.get().remaining_quantity == Decimal(left)


@pytest.mark.parametrize(
    ("before", "act"),
    [("fulfilments", "reversals"), ("fulfilments", "returns"), ("cancellations", "reinstatements")],
)
def test_act_brings_back_what_left(
    owner: Browser, workspace: Workspace, before: str, act: str
) -> None:
    line = make.order(workspace).lines.get()
    owner.post(f"lines/{line.pk}/{before}", quantity="4", reason="customer")

    owner.post(f"lines/{line.pk}/{act}", quantity="3")

    assert Line.objects.get().remaining_quantity == Decimal(9)


def test_price_and_estimate_change_value_and_hours(owner: Browser, workspace: Workspace) -> None:
    line = make.order(workspace).lines.get()

    owner.post(f"lines/{line.pk}/prices", unit_price="7.50")
    owner.post(f"lines/{line.pk}/estimates", hours="33")

    line = Line.objects.get()
    assert (line.remaining_value, line.remaining_hours) == (Decimal(75), Decimal(33))


@pytest.mark.parametrize("quantity", ["11", "0", "-1", "many", "", "0.00001"])
def test_impossible_delivery_is_refused_and_the_ledger_untouched(
    owner: Browser, workspace: Workspace, quantity: str
) -> None:
    line = make.order(workspace).lines.get()

    answer = owner.post(f"lines/{line.pk}/fulfilments", htmx=True, quantity=quantity)

    assert answer.status_code == 422
    assert 'id="ask"' in answer.content.decode()
    assert Entry.objects.count() == 1


def test_unknown_act_is_not_found(owner: Browser, workspace: Workspace) -> None:
    line = make.order(workspace).lines.get()

    assert owner.get(f"lines/{line.pk}/burn").status_code == 404


def test_delivery_on_an_earlier_day_is_dated_there(owner: Browser, workspace: Workspace) -> None:
    then = timezone.now() - timedelta(days=10)
    line = make.order(workspace, at=then).lines.get()
    day = (then + timedelta(days=3)).date()

    owner.post(f"lines/{line.pk}/fulfilments", quantity="10", happened_on=day.isoformat())

    assert Entry.objects.get(kind="fulfilled").occurred_at.date() == day


def test_undo_of_a_delivery_takes_it_back(owner: Browser, workspace: Workspace) -> None:
    line = make.order(workspace).lines.get()

    answer = owner.post(f"lines/{line.pk}/fulfilments", htmx=True, quantity="10")

    assert f"/lines/{line.pk}/reversals" in answer.content.decode()


def test_dates_are_kept_with_their_history(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    path = f"orders/{order.item.key}/promises"
    owner.post(path, promised_on="2031-01-10")
    owner.post(path, promised_on="2031-02-10", cause="capacity")

    assert Order.objects.get().promised_on.isoformat() == "2031-02-10"
    values = FieldChange.objects.filter(field="promised_on").order_by("pk")
    assert [row.value for row in values] == ["2031-01-10", "2031-02-10"]


def test_wrong_date_is_refused(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    answer = owner.post(f"orders/{order.item.key}/dates", planned_on="someday")

    assert answer.status_code == 422
    assert Order.objects.get().planned_on is None


def test_delivery_books_each_line_by_its_quantity(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, lines=[make.line("10"), make.line("4")])
    first, second = order.lines.all()

    answer = owner.post(
        f"orders/{order.item.key}/deliveries",
        **{f"line_{first.pk}": "10", f"line_{second.pk}": "1"},
    )

    assert answer.status_code == 302
    assert [line.remaining_quantity for line in Line.objects.order_by("position")] == [0, 3]


def test_delivery_of_nothing_or_too_much_is_refused(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    line = order.lines.get()

    empty = owner.post(f"orders/{order.item.key}/deliveries", htmx=True)
    too_much = owner.post(
        f"orders/{order.item.key}/deliveries", htmx=True, **{f"line_{line.pk}": "11"}
    )

    assert (empty.status_code, too_much.status_code) == (422, 422)
    assert Entry.objects.count() == 1


def test_cancel_of_the_rest_closes_the_order(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    owner.post(f"orders/{order.item.key}/cancellations", reason="customer")

    assert Order.objects.get().item.outcome == "cancelled"
    assert Entry.objects.get(kind="cancelled").reason == "customer"


def test_amendment_gives_the_order_the_amount_of_its_deal(
    owner: Browser, workspace: Workspace
) -> None:
    deal = deals.reopen(deals.win(make.deal(workspace), by=None), by=None)
    deals.change(deal, by=None, amount=Decimal(1500))
    deals.win(deal, by=None)
    order, finding = Order.objects.get(), Finding.objects.get()
    page = owner.get(f"orders/{order.item.key}").content.decode()

    answer = owner.post(f"orders/{order.item.key}/proposals/{finding.pk}/accept")

    assert "won again with another amount" in page
    assert answer.status_code == 302
    assert order.lines.get().remaining_value == Decimal(1500)
    assert Finding.objects.get().withdrawn_at is not None


def test_proposal_can_be_dismissed_once(owner: Browser, workspace: Workspace) -> None:
    deal = deals.reopen(deals.win(make.deal(workspace), by=None), by=None)
    deals.change(deal, by=None, amount=Decimal(1500))
    deals.win(deal, by=None)
    order, finding = Order.objects.get(), Finding.objects.get()
    url = f"orders/{order.item.key}/proposals/{finding.pk}/dismiss"

    first, second = owner.post(url), owner.post(url)

    assert (first.status_code, second.status_code) == (302, 404)
    assert order.lines.get().remaining_value == Decimal(1000)


def test_operations_may_deliver_and_reps_may_not(workspace: Workspace) -> None:
    line = make.order(workspace).lines.get()
    hands = sign_in(make.member(workspace, role=Role.OPERATIONS))
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert rep.post(f"lines/{line.pk}/fulfilments", quantity="1").status_code == 403
    assert hands.post(f"lines/{line.pk}/fulfilments", quantity="1").status_code == 302
