"""What is around every page: search, commands, keys, language, theme, leaving."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import fresh, open_deal
from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.e2e


def test_the_palette_leads_to_a_page(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("companies")

    page.keyboard.press("Control+k")
    page.keyboard.type("backl")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/backlog$"))


def test_the_palette_finds_a_deal(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Governor")
    open_deal(page, title)

    page.keyboard.press("Control+k")
    page.keyboard.type(title)
    page.locator("#palette-found a", has_text=title).click()

    expect(page.locator("h1")).to_contain_text(title)


def test_keys_lead_and_are_listed(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("companies")

    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.type("go")

    expect(page).to_have_url(re.compile(r"/outlook$"))


def test_the_bell_asks_again_when_a_page_without_a_stream_is_looked_at_again(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    page.goto("companies")
    expect(page.locator("#bell[data-live]")).to_be_visible()
    page.wait_for_timeout(1100)

    with page.expect_response("**/notices/bell") as asked:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert asked.value.ok


def test_language_and_theme_are_chosen(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("backlog")

    page.locator(".bar details.menu").last.locator("summary").click()
    page.locator("[data-set-theme=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("button[name=language][value=ru]").click()

    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile(r"/backlog$"))


def test_signing_out_closes_the_door(visit: Callable[..., Page]) -> None:
    page = visit(stranger=True)
    sign_in(page)
    inside = page.url

    page.locator(".bar details.menu").last.locator("summary").click()
    page.locator("form[action='/accounts/logout/'] button[type=submit]").click()
    page.goto(inside)

    expect(page.locator("input[name=password]")).to_be_visible()
