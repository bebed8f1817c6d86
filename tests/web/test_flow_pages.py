"""Bottleneck and value at risk: pages by owner, colleague and stranger, with bad input, and what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penstock.backlog import dependencies, orders
from penstock.backlog.models import WorkItem
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

PATHS = [
    "backlog/bottleneck",
    "backlog/bottleneck/work",
    "backlog/risk",
    "backlog/risk/orders",
]


@pytest.fixture(autouse=True)
def forget() -> None:
    """What is kept for a quarter of an hour must not outlive a test."""
    cache.clear()


def cancelled(workspace: Workspace, *, n: int) -> None:
    for number in range(n):
        at = timezone.now() - timedelta(days=40 + number)
        order = make.order(workspace, at=at)
        orders.cancel_rest(order, reason="customer", by=None, at=at + timedelta(days=9))


@pytest.mark.parametrize("path", PATHS)
def test_pages_open_for_colleagues_and_not_for_strangers(
    owner: Browser, viewer: Browser, stranger: Browser, path: str
) -> None:
    assert owner.get(path).status_code == 200
    assert viewer.get(path).status_code == 200
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"team": "x"}, 422),
        ({"on": "2999-01-01"}, 422),
        ({"known": "yesterday"}, 422),
        ({"key": "-1", "by": "<script>", "page": "-4"}, 200),
    ],
)
def test_bad_input_is_answered(
    owner: Browser, path: str, query: dict[str, str], status: int
) -> None:
    assert owner.get(path, **query).status_code == status


def test_bottleneck_says_why_it_names_nobody(owner: Browser, workspace: Workspace) -> None:
    team = make.team(workspace, "Press")
    order = make.order(workspace, at=timezone.now() - timedelta(days=30))
    item = WorkItem.objects.get(line__order=order)
    dependencies.give(item, team=team, by=None)

    page = owner.get("backlog/bottleneck").content.decode()
    behind = owner.get("backlog/bottleneck/work", key=str(team.pk)).content.decode()

    assert "No stable bottleneck. There is only one, with nothing to compare it to." in page
    assert "Nobody said how many places these have" in page
    assert item.item.key in behind


def test_risk_is_said_on_its_page_the_backlog_and_the_order(
    owner: Browser, workspace: Workspace
) -> None:
    cancelled(workspace, n=6)
    order = make.order(workspace, at=timezone.now() - timedelta(days=5))
    orders.change_dates(order, by=None, expected_on=timezone.now().date() + timedelta(days=28))

    page = owner.get("backlog/risk").content.decode()
    rows = owner.get("backlog/risk/orders").content.decode()
    backlog = owner.get("backlog/risk/tile").content.decode()
    mine = owner.get(f"orders/{order.item.key}/risk").content.decode()

    assert "is at risk of being cancelled" in page
    assert order.item.key in page
    assert order.item.key in rows
    assert "Value at risk" in backlog
    assert "the customer cancels before it is delivered" in mine


def test_few_cancellations_are_said(owner: Browser, workspace: Workspace) -> None:
    cancelled(workspace, n=2)
    order = make.order(workspace)

    page = owner.get("backlog/risk").content.decode()
    backlog = owner.get("backlog/risk/tile").content.decode()
    mine = owner.get(f"orders/{order.item.key}/risk").content.decode()

    assert not mine.strip()
    assert "Customers cancelled 2 orders in two years; it takes 5" in page
    assert "Too few cases (2 of 5)" in backlog


@pytest.mark.parametrize("path", PATHS)
def test_more_orders_take_no_more_queries(owner: Browser, workspace: Workspace, path: str) -> None:
    team = make.team(workspace, "Press")
    owner.get("backlog")
    found = []
    for n in (1, 2):
        for _number in range(n):
            order = make.order(workspace, at=timezone.now() - timedelta(days=30))
            dependencies.give(WorkItem.objects.get(line__order=order), team=team, by=None)
        with CaptureQueriesContext(connection) as queries:
            owner.get(path)
        found.append(len(queries))

    assert found[0] == found[1] <= 20


def test_pages_do_not_wait_for_what_is_at_risk(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)

    assert "backlog/risk/tile" in owner.get("backlog").content.decode()
    path = f"orders/{order.item.key}"
    assert f"{path}/risk" in owner.get(path).content.decode()


def test_past_backlog_shows_no_risk_of_today(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, at=timezone.now() - timedelta(days=30))
    day = {"on": str(timezone.now().date() - timedelta(days=1))}

    assert "backlog/risk/tile" not in owner.get("backlog", **day).content.decode()
    path = f"orders/{order.item.key}"
    assert f"{path}/risk" not in owner.get(path, **day).content.decode()


def test_risk_of_an_order_is_shown_only_inside(
    stranger: Browser, viewer: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    paths = ["backlog/risk/tile", f"orders/{order.item.key}/risk"]

    assert [stranger.get(path).status_code for path in paths] == [404, 404]
    assert [viewer.get(path).status_code for path in paths] == [200, 200]
