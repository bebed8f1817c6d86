"""A delivered order is followed up; one that comes back is not, as far as nothing was done yet."""

from __future__ import annotations

from penstock.backlog.models import Order
from penstock.backlog.standing import OrderFulfilled, OrderUnfulfilled
from penstock.base.money import ZERO, net_value
from penstock.sales import followups


def follow_up(event: OrderFulfilled) -> None:
    """Plan the survey, the renewal and the upsells that the rules of the workspace name."""
    order = Order.objects.select_related("company").get(pk=event.item.pk)
    lines = list(order.lines.all())
    followups.after_delivery(
        followups.Delivered(
            order=event.item,
            at=event.at,
            amount=sum(
                (
                    net_value(
                        quantity=line.ordered_quantity,
                        unit_price=line.unit_price,
                        discount_share=line.discount_share,
                    )
                    for line in lines
                ),
                start=ZERO,
            ),
            currency=order.currency,
            deal=followups.deal_behind(event.item),
            company=order.company,
            product_ids=[line.product_id for line in lines if line.product_id is not None],
        )
    )


def call_off(event: OrderUnfulfilled) -> None:
    """Call off what was planned: a customer who sent something back is not asked how it went."""
    followups.call_off(event.item)
