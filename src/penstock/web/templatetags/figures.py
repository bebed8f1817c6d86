"""Figures in templates, written by :mod:`penstock.web.figures`."""

from __future__ import annotations

from decimal import Decimal

from django import template

from penstock.web import figures

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency; nothing for an unknown one."""
    return "" if amount is None else figures.money(amount, currency)


@register.filter
def stored_money(amount: str, currency: str) -> str:
    """An amount that was kept as text."""
    return figures.money(Decimal(amount), currency)


@register.filter
def signed_money(amount: Decimal, currency: str) -> str:
    """A change of money: with a plus or a true minus; zero without."""
    text = figures.money(abs(amount), currency)
    return f"{'−' if amount < 0 else '+'}{text}" if amount else text


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """A number with the decimal places it needs, four at most; nothing for an unknown one."""
    if value is None:
        return ""
    places = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return figures.number(value, places=min(places, 4))


@register.filter
def signed(value: Decimal) -> str:
    """A change: with a plus or a true minus."""
    return f"{'−' if value < 0 else '+'}{quantity(abs(value))}"


@register.filter
def share(value: Decimal | None) -> str:
    """A share in per cent, with the places it needs; nothing for zero and for an unknown one."""
    if not value:
        return ""
    per_cent = value * 100
    return figures.share(value, places=0 if per_cent == per_cent.to_integral_value() else 1)
