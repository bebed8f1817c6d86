"""What the pages say in figures."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page


def owed(page: Page) -> Decimal:
    """What the statement says is owed at the end of today."""
    page.goto("backlog/statement")
    return money(page.locator("table.ledger tr.closing td.number").nth(1).inner_text())


def money(text: str) -> Decimal:
    """An amount as either language writes it: €1,525.50 or 1 525,50 €."""
    found = re.search(r"(\d[\d\s,.]*?)(?:[.,](\d\d))?\D*$", text)
    assert found, text
    return Decimal(re.sub(r"\D", "", found[1]) + "." + (found[2] or "0"))
