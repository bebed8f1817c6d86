"""A won deal places its order, once; a reopened one takes it back if nothing was delivered."""

from __future__ import annotations

from decimal import Decimal

from penstock.backlog import orders
from penstock.backlog.models import Line, Order
from penstock.base.money import ZERO, net_value
from penstock.flow.models import Finding, Link
from penstock.sales.deals import DealReopened, DealWon
from penstock.sales.models import Deal

REOPENED = "deal_reopened"


def place_order(event: DealWon) -> None:
    """Place one line: the deal's title, quantity 1, its amount, hours unknown.

    A deal that was won before has its order already: the order comes back as it was, and another
    amount is proposed as an amendment instead of being written over the promise.
    """
    deal = event.deal
    order = order_of(deal)
    if order is not None:
        orders.reinstate_withdrawn(order, reason=REOPENED, by=event.by)
        _propose_amendment(deal, order)
        return
    assert deal.amount is not None, "a deal is won with an amount"
    line = orders.NewLine(title=deal.item.title, unit_price=deal.amount, product=deal.product)
    orders.place(
        deal.workspace,
        title=deal.item.title,
        lines=[line],
        by=event.by,
        company=deal.company,
        owner=deal.item.owner,
        currency=deal.currency,
        at=event.at,
        placed_by=deal.item,
    )


def withdraw_order(event: DealReopened) -> None:
    """Cancel the order of a deal that is open again."""
    order = order_of(event.deal)
    if order is not None:
        orders.withdraw_unstarted(order, reason=REOPENED, by=event.by)


def order_of(deal: Deal) -> Order | None:
    """The order that a deal placed, if any."""
    link = Link.objects.filter(source_id=deal.pk, kind="placed").first()
    return Order.objects.select_related("item").get(pk=link.target_id) if link else None


def _propose_amendment(deal: Deal, order: Order) -> None:
    ordered = sum((_ordered_value(line) for line in order.lines.all()), start=ZERO)
    if (ordered, order.currency) != (deal.amount, deal.currency):
        Finding.objects.get_or_create(
            workspace_id=deal.workspace_id,
            item=order.item,
            code="amount_differs",
            detail={"deal": str(deal.amount), "order": str(ordered), "currency": deal.currency},
            withdrawn_at=None,
        )


def _ordered_value(line: Line) -> Decimal:
    return net_value(
        quantity=line.ordered_quantity,
        unit_price=line.unit_price,
        discount_share=line.discount_share,
    )
