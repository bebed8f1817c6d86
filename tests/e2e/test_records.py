"""Customers, settings, imports and reports, as people use them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import fresh, open_deal, toast
from tests.e2e.conftest import picture, violations
from tests.e2e.figures import money

pytestmark = pytest.mark.e2e
#: The worker looks for work, checks and applies; on a busy machine that takes its time.
WORKER_MS = 60_000


def test_a_company_gets_a_person_and_shows_its_deals(visit: Callable[..., Page]) -> None:
    page = visit()
    company, title = fresh("Otter Mills"), fresh("Screw pump")
    open_deal(page, title, company=company, amount="200")
    page.goto(f"companies?q={company}")
    page.locator("tbody th a").click()
    expect(page.locator("h1")).to_contain_text(company)
    expect(page.locator("main")).to_contain_text(title)

    page.locator("a[href$='/people/new']").click()
    page.locator("dialog[open] [name=name]").fill("Olga Reed")
    page.locator("dialog[open] [name=email]").fill("olga@otter.example")
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_role("link", name="Olga Reed").click()

    expect(page.locator("h1")).to_contain_text("Olga Reed")
    expect(page.locator("main")).to_contain_text("olga@otter.example")


def test_a_stage_is_renamed(visit: Callable[..., Page]) -> None:
    page = visit()

    old = _rename_first_stage(page, "Enquiry")
    page.goto("pipeline")
    expect(page.locator("[data-board] .column h2").first).to_have_text("Enquiry")

    assert _rename_first_stage(page, old) == "Enquiry"


def _rename_first_stage(page: Page, name: str) -> str:
    page.goto("settings/pipelines")
    link = page.locator("tbody th a").first
    old = link.inner_text()
    link.click()
    page.locator("dialog[open] [name=name]").fill(name)
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("tbody th a").first).to_have_text(name)
    return old


def test_a_file_is_checked_applied_and_taken_back(visit: Callable[..., Page]) -> None:
    page = visit()
    first, second = fresh("Heron Foods"), fresh("Teal Paper")
    file = f"Name,Industry,Colour\n{first},food,blue\n{second},paper,red\n,food,none\n"

    page.goto("imports/new")
    page.locator("[name=noun]").select_option("companies")
    page.locator("[name=file]").set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": file.encode()}
    )
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#column-0")).to_have_value("name")
    assert _look(page, "import-mapping") == []
    page.locator("button[name=check]").click()
    verdicts = page.locator("main .table .badge")
    expect(verdicts).to_have_text(["Create", "Create", "Reject"], timeout=WORKER_MS)
    assert _look(page, "import-rows") == []
    assert _n_found(page, first) == 0

    page.go_back()
    page.locator("form[action$='/apply'] button").click()
    expect(page.locator(".answer")).to_have_text("It changed 2 of 3 rows.", timeout=WORKER_MS)
    assert _n_found(page, first) == 1

    page.go_back()
    page.locator("main .danger").click()
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator(".answer")).to_contain_text("It was taken back", timeout=WORKER_MS)
    assert _n_found(page, second) == 0


def _look(page: Page, name: str) -> list[str]:
    picture(page, name)
    return violations(page)


def _n_found(page: Page, company: str) -> int:
    page.goto(f"companies?q={company}")
    return page.locator("tbody tr").count()


def test_the_statement_ties_out_and_agrees_with_the_outlook(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("backlog/statement")
    ways = {"opening": 1, "in": 1, "out": -1, "change": 1}

    total = sum((way * _column(page, kind) for kind, way in ways.items()), Decimal(0))

    assert total == _column(page, "closing")
    page.goto("outlook")
    value = page.locator("table.versus .figure", has_text="Value owed").locator(".value")
    assert money(value.inner_text()) == total


def _column(page: Page, kind: str) -> Decimal:
    heads = page.locator("table.ledger thead th.number").all_inner_texts()
    at = next(number for number, head in enumerate(heads) if head.startswith("All in"))
    rows = page.locator(f"table.ledger tr.{kind}")
    cells = [row.locator("td.number").nth(at).inner_text() for row in rows.all()]
    signs = [-1 if cell.lstrip()[:1] in "-−" else 1 for cell in cells]
    return sum((sign * money(cell) for sign, cell in zip(signs, cells, strict=True)), Decimal(0))


def test_a_new_order_is_placed_by_hand(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Spare buckets")
    page.goto("orders/new")

    page.locator("[name=title]").fill(title)
    page.locator("[name=lines-0-title]").fill("Bucket")
    page.locator("[name=lines-0-quantity]").fill("8")
    page.locator("[name=lines-0-unit_price]").fill("75")
    page.locator("main form button.primary").click()

    expect(page.locator("h1")).to_contain_text(title)
    expect(page.locator("main")).to_contain_text("€600")


def test_the_facts_of_a_deal_are_saved_as_they_are_typed(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Penstock pipe")
    open_deal(page, title).locator("[data-handle]").click()

    page.locator("#facts [name=amount]").fill("5400")
    page.locator("#facts [name=amount]").press("Tab")

    expect(toast(page)).to_contain_text("Saved.")
    expect(page.locator(".answer")).to_contain_text("€5,400")
