"""How values stand in a field change: decimals with four places, ISO dates, codes, ids."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from penstock.base.money import exact

Value = Decimal | date | datetime | int | str | None


def encode(value: Value) -> str | None:
    """Write a value as text that never changes its meaning; None stays unknown.

    >>> encode(Decimal("12.5")), encode(date(2026, 3, 1)), encode(7), encode("")
    ('12.5000', '2026-03-01', '7', None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return str(exact(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
