"""The order of work on pages: its settings, its reasons, what is put first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from penstock.backlog import priorities
from penstock.backlog.models import Order, QueueRule
from penstock.users.models import AuditEntry, Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

WSPT = {"policy": "wspt", "bound_days": "30", "delay_share": "0.5", "k": "2"}


def test_policy_is_chosen_and_told_everywhere(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, lines=[make.line("1", price="800", hours="8")])

    chosen = owner.post("settings/queue", **WSPT)
    queue = owner.get("backlog").content.decode()
    page = owner.get(f"orders/{order.item.key}").content.decode()

    assert chosen.status_code == 302
    rule = QueueRule.of(workspace)
    assert (rule.policy, rule.bound_days, rule.delay_share) == ("wspt", 30, Decimal("0.005"))
    assert AuditEntry.objects.get(action="queue.rule").detail == {"policy": "wspt"}
    assert "Each hour of work on it saves €0.50 a day of waiting." in queue
    assert "What saves most for an hour of work goes first" in queue
    assert "Nobody said what waiting costs: 0.5% of its value a day is taken." in page
    assert "1 of 1" in page


def test_page_of_the_policy_compares_all_and_ticks_conditions(
    owner: Browser, workspace: Workspace
) -> None:
    for price in ("100", "5000", "900"):
        make.order(workspace, lines=[make.line("1", price=price, hours="8")])
    make.queue_rule(workspace, "wspt")

    said = owner.get("settings/queue").content.decode()

    assert "Provably the least: the cost of all waiting, where" in said
    assert "No order waits for another" in said
    assert "If hours and costs were off by half, another order would come first in" in said
    assert said.count("<tr>") == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy": "loudest"},
        {"delay_share": "0"},
        {"delay_share": "101"},
        {"k": "-1"},
        {"bound_days": "0"},
    ],
)
def test_bad_numbers_change_nothing(
    owner: Browser, workspace: Workspace, wrong: dict[str, str]
) -> None:
    assert owner.post("settings/queue", **WSPT | wrong).status_code == 422
    assert QueueRule.of(workspace).policy == "edd"


def test_who_only_looks_neither_opens_nor_changes_it(viewer: Browser, workspace: Workspace) -> None:
    key = make.order(workspace).item.key

    answers = [
        viewer.get("settings/queue"),
        viewer.post("settings/queue", **WSPT),
        viewer.post(f"orders/{key}/rank", place="1", reason="customer"),
        viewer.post(f"orders/{key}/costs", cost_of_delay="1"),
        viewer.post(f"orders/{key}/unrank"),
    ]

    assert [one.status_code for one in answers] == [403] * 5


def test_order_is_put_first_by_hand_and_given_back(owner: Browser, workspace: Workspace) -> None:
    make.order(workspace)
    order = make.order(workspace, title="Favourite")
    page = f"orders/{order.item.key}"

    refused = owner.post(f"{page}/rank", place="0", reason="customer")
    owner.post(f"{page}/rank", place="1", reason="customer")
    put = owner.get(page).content.decode()
    owner.post(f"{page}/unrank")

    assert refused.status_code == 422
    assert "1 of 2" in put
    assert "The customer asked" in put
    assert "2 of 2" in owner.get(page).content.decode()


def test_worth_of_an_order_is_said_and_taken_back(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    page = f"orders/{order.item.key}"

    below = owner.post(f"{page}/costs", cost_of_delay="-1")
    owner.post(f"{page}/costs", cost_of_delay="120", contribution="900")
    said = owner.get(page).content.decode()
    owner.post(f"{page}/costs")

    assert below.status_code == 422
    assert "€120" in said
    assert Order.objects.get(pk=order.pk).cost_of_delay is None


@pytest.mark.parametrize("n", [1, 3])
def test_reasons_cost_as_many_questions_for_many_orders(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any, n: int
) -> None:
    for _order in range(n):
        make.order(workspace)
    make.queue_rule(workspace, "wspt")
    owner.get("backlog")

    with django_assert_max_num_queries(40):
        owner.get("backlog")


def test_every_policy_opens_on_an_empty_queue(owner: Browser, workspace: Workspace) -> None:
    for policy in QueueRule.Policy.values:
        priorities.choose(workspace, priorities.Rule(policy), by=None)
        assert owner.get("settings/queue").status_code == 200
        assert owner.get("backlog").status_code == 200
