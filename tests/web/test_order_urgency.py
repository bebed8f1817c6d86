"""Expedite with its bill, customer tiers and deposits on the pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.backlog import deposits, expediting, holds
from penstock.backlog.dates import Why
from penstock.backlog.deposits import Told
from penstock.backlog.expediting import Bill
from penstock.backlog.models import Deposit, Order
from penstock.contacts import tiers
from penstock.reports import overtaking
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()


def in_days(n: int) -> object:
    return TODAY + timedelta(days=n)


def queue_of(workspace: Workspace) -> tuple[Order, Order, Order]:
    """Three orders of twenty hours each, in the order of the queue; a team works forty hours a week."""
    make.place(workspace, from_on=TODAY - timedelta(days=30))
    first = make.order(workspace, promised_on=in_days(3), title="First")
    held = make.order(workspace, promised_on=in_days(4), title="Held")
    holds.hold(held, holds.Why("payment", "customer"), by=None)
    last = make.order(workspace, promised_on=in_days(60), title="Last")
    return first, held, last


def test_bill_is_said_before_and_kept(owner: Browser, workspace: Workspace) -> None:
    first, _held, last = queue_of(workspace)

    asked = owner.get(f"orders/{last.item.key}/expedite", htmx=True).content.decode()
    answer = owner.post(f"orders/{last.item.key}/expedite", htmx=True, cause="standstill")

    assert f"1 order waits longer: {first.item.key}." in asked
    assert "20 hours of work come before theirs" in asked
    assert answer.status_code == 200
    row = last.item.expedites.get()
    assert (row.n_overtaken, row.hours, row.overtaken.get().order_id) == (1, 20, first.pk)
    assert row.days is not None
    assert 2 < row.days < 7
    page = owner.get(f"orders/{first.item.key}").content.decode()
    assert f"{last.item.key} was put before it" in page


def test_bill_names_promises_that_will_be_missed(workspace: Workspace) -> None:
    make.place(workspace, from_on=TODAY - timedelta(days=30))
    make.order(workspace, promised_on=in_days(3), lines=[make.line(hours="8")])
    last = make.order(workspace, promised_on=in_days(60), lines=[make.line(hours="200")])

    found = overtaking.bill(make.owner_of(workspace), last)

    assert (found.n_missing, found.problem) == (1, "")


@pytest.mark.parametrize(
    ("hours", "places", "problem"),
    [(None, 1, "no_hours"), ("20", 0, "no_capacity"), ("9000", 1, "horizon")],
)
def test_bill_says_why_days_cannot_be_told(
    workspace: Workspace, hours: str | None, places: int, problem: str
) -> None:
    for _place in range(places):
        make.place(workspace, from_on=TODAY - timedelta(days=30))
    make.order(workspace, promised_on=in_days(3))
    last = make.order(workspace, lines=[make.line(hours=hours)])

    found = overtaking.bill(make.owner_of(workspace), last)

    assert (found.problem, found.bill.n_overtaken, found.bill.all_days) == (problem, 1, None)


def test_full_lane_is_said_in_the_dialog(owner: Browser, workspace: Workspace) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(expedite_limit=0)
    order = make.order(workspace)

    answer = owner.post(f"orders/{order.item.key}/expedite", htmx=True, cause="late")

    assert answer.status_code == 422
    assert "may go before all others" in answer.content.decode()


def test_queue_puts_it_first_marks_it_and_finds_it(owner: Browser, workspace: Workspace) -> None:
    first, held, last = queue_of(workspace)
    expediting.expedite(last, Why("late"), bill=Bill(), by=None)

    page = owner.get("backlog")

    assert [row.key for row in page.context["rows"]] == [
        order.item.key for order in (last, first, held)
    ]
    assert "before its turn" in page.content.decode()
    only = owner.get("backlog", first="1").context["rows"]
    assert [row.key for row in only] == [last.item.key]


def test_queue_of_a_past_day_knows_who_went_first_then(
    owner: Browser, workspace: Workspace
) -> None:
    at = timezone.now() - timedelta(days=10)
    order = make.order(workspace, at=at)
    expediting.expedite(order, Why("late"), bill=Bill(), by=None, at=at + timedelta(days=2))
    expediting.calm(order, by=None)

    def then(days: int) -> list[bool]:
        day = (at + timedelta(days=days)).date().isoformat()
        return [row.is_expedited for row in owner.get("backlog", on=day).context["rows"]]

    assert (then(1), then(3)) == ([False], [True])
    assert [row.is_expedited for row in owner.get("backlog").context["rows"]] == [False]


def test_order_is_calmed_again(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    owner.post(f"orders/{order.item.key}/expedite", cause="late")

    owner.post(f"orders/{order.item.key}/calm")

    assert Order.objects.get().is_expedited is False


def test_queue_is_asked_for_a_tier_now_and_then(owner: Browser, workspace: Workspace) -> None:
    at = timezone.now() - timedelta(days=10)
    acme, other = make.company(workspace), make.company(workspace, "Other")
    order = make.order(workspace, company=acme, at=at)
    make.order(workspace, company=other, at=at)
    tiers.assign(acme, "a", by=None, at=at)
    tiers.assign(acme, "b", by=None)

    day = (at + timedelta(days=3)).date().isoformat()

    assert [row.key for row in owner.get("backlog", tier="b").context["rows"]] == [order.item.key]
    then = owner.get("backlog", tier="a", on=day).context["rows"]
    assert [(row.key, row.tier) for row in then] == [(order.item.key, "a")]
    assert len(owner.get("backlog", tier="zzz").context["rows"]) == 2


def test_tier_is_given_on_the_page_of_the_company(owner: Browser, workspace: Workspace) -> None:
    company = make.company(workspace)

    owner.post(f"companies/{company.pk}/tier", tier="a")
    refused = owner.post(
        f"companies/{company.pk}/tier", htmx=True, tier="a", happened_on="2999-01-01"
    )

    company.refresh_from_db()
    assert (company.tier, refused.status_code) == ("a", 422)
    assert "Tier A" in owner.get(f"companies/{company.pk}").content.decode()


def test_deposit_stands_against_the_value_of_the_order(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    key = order.item.key

    owner.post(f"orders/{key}/deposits", amount="20")
    owner.post(f"orders/{key}/refunds", amount="5")

    page = owner.get(f"orders/{key}")
    found = page.context["state"].deposits
    assert (found.held, found.ordered, found.share) == (15, 50, Decimal("0.3"))
    assert "€15 is held against an order of €50." in page.content.decode()
    owner.post(f"deposits/{Deposit.objects.order_by('pk').last().pk}/withdraw")
    assert deposits.held(order.pk) == 20


def test_deposit_of_a_past_day_is_that_of_then(owner: Browser, workspace: Workspace) -> None:
    at = timezone.now() - timedelta(days=10)
    order = make.order(workspace, at=at)
    deposits.receive(order, amount=Decimal(20), told=Told(None, at + timedelta(days=2)))
    deposits.refund(order, amount=Decimal(20), told=Told(None))
    day = (at + timedelta(days=3)).date().isoformat()

    state = owner.get(f"orders/{order.item.key}", on=day).context["state"]

    assert state.deposits.held == 20


def test_cancelling_offers_the_deposit_back_where_no_penalty_was_agreed(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    key = order.item.key
    deposits.receive(order, amount=Decimal(20), told=Told(None))

    dear = owner.get(f"orders/{key}/cancellations", htmx=True).context["form"]
    owner.post(f"orders/{key}/penalty", free="1")
    free = owner.get(f"orders/{key}/cancellations", htmx=True).context["form"]
    owner.post(f"orders/{key}/cancellations", reason="customer", pay_back="20")

    assert (dear["pay_back"].value(), free["pay_back"].value()) == (None, Decimal(20))
    assert (deposits.held(order.pk), order.lines.get().remaining_quantity) == (0, 0)


def test_too_large_a_refund_is_said_at_its_field(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    deposits.receive(order, amount=Decimal(20), told=Told(None))

    answer = owner.post(
        f"orders/{order.item.key}/cancellations", htmx=True, reason="customer", pay_back="21"
    )

    assert answer.status_code == 422
    assert order.lines.get().remaining_quantity == 10


@pytest.mark.parametrize("path", ["expedite", "calm", "deposits", "refunds", "penalty"])
def test_only_who_delivers_does_it(
    viewer: Browser, stranger: Browser, workspace: Workspace, path: str
) -> None:
    order = make.order(workspace)

    assert viewer.post(f"orders/{order.item.key}/{path}").status_code == 403
    assert stranger.post(f"orders/{order.item.key}/{path}").status_code == 404


def test_only_who_edits_contacts_gives_tiers(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    company = make.company(workspace)
    row = make.deposit(workspace)

    assert viewer.post(f"companies/{company.pk}/tier", tier="a").status_code == 403
    assert stranger.post(f"companies/{company.pk}/tier", tier="a").status_code == 404
    assert viewer.post(f"deposits/{row.pk}/withdraw").status_code == 403
    assert stranger.post(f"deposits/{row.pk}/withdraw").status_code == 404
