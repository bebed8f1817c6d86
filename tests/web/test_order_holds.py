"""Holding and releasing on the page of an order, and what the backlog says of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from penstock.backlog import holds
from penstock.backlog.holds import Why
from penstock.flow.models import Blocker
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

WHY = Why("payment", "customer")


def test_hold_and_release_an_order(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    key = order.item.key

    held = owner.post(f"orders/{key}/holds", htmx=True, cause="material")
    page = owner.get(f"orders/{key}").content.decode()
    released = owner.post(f"orders/{key}/releases", htmx=True)

    assert (held.status_code, released.status_code) == (200, 200)
    assert "Material or parts are missing" in page
    assert "waits for a supplier since" in page
    assert [row.side for row in Blocker.objects.order_by("pk")] == ["supplier", ""]


def test_hold_and_release_a_line(owner: Browser, workspace: Workspace) -> None:
    line = make.order(workspace, lines=[make.line(), make.line()]).lines.first()
    until = timezone.now().date() + timedelta(days=5)

    owner.post(f"lines/{line.pk}/holds", cause="payment", side="ours", until=until.isoformat())
    row = Blocker.objects.get()
    owner.post(f"lines/{line.pk}/releases")

    assert (row.cause, row.side, row.until) == ("payment", "ours", until)
    assert Blocker.objects.latest("pk").cause == ""


@pytest.mark.parametrize(
    "answers",
    [
        {"cause": ""},
        {"cause": "rain"},
        {"cause": "payment", "side": "nobody"},
        {"cause": "payment", "until": "2020-01-01"},
        {"cause": "payment", "happened_on": "2999-01-01"},
        {"cause": "payment", "happened_on": "soon"},
    ],
)
def test_bad_answers_are_refused_in_place(
    owner: Browser, workspace: Workspace, answers: dict[str, str]
) -> None:
    order = make.order(workspace)

    answer = owner.post(f"orders/{order.item.key}/holds", htmx=True, **answers)

    assert answer.status_code == 422
    assert not Blocker.objects.exists()


def test_release_before_the_hold_is_refused_in_place(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, at=timezone.now() - timedelta(days=9))
    holds.hold(order, WHY, by=None)
    day = (timezone.now() - timedelta(days=5)).date()

    answer = owner.post(f"orders/{order.item.key}/releases", htmx=True, happened_on=day.isoformat())

    assert answer.status_code == 422
    assert "It began only on" in answer.content.decode()


def test_only_who_delivers_may_hold(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    line = order.lines.get()
    paths = [
        f"orders/{order.item.key}/holds",
        f"orders/{order.item.key}/releases",
        f"lines/{line.pk}/holds",
        f"lines/{line.pk}/releases",
    ]

    for path in paths:
        assert viewer.post(path, cause="payment").status_code == 403
        assert stranger.post(path, cause="payment").status_code == 404
    assert not Blocker.objects.exists()


def test_backlog_says_what_waits_and_leads_to_it(owner: Browser, workspace: Workspace) -> None:
    held, free = make.order(workspace, title="Held one"), make.order(workspace, title="Free one")
    part = make.order(workspace, title="Part", lines=[make.line(), make.line()])
    holds.hold(held, WHY, by=None)
    holds.hold_line(part.lines.first(), Why("material", "supplier"), by=None)

    page = owner.get("backlog").content.decode()
    filtered = owner.get("backlog", held="1").content.decode()

    assert "1 of them waits and cannot be worked on." in page
    assert "€50 waits for the customer; €50 waits for a supplier" in page
    assert "waits for the customer</span>" in page
    assert "waits in part</span>" in page
    assert ["Held one" in filtered, "Part" in filtered, "Free one" in filtered] == [
        True,
        True,
        False,
    ]
    assert free.item.title == "Free one"


def test_backlog_and_order_of_a_past_day_say_what_waited_then(
    owner: Browser, workspace: Workspace
) -> None:
    then = timezone.now() - timedelta(days=20)
    order = make.order(workspace, at=then)
    holds.hold(order, WHY, by=None, at=then + timedelta(days=2))
    holds.release(order, by=None, at=then + timedelta(days=6))

    def words(n: int) -> list[bool]:
        day: date = (then + timedelta(days=n)).date()
        page = owner.get(f"orders/{order.item.key}", on=day.isoformat()).content.decode()
        queue = owner.get("backlog", on=day.isoformat()).content.decode()
        return ["waits for the customer since" in page, "waits for the customer</span>" in queue]

    assert [words(1), words(4), words(8)] == [[False, False], [True, True], [False, False]]


def test_statement_parts_its_closing(owner: Browser, workspace: Workspace) -> None:
    make.order(workspace)
    holds.hold(make.order(workspace), WHY, by=None)

    page = owner.get("backlog/statement").content.decode()

    assert "of this, workable" in page
    assert "waits for the customer" in page
