"""Products, prices and exchange rates."""

from penstock.catalog.models.product import Price, Product
from penstock.catalog.models.rate import Rate

__all__ = ["Price", "Product", "Rate"]
