"""What a hand does on a board."""

from __future__ import annotations

import re
import time
from itertools import count

from playwright.sync_api import Locator, Page, expect

#: SortableJS wants to see the pointer travel.
STEPS = 12

_numbers = count(int(time.time()) % 100_000)


def fresh(name: str) -> str:
    """A name that no other test uses, nor an earlier run on the same product."""
    return f"{name} {next(_numbers)}"


def open_deal(page: Page, title: str, *, amount: str = "", company: str = "") -> Locator:
    """Open a deal through the dialog; returns its card on the board."""
    page.goto("pipeline")
    page.locator("#create").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=title]").fill(title)
    dialog.locator("[name=amount]").fill(amount)
    dialog.locator("[name=company]").fill(company)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    return find(page, title)


def find(page: Page, title: str) -> Locator:
    """The card of a deal, on a board that shows little else."""
    page.goto(f"pipeline?q={title}")
    found = card(page, title)
    expect(found).to_be_visible()
    return found


def card(page: Page, title: str) -> Locator:
    """The card of a deal."""
    return page.locator(f'[data-card][data-title="{title}"]')


def cards(page: Page, place: int) -> Locator:
    """Where the cards of a column lie; columns count from 0."""
    return page.locator("[data-board] .column > .cards").nth(place)


def zone(page: Page, name: str) -> Locator:
    """Where a card is dropped to be won, lost or parked."""
    return page.locator(f'[data-drop="zone"][data-value="{name}"]')


def drag(page: Page, what: Locator, to: Locator) -> None:
    """Press, pull and let go with the mouse."""
    what.scroll_into_view_if_needed()
    page.mouse.move(*_middle(what))
    page.mouse.down()
    x, y = _middle(what)
    page.mouse.move(x + 10, y + 10, steps=4)
    expect(page.locator("html")).to_have_class(re.compile("is-holding"))
    page.mouse.move(*_middle(to), steps=STEPS)
    expect(to.locator(".is-ghost")).to_have_count(1)
    page.mouse.up()


def toast(page: Page) -> Locator:
    """What the product just said."""
    return page.locator("#toasts .toast").last


def _middle(what: Locator) -> tuple[float, float]:
    box = what.bounding_box()
    assert box, "it is in sight"
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 60)
