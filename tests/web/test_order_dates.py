"""Promises, and the five dates of orders and lines, on the page of an order and in the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.backlog import dates, orders
from penstock.backlog.dates import PROMISE, Told, Why
from penstock.backlog.models import Line, Order
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
FIRST, SECOND = TODAY - timedelta(days=9), TODAY - timedelta(days=2)


def moved(workspace: Workspace) -> Order:
    """An order that was promised for nine days ago, and then for two days ago."""
    at = timezone.now() - timedelta(days=30)
    order = make.order(workspace, at=at, promised_on=FIRST)
    told = Told(
        by=make.owner_of(workspace), at=at + timedelta(days=5), why=Why("supplier", "Late.")
    )
    return dates.change(order, {PROMISE: SECOND}, told=told)


def test_promise_is_asked_for_with_its_reason(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, promised_on=FIRST)
    path = f"orders/{order.item.key}/promises"

    refused = owner.post(path, htmx=True, promised_on=SECOND.isoformat())
    kept = owner.post(
        path, htmx=True, promised_on=SECOND.isoformat(), cause="supplier", text="Late."
    )

    assert (refused.status_code, kept.status_code) == (422, 200)
    assert "Say why it changes" in refused.content.decode()
    assert Order.objects.get().promised_on == SECOND
    assert "7 days later · A supplier is late" in kept.content.decode()


def test_first_promise_asks_no_reason(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    path = f"orders/{order.item.key}/promises"

    asked = owner.get(path, htmx=True).content.decode()
    owner.post(path, promised_on=SECOND.isoformat())

    assert "Why does it change?" not in asked
    assert Order.objects.get().promised_on == SECOND


def test_page_measures_by_the_first_promise_and_by_the_last(
    owner: Browser, workspace: Workspace
) -> None:
    order = moved(workspace)

    days = owner.get(f"orders/{order.item.key}").context["state"].days

    assert (days.days_late, days.days_late_at_first, days.first_promised_on) == (2, 9, FIRST)
    assert [(one.day, one.moved_days, one.text) for one in days.promises] == [
        (SECOND, 7, "Late."),
        (FIRST, None, ""),
    ]


def test_delivered_order_is_measured_by_the_day_of_its_delivery(
    owner: Browser, workspace: Workspace
) -> None:
    order = moved(workspace)
    orders.fulfil_all(order, by=None, at=timezone.now() - timedelta(days=5))

    days = owner.get(f"orders/{order.item.key}").context["state"].days

    assert (days.days_late, days.days_late_at_first) == (0, 4)


def test_past_day_shows_the_promise_of_then(owner: Browser, workspace: Workspace) -> None:
    order = moved(workspace)
    line = order.lines.get()
    dates.change_line(line, {PROMISE: TODAY}, told=Told(by=None))
    then = TODAY - timedelta(days=28)

    state = owner.get(f"orders/{order.item.key}", on=then.isoformat()).context["state"]

    assert [one.day for one in state.days.promises] == [FIRST]
    assert state.line_days[0].days.day(PROMISE) == FIRST


def test_line_shows_its_own_dates_and_those_of_its_order(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace, promised_on=SECOND, lines=[make.line(), make.line()])
    first, last = order.lines.all()

    answer = owner.post(
        f"lines/{last.pk}/dates", htmx=True, requested_on=FIRST.isoformat(), promised_on=TODAY
    )

    assert answer.status_code == 200
    state = answer.context["state"]
    assert [
        (one.line.pk, one.days.day("requested_on"), one.days.day(PROMISE), one.days.days_late)
        for one in state.line_days
    ] == [(first.pk, None, SECOND, 2), (last.pk, FIRST, TODAY, 0)]


def test_line_that_is_promised_anew_needs_a_reason(owner: Browser, workspace: Workspace) -> None:
    line = make.order_line(workspace)
    dates.change_line(line, {PROMISE: FIRST}, told=Told(by=None))

    refused = owner.post(f"lines/{line.pk}/dates", htmx=True, promised_on=SECOND)
    owner.post(f"lines/{line.pk}/dates", promised_on=SECOND, cause="customer")

    assert refused.status_code == 422
    assert Line.objects.get().promised_on == SECOND


def test_delivered_line_has_its_actual_day(owner: Browser, workspace: Workspace) -> None:
    order = make.order(
        workspace, at=timezone.now() - timedelta(days=9), lines=[make.line(), make.line()]
    )
    line = order.lines.first()
    at = timezone.now() - timedelta(days=4)
    make.orders.ledger.fulfil(
        line, quantity=line.remaining_quantity, act=make.orders.ledger.Act(None, at)
    )

    state = owner.get(f"orders/{order.item.key}").context["state"]

    assert [one.days.day("fulfilled_on") for one in state.line_days] == [at.date(), None]


@pytest.mark.parametrize("path", ["orders/{order}/promises", "lines/{line}/dates"])
def test_only_who_delivers_dates(
    viewer: Browser, stranger: Browser, workspace: Workspace, path: str
) -> None:
    order = make.order(workspace)
    path = path.format(order=order.item.key, line=order.lines.get().pk)

    assert viewer.post(path, promised_on=SECOND).status_code == 403
    assert stranger.post(path, promised_on=SECOND).status_code == 404
    assert Order.objects.get().promised_on is None


@pytest.mark.parametrize("path", ["orders/{order}/promises", "lines/{line}/dates"])
def test_wrong_day_is_refused_in_place(owner: Browser, workspace: Workspace, path: str) -> None:
    order = make.order(workspace)
    path = path.format(order=order.item.key, line=order.lines.get().pk)

    assert owner.post(path, htmx=True, promised_on="soon").status_code == 422


def test_queue_shows_first_promises_and_finds_those_that_moved(
    owner: Browser, workspace: Workspace
) -> None:
    order = moved(workspace)
    make.order(workspace, promised_on=TODAY)

    page = owner.get("backlog", promise="moved")

    rows = page.context["rows"]
    assert [
        (row.key, row.days_late, row.first_promised_on, row.days_late_at_first) for row in rows
    ] == [(order.item.key, 2, FIRST, 9)]
    assert "9 days late by that" in page.content.decode()


def test_queue_of_a_past_day_knows_the_promises_of_then(
    owner: Browser, workspace: Workspace
) -> None:
    moved(workspace)

    before = owner.get("backlog", on=(TODAY - timedelta(days=28)).isoformat(), promise="moved")
    after = owner.get("backlog", on=(TODAY - timedelta(days=20)).isoformat(), promise="moved")

    assert before.context["rows"] == []
    assert [row.first_promised_on for row in after.context["rows"]] == [FIRST]
