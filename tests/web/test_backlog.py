"""What do we owe: queue, boards, statement, entries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from penstock.backlog import ledger, orders, work
from penstock.backlog.dates import Why
from penstock.backlog.models import Entry, Line, Order
from penstock.flow import dating, moves
from penstock.flow.models import Item, Kind, Transition
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

NOW = timezone.now
PAGES = [
    "backlog",
    "backlog/board",
    "backlog/board?of=work",
    "backlog/statement",
    "backlog/entries",
]


def some_orders(workspace: Workspace, n: int) -> list[Order]:
    company = make.company(workspace)
    return [
        make.order(workspace, company=company, at=NOW() - timedelta(days=9 + day))
        for day in range(n)
    ]


@pytest.mark.parametrize("page", [*PAGES, "outlook", "quality"])
def test_page_opens_empty_and_filled(owner: Browser, workspace: Workspace, page: str) -> None:
    empty = owner.get(page)
    make.deal(workspace)
    some_orders(workspace, 2)
    filled = owner.get(page)

    assert (empty.status_code, filled.status_code) == (200, 200)


@pytest.mark.parametrize("page", [*PAGES, "outlook", "quality"])
def test_page_is_hidden_from_strangers(stranger: Browser, page: str) -> None:
    assert stranger.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_viewer_may_look(viewer: Browser, page: str) -> None:
    assert viewer.get(page).status_code == 200


@pytest.mark.parametrize("page", ["backlog", "backlog/statement", "outlook", "backlog/entries"])
def test_wrong_day_is_refused(owner: Browser, page: str) -> None:
    assert owner.get(page, on="yesterday").status_code == 422
    assert owner.get(page, on="2999-01-01").status_code == 422


@pytest.mark.parametrize(
    ("page", "n_queries"),
    [
        ("backlog", 23),
        ("backlog/board", 25),
        ("backlog/board?of=work", 19),
        ("backlog/statement", 14),
        ("backlog/entries", 12),
    ],
)
def test_queries_do_not_grow_with_the_orders(
    owner: Browser,
    workspace: Workspace,
    django_assert_max_num_queries: Any,
    page: str,
    n_queries: int,
) -> None:
    some_orders(workspace, 1)
    owner.get(page)

    for _more in range(2):
        with django_assert_max_num_queries(n_queries):
            owner.get(page)
        some_orders(workspace, 2)


def test_answer_counts_orders_value_late_ones_and_hours(
    owner: Browser, workspace: Workspace
) -> None:
    make.order(
        workspace, at=NOW() - timedelta(days=9), promised_on=NOW().date() - timedelta(days=3)
    )
    make.order(workspace, lines=[make.line("2", price="7", hours=None)])

    page = owner.get("backlog").content.decode()

    assert "2 orders are owed, worth €64." in page
    assert "1 of them is overdue, worth €50." in page
    assert "20 hours of work are known. 1 line lacks its hours." in page


def test_queue_puts_the_earliest_promise_first(owner: Browser, workspace: Workspace) -> None:
    today = NOW().date()
    late = make.order(workspace, promised_on=today + timedelta(days=9))
    soon = make.order(workspace, promised_on=today + timedelta(days=2))
    never = make.order(workspace)

    rows = owner.get("backlog").context["rows"]

    assert [row.key for row in rows] == [order.item.key for order in (soon, late, never)]


def test_queue_leaves_out_what_is_delivered(owner: Browser, workspace: Workspace) -> None:
    done, owed = some_orders(workspace, 2)
    orders.fulfil_all(done, by=None)

    rows = owner.get("backlog").context["rows"]

    assert [row.key for row in rows] == [owed.item.key]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"q": "Acme"}, {"a", "b"}),
        ({"q": "PO-7"}, {"b"}),
        ({"q": "ord-1"}, {"a"}),
        ({"overdue": "1"}, {"b"}),
        ({"hours": "none"}, {"c"}),
        ({"q": "nobody"}, set()),
        ({"stage": "x", "company": "-1", "page": "y", "sort": "z"}, {"a", "b", "c"}),
    ],
)
def test_queue_filters(
    owner: Browser, workspace: Workspace, filters: dict[str, str], expected: set[str]
) -> None:
    company = make.company(workspace, "Acme")
    yesterday = NOW().date() - timedelta(days=1)
    named = {
        "a": make.order(workspace, company=company),
        "b": make.order(workspace, company=company, reference="PO-7", promised_on=yesterday),
        "c": make.order(workspace, lines=[make.line(hours=None)]),
    }
    names = {order.item.key: name for name, order in named.items()}

    rows = owner.get("backlog", **filters).context["rows"]

    assert {names[row.key] for row in rows} == expected


@pytest.mark.parametrize(
    "sort", ["value", "-value", "company", "accepted", "-promised", "reference"]
)
def test_queue_sorts(owner: Browser, workspace: Workspace, sort: str) -> None:
    make.order(workspace, lines=[make.line("1", price="9")])
    make.order(workspace, lines=[make.line("1", price="90")])

    rows = owner.get("backlog", sort=sort).context["rows"]

    assert len(rows) == 2
    if "value" in sort:
        assert [row.value for row in rows] == sorted(
            [row.value for row in rows], reverse=sort.startswith("-")
        )


def test_queue_is_drawn_alone_for_a_script(owner: Browser, workspace: Workspace) -> None:
    some_orders(workspace, 1)

    page = owner.get("backlog", htmx=True).content.decode()

    assert page.lstrip().startswith("<div")
    assert "<html" not in page


def test_queue_as_of_a_day_shows_what_was_owed_and_promised_then(
    owner: Browser, workspace: Workspace
) -> None:
    start = NOW() - timedelta(days=30)
    order = make.order(workspace, at=start)
    promised = (start + timedelta(days=3)).date()
    orders.change_dates(order, by=None, at=start + timedelta(hours=1), promised_on=promised)
    later = NOW().date() + timedelta(days=99)
    orders.change_dates(order, by=None, promised_on=later, why=Why("capacity"))
    orders.fulfil_all(order, by=None)

    then = owner.get("backlog", on=(start + timedelta(days=10)).date().isoformat())

    row = then.context["rows"][0]
    assert (row.remaining, row.promised_on, row.days_late) == (Decimal(10), promised, 7)
    assert "Nothing can be changed here." in then.content.decode()
    assert owner.get("backlog").context["rows"] == []


def test_queue_as_known_on_a_day_leaves_out_what_came_later(
    owner: Browser, workspace: Workspace
) -> None:
    start = NOW() - timedelta(days=30)
    line = make.order(workspace, at=start).lines.get()
    done = start + timedelta(days=5)
    ledger.fulfil(line, quantity=Decimal(4), act=ledger.Act(by=None, at=done))
    on = (start + timedelta(days=10)).date().isoformat()

    known_now = owner.get("backlog", on=on).context["rows"][0]
    known_then = owner.get("backlog", on=on, known=on).context["rows"]

    assert known_now.remaining == Decimal(6)
    assert known_then == []


def test_order_dropped_on_done_is_asked_how_much(owner: Browser, workspace: Workspace) -> None:
    order = some_orders(workspace, 1)[0]
    done = make.stage(workspace, "done", kind=Kind.ORDER)

    answer = owner.post(f"orders/{order.item.key}/moves", htmx=True, stage=done.pk)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "How much of" in page
    assert 'value="10"' in page
    assert Entry.objects.count() == 1


def test_order_dropped_elsewhere_is_refused(owner: Browser, workspace: Workspace) -> None:
    order = some_orders(workspace, 1)[0]
    stage = make.stage(workspace, "in_work", kind=Kind.ORDER)

    answer = owner.post(f"orders/{order.item.key}/moves", htmx=True, stage=stage.pk)

    assert answer.status_code == 422
    assert "follows from its hours" in answer.content.decode()


def test_delivery_from_the_board_draws_the_board_anew(owner: Browser, workspace: Workspace) -> None:
    order = some_orders(workspace, 1)[0]
    line = order.lines.get()
    board = owner.url("backlog/board")

    answer = owner.client.post(
        owner.url(f"orders/{order.item.key}/deliveries"),
        {f"line_{line.pk}": "10"},
        headers={"HX-Request": "true", "HX-Current-URL": board},
    )

    assert answer.status_code == 200
    assert answer.content.decode().count("<hx-partial") == 5


def test_work_moves_and_its_order_follows(owner: Browser, workspace: Workspace) -> None:
    order = some_orders(workspace, 1)[0]
    work = order.lines.get().work_items.get()
    target = make.stage(workspace, "in_work", kind=Kind.WORK)

    answer = owner.post(
        f"work/{work.item.key}/moves", htmx=True, stage=target.pk, seen=work.item.stage_id
    )

    assert answer.status_code == 200
    assert Item.objects.get(pk=order.pk).stage.code == "in_work"


def test_work_moved_meanwhile_is_a_conflict(owner: Browser, workspace: Workspace) -> None:
    work = some_orders(workspace, 1)[0].lines.get().work_items.get()
    target = make.stage(workspace, "in_work", kind=Kind.WORK)

    answer = owner.post(f"work/{work.item.key}/moves", htmx=True, stage=target.pk, seen="999999")

    assert answer.status_code == 409


@pytest.mark.parametrize("path", ["orders/{order}/moves", "work/{work}/moves"])
def test_viewer_and_stranger_move_nothing(
    viewer: Browser, stranger: Browser, workspace: Workspace, path: str
) -> None:
    order = some_orders(workspace, 1)[0]
    work = order.lines.get().work_items.get()
    target = make.stage(workspace, "in_work", kind=Kind.WORK)
    url = path.format(order=order.item.key, work=work.item.key)

    assert viewer.post(url, htmx=True, stage=target.pk).status_code == 403
    assert stranger.post(url, htmx=True, stage=target.pk).status_code == 404
    assert Item.objects.get(pk=work.pk).stage.code == "to_do"


def test_statement_ties_out_and_links_to_its_entries(owner: Browser, workspace: Workspace) -> None:
    order = some_orders(workspace, 1)[0]
    ledger.fulfil(order.lines.get(), quantity=Decimal(4), act=ledger.Act(by=None))

    gross = owner.get("backlog/statement", window="90")
    net = owner.get("backlog/statement", window="90", net="1")

    rows = {row.name: [cell.text for cell in row.cells] for row in gross.context["statement"].rows}
    assert rows["Accepted"] == ["1", "€50", "20.0"]
    assert rows["Delivered"] == ["0", "€20", "8.0"]
    assert rows["Closing"] == ["1", "€30", "12.0"]
    assert "to the last digit" in gross.content.decode()
    assert "kind=fulfilled" in gross.content.decode()
    assert len(net.context["statement"].rows) == 4


@pytest.mark.parametrize(
    "window",
    [
        {"first": "2026-02-01", "last": "2026-01-01"},
        {"first": "nope"},
        {"first": "1900-01-01"},
        {"first": "2999-01-01", "last": "2999-02-01"},
    ],
)
def test_statement_of_an_impossible_window_is_refused(
    owner: Browser, window: dict[str, str]
) -> None:
    assert owner.get("backlog/statement", **window).status_code == 422


def test_entries_show_only_their_kind(owner: Browser, workspace: Workspace) -> None:
    line = some_orders(workspace, 1)[0].lines.get()
    ledger.fulfil(line, quantity=Decimal(4), act=ledger.Act(by=None))

    found = owner.get("backlog/entries", window="90", kind="fulfilled").context["page_obj"]

    assert [row["quantity"] for row in found] == [Decimal(-4)]


def test_order_by_hand_is_placed_with_its_lines(owner: Browser, workspace: Workspace) -> None:
    answer = owner.post("orders/new", **new_order())

    order = Order.objects.get()
    assert answer["Location"] == owner.url(f"orders/{order.item.key}")
    assert (order.company.name, order.promised_on.isoformat()) == ("Acme", "2031-05-01")
    lines = Line.objects.order_by("position").values_list(
        "title", "remaining_value", "remaining_hours"
    )
    assert list(lines) == [("Wheel", Decimal(27), Decimal(8)), ("Axle", Decimal(10), None)]


def test_order_by_hand_finds_the_customer_in_any_spelling(
    owner: Browser, workspace: Workspace
) -> None:
    company = make.company(workspace, "Acme")

    owner.post("orders/new", **{**new_order(), "company": "ACME "})

    assert Order.objects.get().company == company


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {
            "lines-0-title": "",
            "lines-1-title": "",
            "lines-0-unit_price": "",
            "lines-1-unit_price": "",
        },
        {"lines-0-quantity": "0"},
        {"lines-0-unit_price": "-5"},
        {"lines-0-discount": "101"},
        {"promised_on": "soon"},
        {"currency": "euro"},
        {"lines-0-title": ""},
        {"lines-0-unit_price": ""},
    ],
)
def test_wrong_order_is_refused(
    owner: Browser, workspace: Workspace, change: dict[str, str]
) -> None:
    answer = owner.post("orders/new", **{**new_order(), **change})

    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_product_brings_name_price_unit_and_hours_in_the_currency_of_the_order(
    owner: Browser, workspace: Workspace
) -> None:
    product = make.product(workspace, "Pump", unit="piece", work_hours=Decimal("1.5"))
    make.price(workspace, product, amount="400", currency="USD")
    answers = {**new_order(), "currency": "USD", "lines-0-product": str(product.pk)}
    for name in ("title", "unit_price", "hours", "discount"):
        answers.pop(f"lines-0-{name}", None)

    owner.post("orders/new", **answers)

    line = Line.objects.select_related("order").get(product=product)
    assert (line.title, line.unit, line.unit_price) == ("Pump", "piece", Decimal(400))
    assert (line.remaining_hours, line.order.currency) == (Decimal("4.5"), "USD")


def test_product_without_a_price_in_the_currency_asks_for_one(
    owner: Browser, workspace: Workspace
) -> None:
    product = make.product(workspace, "Pump")
    make.price(workspace, product, amount="400", currency="USD")
    lines = {"lines-0-product": str(product.pk), "lines-0-unit_price": ""}

    answer = owner.post("orders/new", **{**new_order(), **lines})

    assert answer.status_code == 422
    assert "Pump has no price in EUR." in answer.text
    assert not Order.objects.exists()


def test_product_of_another_workspace_is_no_choice(owner: Browser) -> None:
    foreign = make.product(make.workspace("Anvil"))

    answer = owner.post("orders/new", **{**new_order(), "lines-0-product": str(foreign.pk)})

    assert answer.status_code == 422


def test_more_lines_keep_what_was_filled_in(owner: Browser) -> None:
    answer = owner.post("orders/new", **new_order(), more="1")

    page = answer.content.decode()
    assert 'value="Wheel"' in page
    assert 'name="lines-6-title"' in page


def test_viewer_places_no_order(viewer: Browser, stranger: Browser) -> None:
    assert viewer.get("orders/new").status_code == 403
    assert viewer.post("orders/new", **new_order()).status_code == 403
    assert stranger.get("orders/new").status_code == 404


def new_order() -> dict[str, str]:
    return {
        "title": "Wheels",
        "company": "Acme",
        "currency": "EUR",
        "promised_on": "2031-05-01",
        "lines-TOTAL_FORMS": "3",
        "lines-INITIAL_FORMS": "0",
        "lines-0-title": "Wheel",
        "lines-0-quantity": "3",
        "lines-0-unit_price": "10",
        "lines-0-discount": "10",
        "lines-0-hours": "8",
        "lines-1-title": "Axle",
        "lines-1-quantity": "1",
        "lines-1-unit_price": "10",
        "lines-2-quantity": "1",
    }


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.WORK])
def test_column_is_drawn_alone(owner: Browser, workspace: Workspace, kind: Kind) -> None:
    some_orders(workspace, 1)
    stage = make.stage(workspace, "ready" if kind == Kind.ORDER else "to_do", kind=kind)

    page = owner.get(f"backlog/columns/{stage.pk}", htmx=True).content.decode()

    assert f'id="stage-{stage.pk}"' in page
    assert page.count("data-card") == 1


def test_queue_of_a_past_day_shows_corrected_moves(owner: Browser, workspace: Workspace) -> None:
    with dating.lived(NOW() - timedelta(days=9)):
        order = make.order(workspace, lines=[make.line("2"), make.line("1")])
        first = order.lines.earliest("position").work_items.get()
        work.move(first, to=make.stage(workspace, "done", kind=Kind.WORK), by=None)
    moved = Transition.objects.filter(item=order.item).latest("pk")
    moves.correct(moved, to=make.stage(workspace, "accepted", kind=Kind.ORDER), by=None)
    day = (NOW() - timedelta(days=5)).date()

    stages = [
        row.stage
        for known in ("", f"&known={day}")
        for row in owner.get(f"backlog?on={day}{known}").context["rows"]
    ]

    assert stages == ["Accepted", "In work"]
