"""A visitor fills in a form in a real browser, on its own page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import fresh

pytestmark = pytest.mark.e2e


def test_visitor_sends_a_form_and_it_becomes_a_lead(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("settings/forms")
    page.locator("main tbody th a").last.click()
    address = page.locator("#form-url").input_value()
    name = fresh("Visitor")

    page.goto(f"{address}?utm_medium=cpc")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=email]").fill(f"{name.split()[-1]}@customer.example".lower())
    page.locator("input[name=agrees]").check()
    page.locator("button[type=submit]").click()
    # A person takes longer than that; a machine is asked once more.
    again = page.locator("p[role=status]")
    expect(again.or_(page.locator("h1", has_text="Thank you"))).to_be_visible()
    if again.is_visible():
        page.wait_for_timeout(3500)
        page.locator("input[name=agrees]").check()
        page.locator("button[type=submit]").click()

    expect(page).to_have_url(re.compile(r"\?thanks$"))
    page.goto("leads")
    expect(page.locator("#leads")).to_contain_text(name)


def test_lead_appears_in_an_open_inbox_without_a_reload(visit: Callable[..., Page]) -> None:
    inbox, other = visit(), visit()
    inbox.goto("leads")
    inbox.evaluate("window.opened = true")
    title = fresh("Wheel")

    other.goto("leads")
    other.get_by_role("link", name="New lead").click()
    other.locator("dialog input[name=title]").fill(title)
    other.locator("dialog select[name=channel]").select_option("phone")
    other.locator("dialog button[type=submit]").click()

    expect(inbox.locator("#leads tbody tr", has_text=title)).to_be_visible()
    assert inbox.evaluate("window.opened")
