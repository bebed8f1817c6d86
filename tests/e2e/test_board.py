"""The board: moves, refusals, answers in place, and what an address shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import card, cards, drag, find, fresh, open_deal, toast, zone

pytestmark = pytest.mark.e2e


def test_a_drop_is_undone(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Draft tube")
    deal = open_deal(page, title, amount="300")

    drag(page, deal, cards(page, 1))
    expect(cards(page, 1).locator("[data-card]")).to_have_attribute("data-title", title)
    toast(page).locator("button.undo").click()

    expect(cards(page, 0).locator("[data-card]")).to_have_attribute("data-title", title)
    expect(cards(page, 1).locator("[data-card]")).to_have_count(0)


def test_a_card_is_put_back_with_escape(visit: Callable[..., Page]) -> None:
    page = visit()
    deal = open_deal(page, fresh("Spiral case"))

    deal.locator("[data-handle]").focus()
    for key in ("m", "ArrowRight", "Escape"):
        page.keyboard.press(key)

    expect(page.locator("[data-voice]")).to_have_text("Put back; nothing was moved.")
    expect(cards(page, 0).locator("[data-card]")).to_have_count(1)


def test_a_deal_without_amount_asks_for_it_and_wins(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Wicket gate")
    deal = open_deal(page, title)

    drag(page, deal, zone(page, "won"))
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=amount]").fill("480")
    dialog.locator("button[type=submit]").click()

    expect(toast(page)).to_contain_text(f"“{title}” is won.")
    expect(dialog).to_have_count(0)


def test_a_deal_whose_win_is_called_off_stays(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Trash rack")
    deal = open_deal(page, title)

    drag(page, deal, zone(page, "won"))
    page.locator("dialog[open] footer [data-close]").click()

    expect(cards(page, 0).locator("[data-card]")).to_have_attribute("data-title", title)
    find(page, title)


def test_a_lost_deal_asks_for_the_reason(visit: Callable[..., Page]) -> None:
    page = visit(language="ru")
    title = fresh("Турбина")
    deal = open_deal(page, title, amount="900")

    drag(page, deal, zone(page, "lost"))
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=reason]").select_option(index=1)
    dialog.locator("button[type=submit]").click()

    expect(toast(page)).to_contain_text(title)
    expect(card(page, title)).to_have_count(0)
    page.goto(f"pipeline?view=list&state=lost&q={title}")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_parked_deal_asks_for_the_day(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Stop log")
    deal = open_deal(page, title, amount="150")

    drag(page, deal, zone(page, "park"))
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=until]").fill(str(datetime.now(UTC).date() + timedelta(days=40)))
    dialog.locator("button[type=submit]").click()

    expect(toast(page)).to_contain_text(f"“{title}” is parked.")
    expect(card(page, title)).to_have_count(0)


def test_a_card_is_moved_by_its_menu_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit(width=390)
    title = fresh("Runner")
    deal = open_deal(page, title)

    deal.locator("[data-move]").click()
    page.locator("dialog[data-goals] [data-goal=stage]").nth(2).click()

    expect(toast(page)).to_contain_text(title)
    expect(cards(page, 2).locator("[data-card]")).to_have_attribute("data-title", title)


def test_a_colleagues_move_slides_in(visit: Callable[..., Page]) -> None:
    mine, theirs = visit(), visit(language="ru")
    title = fresh("Shaft seal")
    open_deal(mine, title)
    deal = find(theirs, title)

    drag(theirs, deal, cards(theirs, 1))

    expect(cards(mine, 1).locator("[data-card]")).to_have_attribute("data-title", title)
    expect(cards(mine, 0).locator("[data-card]")).to_have_count(0)


def test_a_filter_stands_in_the_address(visit: Callable[..., Page]) -> None:
    page = visit()
    title = fresh("Surge tank")
    open_deal(page, title)
    page.goto("pipeline?view=list")

    page.locator("#filter_q").press_sequentially(title)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"view=list.*q=Surge"))

    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_board_of_the_past_is_only_read(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("pipeline")

    page.locator("#as-of summary").click()
    page.locator("#as-of-date").fill(str(datetime.now(UTC).date() - timedelta(days=90)))
    page.locator("#as-of button[type=submit]").click()

    expect(page.locator(".past-note")).to_be_visible()
    expect(page.locator("[data-card]")).not_to_have_count(0)
    expect(page.locator("[data-move], .zone")).to_have_count(0)
