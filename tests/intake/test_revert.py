"""Taking imports back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from penstock.backlog.models import Line
from penstock.base.errors import Conflict
from penstock.catalog import products
from penstock.contacts.models import Company
from penstock.flow.models import Item
from penstock.intake import changesets
from penstock.reports import backlog, pipeline
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make
from tests.intake import build

DEALS = """Deal ID,Deal Name,Account,Stage,Created Date,Close Date,Amount
1,Wheel,Acme,Negotiation,2026-01-10,,500
2,Pump,Brook,Won,2026-01-12,2026-02-01,800
3,Gate,Acme,Lost,2026-01-13,2026-02-02,
"""
ORDERS = """Order,Customer,Order Date,Shipped Date,Product,Quantity,Price
A1,Acme,2026-01-10,,Wheel,3,100
A2,Brook,2026-01-11,2026-01-20,Pump,1,250
"""


@pytest.fixture
def workspace(db: None) -> Workspace:
    workspace = make.workspace()
    make.deal(workspace, amount="700")
    make.order(workspace)
    return workspace


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


def held(member: Member) -> tuple[Any, ...]:
    on_day, owed = pipeline.on_day(member), backlog.on_day(member)
    return (
        on_day.total.n,
        on_day.total.sums,
        {stage.code: (stage.held.n, stage.held.sums) for stage in on_day.stages},
        owed.owed,
        owed.by_company,
        Company.objects.filter(withdrawn_at=None).count(),
    )


def test_reports_are_as_before_when_deals_and_orders_are_taken_back(owner: Member) -> None:
    before = held(owner)
    deals = build.applied(owner, "deals", DEALS)
    orders = build.applied(owner, "orders", ORDERS)
    between = held(owner)

    changesets.revert_now(orders, by=owner)
    changesets.revert_now(deals, by=owner)

    assert between != before
    assert held(owner) == before
    assert Item.objects.present().count() == 3


def test_same_file_can_be_imported_again_when_it_was_taken_back(owner: Member) -> None:
    changesets.revert_now(build.applied(owner, "deals", DEALS), by=owner)

    again = build.applied(owner, "deals", DEALS)

    assert again.generation == 2
    assert again.counts == {"create": 3}
    assert Deal.objects.filter(item__withdrawn_at=None).count() == 4


def test_updated_deal_is_as_before_when_the_update_is_taken_back(owner: Member) -> None:
    build.applied(owner, "deals", DEALS)
    changed = DEALS.replace("Negotiation,2026-01-10,,500", "Won,2026-01-10,2026-03-01,900")
    update = build.applied(owner, "deals", changed)
    deal = Deal.objects.select_related("item__stage").get(item__title="Wheel")
    stood = (deal.amount, deal.item.outcome, deal.item.stage.code)

    changesets.revert_now(update, by=owner)

    deal = Deal.objects.select_related("item__stage").get(item__title="Wheel")
    assert stood == (Decimal("900"), "won", "follow_up")
    assert (deal.amount, deal.item.outcome, deal.item.stage.code) == (
        Decimal("500"),
        "",
        "negotiation",
    )


def test_order_is_open_again_when_its_events_are_taken_back(owner: Member) -> None:
    build.applied(owner, "orders", ORDERS)
    events = build.applied(
        owner, "order_events", "Order,Event,Quantity,Date\nA1,delivered,2,2026-01-15\n"
    )
    left = Line.objects.get(title="Wheel", order__reference="A1").remaining_quantity

    changesets.revert_now(events, by=owner)

    line = Line.objects.select_related("order__item__stage").get(order__reference="A1")
    assert left == Decimal(1)
    assert (line.remaining_quantity, line.remaining_value) == (Decimal(3), Decimal(300))
    assert line.order.item.stage.code == "accepted"


def test_company_has_its_former_details_when_a_change_is_taken_back(owner: Member) -> None:
    build.applied(owner, "companies", "Name,City\nAcme,Bern\n")
    change = build.applied(owner, "companies", "Name,City\nAcme,Basel\n")

    changesets.revert_now(change, by=owner)

    assert Company.objects.get(name="Acme").city == "Bern"


def test_product_costs_what_it_did_when_its_new_price_is_taken_back(
    owner: Member, workspace: Workspace
) -> None:
    wheel, pump = make.product(workspace), make.product(workspace, "Pump")
    make.price(workspace, wheel, amount="100")
    day = date(2026, 6, 1)
    text = (
        "Name,Price,Currency,Price valid from\nWheel,120,EUR,2026-06-01\nPump,70,EUR,2026-06-01\n"
    )
    first = build.applied(owner, "products", text)
    changesets.revert_now(first, by=owner)
    cost = [products.price_on(one, day=day, currency="EUR") for one in (wheel, pump)]
    again = build.applied(owner, "products", text)
    later = products.price(wheel, amount=Decimal(130), currency="EUR", valid_from=day)
    changesets.revert_now(again, by=owner)

    assert cost == [Decimal(100), None]
    assert products.price_on(wheel, day=day, currency="EUR") == later.amount


def test_company_stays_when_a_deal_of_others_uses_it(owner: Member, workspace: Workspace) -> None:
    change_set = build.applied(owner, "companies", "Name,City\nAcme,Bern\nBrook,Thun\n")
    make.deal(workspace, company=Company.objects.get(name="Acme"))

    changesets.revert_now(change_set, by=owner)

    assert list(Company.objects.filter(withdrawn_at=None).values_list("name")) == [("Acme",)]


def test_taking_back_is_refused_when_it_was_done_already(owner: Member) -> None:
    change_set = build.applied(owner, "deals", DEALS)
    changesets.revert_now(change_set, by=owner)

    with pytest.raises(Conflict) as refusal:
        changesets.revert_now(change_set, by=owner)

    assert refusal.value.code == "intake.not_applied"
