"""Writing the lines of a proposal: the total follows every key and every choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def test_total_moves_when_a_product_is_picked_in_a_fresh_row(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("proposals")
    page.locator("main tbody th a").first.wait_for()
    drafts = page.locator("main tbody tr", has_text="Draft").locator("th a")
    drafts.first.click()
    page.locator("a[href$='/edit']").click()
    before = page.locator("#sums").inner_text()

    page.locator("[data-add-row]").click()
    page.locator("tbody[data-lines] select[name$='-product']").last.select_option(index=1)

    expect(page.locator("#sums")).not_to_have_text(before, use_inner_text=True)
