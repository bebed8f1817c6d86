"""The second currency of the sample company: customers abroad, and the rates of each month."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

from penstock.catalog import rates
from penstock.catalog.rates import Stated
from penstock.contacts.models import Company
from penstock.intake.sample.company import DAYS, Cast

#: Currency abroad, and what one unit of it was worth when the story began.
ABROAD = {"EUR": ("USD", Decimal("0.92")), "RUB": ("EUR", Decimal("96"))}
#: Every sixth customer is abroad.
EVERY, FIRST = 6, 2


def currency_of(cast: Cast, company: Company) -> str:
    """In which currency a customer buys."""
    own = cast.words.currency
    is_abroad = cast.companies.index(company) % EVERY == FIRST
    return ABROAD[own][0] if is_abroad else own


def priced(cast: Cast, amount: Decimal, currency: str) -> Decimal:
    """A price of the catalog in the currency of a customer, rounded to tens."""
    if currency == cast.words.currency:
        return amount
    return (amount / ABROAD[cast.words.currency][1]).quantize(Decimal(1))


def state(cast: Cast) -> None:
    """A rate on the first of each month, that wanders by a few per cent."""
    own = cast.words.currency
    currency, start = ABROAD[own]
    day = (cast.now - timedelta(days=DAYS + 31)).date().replace(day=1)
    said: list[Stated] = []
    while day <= cast.now.date():
        sway = Decimal(str(round(1 + 0.04 * math.sin(len(said) / 2.3) - 0.002 * len(said), 4)))
        said.append(Stated(currency, own, day, (start * sway).quantize(Decimal("0.0001"))))
        day = _month_after(day)
    rates.enter_many(cast.workspace, said, by=cast.members[1], source="")


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
