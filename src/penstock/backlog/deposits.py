"""Payments towards an order before it is delivered: received, refunded, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from penstock.backlog import orders, standing
from penstock.backlog.models import Deposit, Entry, Order
from penstock.base.errors import Conflict, RuleBroken
from penstock.base.money import ZERO, exact
from penstock.flow import items, replay
from penstock.flow.dating import When, when
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Told:
    """Who says it, when it happened (None for now), and its idempotency key."""

    by: Member | None
    at: datetime | None = None
    source_key: str | None = None


def receive(order: Order, *, amount: Decimal, told: Told) -> Deposit:
    """Take a payment in. Calling it twice with one source key takes it once.

    Raises:
        RuleBroken: ``backlog.deposit_amount`` unless above zero with at most four decimal places,
            ``flow.before_opening``, ``flow.future``. Conflict: ``backlog.source_key``.
    """
    _check(amount)
    return _write(order, amount=amount, told=told)


def refund(order: Order, *, amount: Decimal, told: Told) -> Deposit:
    """Pay back some of what is held.

    Raises:
        RuleBroken: ``backlog.refund_too_much`` when less is held, and as :func:`receive`.
    """
    _check(amount)
    return _write(order, amount=-amount, told=told)


def withdraw(row: Deposit, *, by: Member | None) -> Deposit:
    """Say that a payment or refund never was. Safe to call twice.

    Raises:
        RuleBroken: ``backlog.refund_too_much`` when more was refunded than would have been received.
    """
    with transaction.atomic():
        items.lock(row.item_id)
        told = Deposit.objects.filter(supersedes=row).first()
        if told is not None:
            return told
        if held(row.item_id) < row.amount:
            raise _too_much(held(row.item_id))
        times = when(None)
        columns = When(row.occurred_at, times.known_at, row.is_assumed, times.batch).columns()
        return Deposit.objects.create(
            workspace_id=row.workspace_id,
            item_id=row.item_id,
            amount=row.amount,
            supersedes=row,
            is_void=True,
            by=by,
            **columns,
        )


def held(item_id: int) -> Decimal:
    """What was received and not refunded."""
    rows = replay.effective(Deposit.objects.filter(item_id=item_id))
    return sum((row.amount for row in rows), start=ZERO)


def due_back(order: Order) -> Decimal:
    """What a customer gets back when all that is left is cancelled: the part that pays for no delivery."""
    worth = standing.counting(
        Entry.objects.filter(order_id=order.pk, kind__in=standing.DELIVERED)
    ).aggregate(n=Sum("value"))["n"]
    return max(ZERO, held(order.pk) + (worth or ZERO))


def cancel(order: Order, *, reason: str, pay_back: Decimal | None, told: Told) -> list[Entry]:
    """Cancel what is left of an order and pay back a part of its deposit, both or neither."""
    with transaction.atomic():
        entries = orders.cancel_rest(order, reason=reason, by=told.by, at=told.at)
        if pay_back:
            refund(order, amount=pay_back, told=told)
        return entries


def allow_free_cancelling(order: Order, *, is_free: bool) -> Order:
    """Say whether the customer may cancel without penalty; such orders are no firm backlog."""
    Order.objects.filter(pk=order.pk).update(is_cancellable_without_penalty=is_free)
    order.is_cancellable_without_penalty = is_free
    return order


def _write(order: Order, *, amount: Decimal, told: Told) -> Deposit:
    with transaction.atomic():
        item = items.lock(order.pk)
        if told.source_key and (row := _told_before(order, told.source_key)):
            if (row.item_id, row.amount) != (order.pk, amount):
                raise Conflict(
                    "backlog.source_key",
                    _(
                        "This record was taken in before as another entry. Give it a key of its own."
                    ),
                )
            return row
        if -amount > held(order.pk):
            raise _too_much(held(order.pk))
        times = when(told.at)
        items.check_time(item, at=times.occurred_at)
        return Deposit.objects.create(
            workspace_id=order.workspace_id,
            item=item,
            amount=amount,
            by=told.by,
            source_key=told.source_key,
            **times.columns(),
        )


def _told_before(order: Order, source_key: str) -> Deposit | None:
    found = Deposit.objects.filter(workspace_id=order.workspace_id, source_key=source_key)
    return found.first()


def _check(amount: Decimal) -> None:
    try:
        is_money = amount > 0 and amount == exact(amount)
    except ValueError:
        is_money = False
    if not is_money:
        raise RuleBroken(
            "backlog.deposit_amount",
            _("Enter an amount above zero, with at most four decimal places."),
            needs=["amount"],
        )


def _too_much(limit: Decimal) -> RuleBroken:
    return RuleBroken(
        "backlog.refund_too_much",
        _("Only %(limit)s is held of this customer's deposit. Enter at most that.")
        % {"limit": f"{limit.normalize():f}"},
        needs=["amount", "pay_back"],
    )
