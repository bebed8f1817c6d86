"""Products and prices."""

from penstock.catalog.models.product import Price, Product

__all__ = ["Price", "Product"]
