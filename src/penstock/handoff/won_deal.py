"""A won deal places its order, once; a reopened one takes it back if nothing was delivered.

With an accepted proposal the order has its lines, and comes to the same sum, coin for coin.
"""

from __future__ import annotations

from decimal import Decimal

from penstock.backlog import orders, splitting, standing
from penstock.backlog.models import Entry, Order
from penstock.base.money import ZERO
from penstock.flow import dating
from penstock.flow.models import Finding, Link
from penstock.sales import offers, proposal_lines, proposal_records
from penstock.sales.deals import DealReopened, DealWon
from penstock.sales.models import Deal, ProposalEvent
from penstock.sales.offers import Counting
from penstock.users.models import Member

REOPENED = "deal_reopened"


def place_order(event: DealWon) -> None:
    """Place the lines of the accepted proposal; without one a line of the deal's title and amount.

    A deal that was won before has its order already: the order comes back as it was, and another
    amount or another version is proposed as an amendment instead of being written over the promise.
    """
    deal = event.deal
    order, agreed = order_of(deal), offers.accepted(deal.pk)
    if order is not None:
        for one in splitting.family(order):
            orders.reinstate_withdrawn(one, reason=REOPENED, by=event.by)
        _propose_amendment(deal, order, agreed=agreed)
        return
    orders.place(
        deal.workspace,
        title=deal.item.title,
        lines=lines_of(agreed) if agreed else [_line_of(deal)],
        by=event.by,
        company=deal.company,
        owner=deal.item.owner,
        currency=agreed.version.proposal.currency if agreed else deal.currency,
        at=event.at,
        placed_by=deal.item,
    )
    if agreed:
        note_ordered(agreed, by=event.by)


def withdraw_order(event: DealReopened) -> None:
    """Cancel the order of a deal that is open again, and what was split off from it."""
    order = order_of(event.deal)
    if order is not None:
        for one in splitting.family(order):
            orders.withdraw_unstarted(one, reason=REOPENED, by=event.by)


def order_of(deal: Deal) -> Order | None:
    """The order that a deal placed, if any."""
    link = Link.objects.filter(source_id=deal.pk, kind="placed").first()
    return Order.objects.select_related("item").get(pk=link.target_id) if link else None


def _line_of(deal: Deal) -> orders.NewLine:
    assert deal.amount is not None, "a deal is won with an amount"
    return orders.NewLine(title=deal.item.title, unit_price=deal.amount, product=deal.product)


def lines_of(agreed: Counting) -> list[orders.NewLine]:
    """The lines of an accepted version with the options chosen, each worth what was printed."""
    currency = agreed.version.proposal.currency
    rows = agreed.version.lines.select_related("product")
    return [
        orders.NewLine(
            title=row.title,
            quantity=row.quantity,
            unit_price=row.unit_price,
            discount_share=row.discount_share,
            tax_share=row.tax_share,
            hours=row.hours,
            product=row.product,
            unit=row.unit,
            value=proposal_lines.value(row, currency),
        )
        for row in rows
        if not row.is_optional or row.mark in agreed.options
    ]


def note_ordered(agreed: Counting, *, by: Member | None) -> None:
    """Say of the version that its lines are the order."""
    proposal_records.write(
        agreed.version,
        kind=ProposalEvent.Kind.ORDERED,
        by=by,
        times=dating.when(None),
        amount=agreed.amount,
    )


def _propose_amendment(deal: Deal, order: Order, *, agreed: Counting | None) -> None:
    amount, currency = (
        (agreed.amount, agreed.version.proposal.currency)
        if agreed
        else (deal.amount, deal.currency)
    )
    ordered, before = _ordered_value(order), offers.ordered(deal.pk)
    is_other = agreed is not None and before is not None and before.pk != agreed.version.pk
    if is_other or (ordered, order.currency) != (amount, currency):
        detail = {"deal": str(amount), "order": str(ordered), "currency": currency}
        if agreed is not None:
            detail["proposal"] = agreed.version.proposal.key
            detail["version"] = str(agreed.version.number)
        Finding.objects.get_or_create(
            workspace_id=deal.workspace_id,
            item=order.item,
            code="amount_differs",
            detail=detail,
            withdrawn_at=None,
        )


def _ordered_value(order: Order) -> Decimal:
    """What the order came to: what was accepted, with all later changes of quantity and price."""
    kinds = (Entry.Kind.ACCEPTED, Entry.Kind.AMENDED, Entry.Kind.REVALUED)
    rows = standing.counting(Entry.objects.filter(order=order, kind__in=kinds))
    return sum((row.value for row in rows), start=ZERO)
