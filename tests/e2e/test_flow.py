"""From a deal to a delivered order: the main thing that people do here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import drag, fresh, open_deal, toast, zone
from tests.e2e.figures import owed

pytestmark = pytest.mark.e2e


def test_a_stranger_is_asked_to_sign_in(visit: Callable[..., Page]) -> None:
    page = visit(stranger=True)

    page.goto("pipeline")

    expect(page.locator("input[name=password]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_deal_is_won_by_mouse_and_its_order_delivered(
    visit: Callable[..., Page], language: str
) -> None:
    page = visit(language=language)
    title = fresh("Fish ladder")
    before = owed(page)
    deal = open_deal(page, title, amount="1250")

    drag(page, deal, zone(page, "won"))
    expect(toast(page)).to_contain_text(title)

    assert owed(page) - before == Decimal(1250)

    order = page.locator("#queue tbody a", has_text=title)
    page.goto(f"backlog?q={title}")
    order.click()
    expect(page.locator("h1")).to_contain_text(title)
    deliver(page)

    assert owed(page) == before


def test_a_deal_is_won_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    before = owed(page)
    title = fresh("Weir gate")
    deal = open_deal(page, title, amount="700")
    voice = page.locator("[data-voice]")

    deal.locator("[data-handle]").focus()
    page.keyboard.press("m")
    expect(voice).to_contain_text(f"{title} is taken")
    for _stage in range(page.locator("[data-board] .column").count()):
        page.keyboard.press("ArrowRight")
    expect(voice).to_contain_text("Won")
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text(f"“{title}” is won.")

    assert owed(page) - before == Decimal(700)


def deliver(page: Page) -> None:
    """Deliver all that is left of the order in sight."""
    page.locator("#order-actions a.primary").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    expect(toast(page)).to_be_visible()
