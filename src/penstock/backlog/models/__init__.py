"""Orders, lines, the ledger, work items, who can work how much."""

from penstock.backlog.models.baseline import Baseline
from penstock.backlog.models.capacity import Absence, Disruption, Place
from penstock.backlog.models.delivery import Delivery, DeliveryPart
from penstock.backlog.models.dependency import Dependency
from penstock.backlog.models.deposit import Deposit
from penstock.backlog.models.entry import Entry
from penstock.backlog.models.expedite import Expedite, ExpediteWording, Overtaken
from penstock.backlog.models.forecast import Forecast
from penstock.backlog.models.line import Line
from penstock.backlog.models.order import Order
from penstock.backlog.models.promise_reason import PromiseReason, PromiseWording
from penstock.backlog.models.queue import QueueRule, RankChange
from penstock.backlog.models.work_item import WorkItem

__all__ = [
    "Absence",
    "Baseline",
    "Delivery",
    "DeliveryPart",
    "Dependency",
    "Deposit",
    "Disruption",
    "Entry",
    "Expedite",
    "ExpediteWording",
    "Forecast",
    "Line",
    "Order",
    "Overtaken",
    "Place",
    "PromiseReason",
    "PromiseWording",
    "QueueRule",
    "RankChange",
    "WorkItem",
]
