"""Products, prices, exchange rates, and when people work."""

from penstock.catalog.models.calendar import Calendar, CalendarDay, CalendarWeek
from penstock.catalog.models.product import Price, Product
from penstock.catalog.models.rate import Rate

__all__ = ["Calendar", "CalendarDay", "CalendarWeek", "Price", "Product", "Rate"]
