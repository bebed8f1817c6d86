"""What is to be done about an order, on its page and on Today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from penstock.backlog.models import Order
from penstock.flow.dating import lived, now, today
from penstock.sales import activities
from penstock.sales.models import Activity
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(workspace: Workspace) -> Order:
    return make.order(workspace, owner=make.owner_of(workspace))


def about(order: Order, what: str = "") -> str:
    return f"orders/{order.item.key}{what}"


def panel(browser: Browser, order: Order, **asked: str) -> Any:
    return browser.get(about(order), **asked).context["activities"]


def test_step_of_an_order_stands_on_its_page_and_on_today(owner: Browser, order: Order) -> None:
    owner.post(
        about(order, "/activities/new"),
        kind="call",
        subject="Announce it",
        due_on=today(order.workspace),
        owner=make.owner_of(order.workspace).pk,
    )

    line = panel(owner, order).lines[0]
    todo = owner.get("today").context["page"].lines[0]
    assert (line.what, line.due.text, line.is_step) == ("Announce it", "Today", True)
    assert (todo.title, todo.reason) == ("Wheels", "Call: Announce it. Today.")
    assert todo.url == owner.url(about(order))


def test_what_was_done_stands_there_the_latest_first(owner: Browser, order: Order) -> None:
    planned = make.activity(order.workspace, about=order.item, subject="Ask")

    owner.post(about(order, "/activities/log/note"), notes="Unload from the yard")
    owner.post(f"activities/{planned.pk}/done", result="reached", notes="At noon")

    found = panel(owner, order)
    assert found.lines == []
    assert [(one.what, one.result, one.notes) for one in found.done] == [
        ("Ask", "Reached", "At noon"),
        ("Note", "", "Unload from the yard"),
    ]


def test_more_than_five_done_ones_open(owner: Browser, order: Order) -> None:
    for number in range(7):
        activities.log(order.item, kind="call", by=None, subject=f"Call {number}")

    found = panel(owner, order)

    assert [one.what for one in found.done] == [f"Call {number}" for number in (6, 5, 4, 3, 2)]
    assert [one.what for one in found.done_before] == ["Call 1", "Call 0"]


def test_page_is_drawn_anew_and_the_act_taken_back(owner: Browser, order: Order) -> None:
    answer = owner.post(
        about(order, "/activities/log/call"),
        htmx=True,
        page=about(order),
        result="reached",
        subject="Agreed on the day",
    )
    change = Activity.objects.get().changes.get()
    owner.post(
        f"activities/{change.activity_id}/changes/{change.pk}/undo", htmx=True, page=about(order)
    )

    assert "Agreed on the day" in answer.content.decode()
    assert answer.context["toast"].undo_url.endswith(f"/changes/{change.pk}/undo")
    assert panel(owner, order).done == []


def test_without_a_script_the_page_of_the_order_comes_back(owner: Browser, order: Order) -> None:
    form = owner.url(about(order, "/activities/new"))

    answer = owner.client.post(
        form,
        {"kind": "task", "due_on": today(order.workspace)},
        headers={"Referer": f"http://testserver{form}"},
    )

    assert answer.headers["Location"] == owner.url(about(order))


def test_panel_of_a_past_day_shows_what_stood_then(owner: Browser, workspace: Workspace) -> None:
    then = now() - timedelta(days=9)
    with lived(then):
        order = make.order(workspace)
        activity = make.activity(workspace, about=order.item, days=4, subject="Book the crane")
        make.activities.log(order.item, kind="call", by=None, subject="Greeted")
    activities.complete(activity, by=None, result="")

    found = panel(owner, order, on=f"{then + timedelta(days=1):%Y-%m-%d}")

    assert [line.what for line in found.lines] == ["Book the crane"]
    assert [one.what for one in found.done] == ["Greeted"]
    assert (found.plan_url, found.logs) == ("", ())
    assert [one.what for one in panel(owner, order).done] == ["Book the crane", "Greeted"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OPERATIONS, 200),
        (Role.MANAGER, 200),
        (Role.REP, 403),
        (Role.VIEWER, 403),
    ],
)
def test_who_delivers_may_plan_and_who_only_looks_may_not(
    workspace: Workspace, order: Order, role: Role, status: int
) -> None:
    browser = sign_in(make.member(workspace, name="Eve", role=role))

    answer = browser.get(about(order, "/activities/new"), htmx=True)

    assert answer.status_code == status
    assert bool(panel(browser, order).plan_url) == (status == 200)


def test_who_sells_plans_for_own_orders(workspace: Workspace) -> None:
    rep = make.member(workspace, name="Rita", role=Role.REP)
    order = make.order(workspace, owner=rep)

    answer = sign_in(rep).post(about(order, "/activities/log/call"), result="reached")

    assert (answer.status_code, Activity.objects.get().owner) == (302, rep)


def test_stranger_and_bad_input_are_refused(
    owner: Browser, stranger: Browser, order: Order
) -> None:
    address = about(order, "/activities/new")

    late = owner.post(address, htmx=True, kind="call", due_on="2020-01-01")
    unknown = owner.post(address, htmx=True, kind="dance", due_on=today(order.workspace))

    assert (late.status_code, unknown.status_code) == (422, 422)
    assert stranger.get(address).status_code == 404
    assert owner.get(about(order, "/activities/log/dance")).status_code == 404
    assert owner.get("orders/O-999/activities/new").status_code == 404
    assert not Activity.objects.exists()


def test_people_of_the_customer_and_of_the_deal_can_be_named(
    owner: Browser, workspace: Workspace
) -> None:
    company = make.company(workspace)
    deal = make.deal(workspace, company=company, owner=make.owner_of(workspace))
    buyer = make.person(workspace, "Ida", company=company)
    adviser = make.person(workspace, "Max")
    make.person(workspace, "Otto")
    make.deals.add_person(deal, person=adviser, part="uses", by=None)
    order = make.order(workspace, company=company, placed_by=deal.item)

    form = owner.get(about(order, "/activities/log/call"), htmx=True).context["form"]

    assert list(form.fields["person"].queryset) == [buyer, adviser]
