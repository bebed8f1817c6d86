"""What follows a delivery or a loss: planned once, carried out once, called off when things turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.backlog import ledger, orders
from penstock.base.errors import RuleBroken
from penstock.catalog import products
from penstock.flow import dating
from penstock.flow.models import Link
from penstock.sales import deals, followup_rules, followups
from penstock.sales.models import Deal, Followup, Survey
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@contextmanager
def in_days(n: int) -> Iterator[None]:
    with dating.lived(timezone.now() + timedelta(days=n)):
        yield


def planned() -> list[tuple[str, int]]:
    today = timezone.now().date()
    rows = Followup.objects.filter(done_at=None, cancelled_at=None).order_by("due_on", "pk")
    return [(row.act, (row.due_on - today).days) for row in rows]


def test_delivery_plans_what_each_rule_says_once() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, act="survey", after_days=7)
    make.followup_rule(workspace, act="renewal", name="Next year", after_days=330)
    order = make.delivered_order(workspace, deal=make.deal(workspace, amount="500"))

    ledger.reverse(order.lines.get(), quantity=Decimal(1), act=ledger.Act(by=None))
    orders.fulfil_all(order, by=None)

    assert planned() == [("survey", 7), ("renewal", 330)]
    assert Followup.objects.filter(cancelled_at__isnull=False).count() == 2


def test_part_delivery_plans_nothing() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace)
    order = make.order(workspace)

    ledger.fulfil(order.lines.get(), quantity=Decimal(4), act=ledger.Act(by=None))

    assert planned() == []


def test_delivery_taken_back_calls_off_what_is_planned() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace)
    order = make.delivered_order(workspace)

    ledger.return_goods(order.lines.get(), quantity=Decimal(2), act=ledger.Act(by=None))

    assert planned() == []


def test_rule_for_a_product_plans_only_where_it_was_delivered() -> None:
    workspace = make.workspace()
    wheel, axle = make.product(workspace, "Wheel"), make.product(workspace, "Axle")
    make.followup_rule(workspace, name="Wheels", product=wheel)
    make.followup_rule(workspace, name="Axles", product=axle)
    line = orders.NewLine(title="Axle", unit_price=Decimal(5), product=axle)

    orders.fulfil_all(make.order(workspace, lines=[line]), by=None)

    assert [row.rule.name for row in Followup.objects.all() if row.rule] == ["Axles"]


def test_retired_rule_plans_nothing_and_keeps_what_it_planned() -> None:
    workspace = make.workspace()
    rule = make.followup_rule(workspace)
    make.delivered_order(workspace)

    followup_rules.retire(followup_rules.retire(rule, by=None), by=None)
    make.delivered_order(workspace)

    assert planned() == [("survey", 7)]


def test_delivery_told_long_after_plans_nothing() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, after_days=7)
    long_ago = timezone.now() - timedelta(days=60)
    order = make.order(workspace, at=long_ago)

    orders.fulfil_all(order, by=None, at=long_ago + timedelta(days=1))

    assert planned() == []


def test_renewal_opens_a_deal_of_the_same_customer_owner_and_worth() -> None:
    workspace = make.workspace()
    owner, company = make.member(workspace), make.company(workspace)
    deal = make.deal(workspace, amount="500", owner=owner, company=company)
    make.followup_rule(workspace, act="renewal", after_days=30, close_days=14)
    order = make.delivered_order(workspace, deal=deal)

    with in_days(30):
        n_done = followups.carry_out_due(workspace)
        again = followups.carry_out_due(workspace)

    opened = Deal.objects.exclude(pk=deal.pk).get()
    today = timezone.now().date()
    assert (n_done, again) == (1, 0)
    assert opened.item.title == "Renewal: A wheel for Acme"
    assert (opened.amount, opened.company, opened.item.owner) == (Decimal(500), company, owner)
    assert opened.close_on == today + timedelta(days=44)
    assert Link.objects.get(kind="renewed").source_id == order.pk
    assert Followup.objects.get().opened_id == opened.pk


def test_renewal_of_an_order_without_a_deal_is_worth_what_was_ordered() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, act="renewal", after_days=1)
    make.delivered_order(workspace)

    with in_days(1):
        followups.carry_out_due(workspace)

    assert Deal.objects.get().amount == Decimal(50)


def test_upsell_offers_its_product_at_the_price_of_the_day() -> None:
    workspace = make.workspace()
    offer = make.product(workspace, "Service")
    products.price(offer, amount=Decimal(99), currency="EUR", valid_from=timezone.now().date())
    make.followup_rule(workspace, act="upsell", offer=offer, after_days=5)
    make.delivered_order(workspace)

    with in_days(5):
        followups.carry_out_due(workspace)

    opened = Deal.objects.get()
    assert (opened.item.title, opened.product, opened.amount) == (
        "Service after “Wheels”",
        offer,
        Decimal(99),
    )


def test_lost_deal_is_won_back_by_the_rule_for_its_reason() -> None:
    workspace = make.workspace()
    price = make.loss_reason(workspace, "price")
    make.followup_rule(workspace, act="win_back", name="Price", reason=price, after_days=90)
    other = make.loss_reason(workspace, "no_decision")

    deals.lose(make.deal(workspace), reason=other, by=None)
    lost = make.deal(workspace)
    deals.lose(lost, reason=price, by=None)
    with in_days(90):
        followups.carry_out_due(workspace)

    link = Link.objects.get(kind="won_back")
    assert link.source_id == lost.pk
    assert Deal.objects.get(pk=lost.pk).item.outcome == "lost"
    assert Deal.objects.get(pk=link.target_id).item.title == "Win back: A wheel for Acme"


def test_reopened_deal_is_not_won_back() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, act="win_back", after_days=90)
    lost = make.deal(workspace)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    deals.reopen(lost, by=None)

    assert planned() == []


def test_survey_two_weeks_late_is_called_off_and_not_asked() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, after_days=7)
    make.delivered_order(workspace)

    with in_days(7 + 15):
        n_done = followups.carry_out_due(workspace)

    assert n_done == 0
    assert not Survey.objects.exists()
    assert planned() == []


def test_planned_act_is_called_off_restored_and_not_called_off_once_done() -> None:
    workspace = make.workspace()
    row = make.followup(workspace)

    followups.cancel(followups.cancel(row, by=None), by=None)
    assert planned() == []
    followups.restore(row, by=None)
    with in_days(7):
        followups.carry_out_due(workspace)

    with pytest.raises(RuleBroken, match="carried out already"):
        followups.cancel(row, by=None)


@pytest.mark.parametrize(
    ("act", "days", "code"),
    [
        ("survey", -1, "sales.followup_past"),
        ("win_back", 1, "sales.followup_source"),
        ("upsell", 1, "sales.upsell_by_rule"),
    ],
)
def test_plan_is_refused(act: str, days: int, code: str) -> None:
    order = make.delivered_order(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        followups.plan(
            order.item, act=act, on=timezone.now().date() + timedelta(days=days), by=None
        )

    assert refusal.value.code == code


def test_same_act_is_planned_once_at_a_time() -> None:
    workspace = make.workspace()
    row = make.followup(workspace)

    with pytest.raises(RuleBroken) as refusal:
        followups.plan(row.source, act="survey", on=row.due_on, by=None)

    assert refusal.value.code == "sales.followup_planned"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"act": "survey", "name": "  "}, "flow.name_missing"),
        ({"act": "upsell", "name": "Offer"}, "sales.rule_offer"),
        ({"act": "survey", "name": "Late", "after_days": 99_999}, "sales.rule_days"),
        ({"act": "dance", "name": "Dance"}, "sales.rule_act"),
    ],
)
def test_rule_is_refused(details: dict[str, object], code: str) -> None:
    workspace: Workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        make.followup_rule(workspace, **details)  # type: ignore[arg-type]  # -- a wrong act is the point

    assert refusal.value.code == code
