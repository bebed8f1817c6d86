"""Orders, lines, the ledger, work items."""

from penstock.backlog.models.entry import Entry
from penstock.backlog.models.line import Line
from penstock.backlog.models.order import Order
from penstock.backlog.models.work_item import WorkItem

__all__ = ["Entry", "Line", "Order", "WorkItem"]
