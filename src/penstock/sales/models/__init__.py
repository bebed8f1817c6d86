"""Deals and the people on them."""

from penstock.sales.models.deal import Deal, DealPerson

__all__ = ["Deal", "DealPerson"]
