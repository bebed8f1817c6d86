"""Splitting and merging on the page of an order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.backlog.models import Order
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def test_split_leads_to_the_new_order_and_both_name_each_other(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    line = order.lines.get()

    answer = owner.post(
        f"orders/{order.item.key}/splits", htmx=True, title="Rest", **{f"line_{line.pk}": "4"}
    )

    fresh = Order.objects.exclude(pk=order.pk).get()
    assert answer["HX-Redirect"].endswith(f"orders/{fresh.item.key}")
    assert fresh.item.title == "Rest"
    assert "Split off from" in owner.get(f"orders/{fresh.item.key}").content.decode()
    assert "Split into" in owner.get(f"orders/{order.item.key}").content.decode()


@pytest.mark.parametrize("quantity", ["", "10", "11", "-1", "many"])
def test_impossible_split_is_refused_in_place(
    owner: Browser, workspace: Workspace, quantity: str
) -> None:
    order = make.order(workspace)
    line = order.lines.get()

    answer = owner.post(
        f"orders/{order.item.key}/splits", htmx=True, title="X", **{f"line_{line.pk}": quantity}
    )

    assert answer.status_code == 422
    assert Order.objects.count() == 1


def test_merge_offers_open_orders_of_the_customer_and_takes_one_in(
    owner: Browser, workspace: Workspace
) -> None:
    acme = make.company(workspace)
    order = make.order(workspace, company=acme)
    other = make.order(workspace, company=acme, title="Second")
    make.order(workspace, company=make.company(workspace, "Else"), title="Foreign")

    asked = owner.get(f"orders/{order.item.key}/merges", htmx=True).content.decode()
    answer = owner.post(f"orders/{order.item.key}/merges", htmx=True, gone=str(other.pk))

    assert ["Second" in asked, "Foreign" in asked] == [True, False]
    assert answer.status_code == 200
    gone = owner.get(f"orders/{other.item.key}").content.decode()
    assert f"Nothing is owed here: all of it went into {order.item.key}." in gone
    assert "Split and merged" in owner.get("backlog/statement").content.decode()


def test_merge_with_anything_else_is_refused_in_place(owner: Browser, workspace: Workspace) -> None:
    acme = make.company(workspace)
    order = make.order(workspace, company=acme)
    foreign = make.order(workspace, company=make.company(workspace, "Else"))

    for gone in ("", "x", str(foreign.pk), str(order.pk)):
        answer = owner.post(f"orders/{order.item.key}/merges", htmx=True, gone=gone)
        assert answer.status_code == 422


def test_only_who_delivers_may_split_and_merge(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)

    for path in (f"orders/{order.item.key}/splits", f"orders/{order.item.key}/merges"):
        assert viewer.post(path).status_code == 403
        assert stranger.post(path).status_code == 404


def test_reopened_deal_takes_back_what_was_split_off(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, amount=Decimal(100))
    deals.win(deal, by=None)
    order = Order.objects.get()
    owner.post(f"lines/{order.lines.get().pk}/amendments", quantity="1")
    line = order.lines.get()
    owner.post(f"orders/{order.item.key}/splits", title="B", **{f"line_{line.pk}": "1"})

    deals.reopen(deal, by=None)

    assert set(Order.objects.values_list("item__outcome", flat=True)) == {"cancelled"}

    deals.win(deal, by=None)

    assert set(Order.objects.values_list("item__outcome", flat=True)) == {""}
