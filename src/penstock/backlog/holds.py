"""Orders and lines that wait for somebody: held, and released.

A hold is the blocker of an item: of the order's for all of it, of the item of its work for one line.
There is no other record of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.backlog import work
from penstock.backlog.models import Line, Order
from penstock.base.errors import RuleBroken
from penstock.flow import blockers, items
from penstock.flow.models import Blocker, Item
from penstock.users.models import Member

#: Why an order is held, and who can usually remove it.
CAUSES: dict[str, tuple[Promise, str]] = {
    "payment": (_("A payment is missing"), Blocker.Side.CUSTOMER),
    "question": (_("The customer has to answer a question"), Blocker.Side.CUSTOMER),
    "wish": (_("The customer asked to wait"), Blocker.Side.CUSTOMER),
    "material": (_("Material or parts are missing"), Blocker.Side.SUPPLIER),
    "service": (_("A service from outside is missing"), Blocker.Side.SUPPLIER),
    "quality": (_("A fault has to be mended first"), Blocker.Side.OURS),
    "decision": (_("We have to decide something"), Blocker.Side.OURS),
    "machine": (_("A machine or a person is missing"), Blocker.Side.OURS),
    "other": (_("Something else"), Blocker.Side.OURS),
}

#: For whom it waits, as the end of a sentence.
WAITS_FOR: dict[str, Promise] = {
    "ours": pgettext_lazy("waits for", "us"),
    "customer": pgettext_lazy("waits for", "the customer"),
    "supplier": pgettext_lazy("waits for", "a supplier"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """Cause, who can remove it, and the day by which that is expected; None while unknown."""

    cause: str
    side: str
    until: date | None = None


def hold(
    order: Order,
    why: Why,
    *,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Blocker:
    """Hold all that is owed of an order until it is released; held again it has another cause.

    Nothing in the ledger changes: it stays owed, but is not workable. Delivering it all ends the
    hold.

    Raises:
        RuleBroken: ``backlog.nothing_to_hold`` when nothing is owed, and as ``flow.blockers.block``.
    """
    with transaction.atomic():
        item = items.lock(order.pk)
        if not item.is_open:
            raise _nothing_to_hold()
        return _block(item, why, by=by, at=at, known=known, source_key=source_key)


def release(
    order: Order,
    *,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Blocker | None:
    """End the hold of an order; one that is not held stays as it is, and lines keep their own."""
    return blockers.clear(order.item, by=by, at=at, known=known, source_key=source_key)


def hold_line(
    line: Line,
    why: Why,
    *,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Blocker:
    """Hold what is owed of one line; the others stay workable.

    Raises:
        RuleBroken: ``backlog.nothing_to_hold``; ``backlog.charge_held`` for a charge, which goes with
            its order.
    """
    with transaction.atomic():
        items.lock(line.order_id)
        line = Line.objects.get(pk=line.pk)
        if not line.is_open:
            raise _nothing_to_hold()
        return _block(_item_of(line), why, by=by, at=at, known=known, source_key=source_key)


def release_line(
    line: Line,
    *,
    by: Member | None,
    at: datetime | None = None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Blocker | None:
    """End the hold of one line; a line that is not held stays as it is."""
    with transaction.atomic():
        items.lock(line.order_id)
        return blockers.clear(_item_of(line), by=by, at=at, known=known, source_key=source_key)


def _block(item: Item, why: Why, **told: Any) -> Blocker:
    return blockers.block(item, cause=why.cause, side=why.side, until=why.until, **told)


def _item_of(line: Line) -> Item:
    behind = work.of(line)
    if behind is None:
        raise RuleBroken(
            "backlog.charge_held",
            _("A charge goes with its order and is not held alone. Hold the order instead."),
        )
    item: Item = behind.item
    return item


def _nothing_to_hold() -> RuleBroken:
    return RuleBroken("backlog.nothing_to_hold", _("Nothing of it is owed, so nothing can wait."))
