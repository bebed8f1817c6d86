"""Adding up a document with lines, discounts and taxes so that it ties out to the smallest coin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from penstock.base.money import ZERO, payable


@dataclass(frozen=True, slots=True)
class Position:
    """The figures of one line; one that does not count is only offered."""

    quantity: Decimal
    unit_price: Decimal
    discount_share: Decimal = Decimal(0)
    tax_share: Decimal = Decimal(0)
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Tax:
    """What one rate comes to: its base and the tax on it."""

    share: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """A document added up: without tax, the tax of each rate, with tax; n counts its lines."""

    currency: str
    list_price: Decimal
    net: Decimal
    taxes: tuple[Tax, ...]
    n: int

    @property
    def discount(self) -> Decimal:
        """What the discounts take off."""
        return self.list_price - self.net

    @property
    def tax(self) -> Decimal:
        """The tax of all rates."""
        return sum((one.tax for one in self.taxes), start=ZERO)

    @property
    def gross(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax


def line_value(position: Position, currency: str) -> Decimal:
    """A line without tax, as it stands on paper: quantity × price × (1 − discount), in whole coins.

    >>> line_value(Position(Decimal(3), Decimal("9.99"), Decimal("0.1")), "EUR")
    Decimal('26.9700')
    """
    value = position.quantity * position.unit_price * (1 - position.discount_share)
    return payable(value, currency)


def added_up(positions: Iterable[Position], *, currency: str) -> Totals:
    """Add up the lines that count.

    Each line is rounded to the coin, and the sum of the lines is the total: who adds up the printed
    lines gets the printed total. Tax is taken once per rate from the sum of its lines, and rounded
    there; rates come in order, zero left out where nothing else is.

    Source: EN 16931-1:2017, rules BR-CO-10 (sum of line amounts), BR-CO-17 (tax amount of a
    category = its taxable amount × rate, rounded to two decimals), BR-CO-15 (total with tax).

    >>> two = [Position(Decimal(1), Decimal("0.33"), tax_share=Decimal("0.19"))] * 3
    >>> total = added_up(two, currency="EUR")
    >>> total.net, total.tax, total.gross
    (Decimal('0.9900'), Decimal('0.1900'), Decimal('1.1800'))
    >>> added_up([], currency="EUR").gross
    Decimal('0.0000')
    """
    counted = [one for one in positions if one.counts]
    bases: dict[Decimal, Decimal] = {}
    for one in counted:
        share = one.tax_share.normalize()
        bases[share] = bases.get(share, ZERO) + line_value(one, currency)
    taxes = (Tax(share, net, payable(net * share, currency)) for share, net in bases.items())
    return Totals(
        currency=currency,
        list_price=sum((payable(p.quantity * p.unit_price, currency) for p in counted), start=ZERO),
        net=sum(bases.values(), start=ZERO),
        taxes=tuple(sorted(taxes, key=lambda tax: tax.share)),
        n=len(counted),
    )
