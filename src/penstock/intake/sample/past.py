"""What is long over, written set-wise: the same rows as verb by verb, in a twentieth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from penstock.backlog import bulk as backlog_bulk
from penstock.backlog.bulk import NewLine, NewOrder
from penstock.base.money import exact
from penstock.flow.bulk import Batch, NewItem
from penstock.flow.models import Link
from penstock.intake.sample.company import Cast
from penstock.intake.sample.deals import Life, reasons, stages
from penstock.intake.sample.orders import Future, Repeat
from penstock.sales import bulk as sales_bulk
from penstock.sales.bulk import NewDeal
from penstock.sales.models import DealPerson


def write_deals(cast: Cast, lives: Sequence[Life]) -> None:
    """Write deals that are over, and the orders of those that were won."""
    news = [_deal(life) for life in lives]
    batch = _batch(cast)
    sales_bulk.open_deals(news, currency=cast.words.currency, batch=batch)
    DealPerson.objects.bulk_create(
        DealPerson(
            workspace=cast.workspace, deal_id=new.item.pk, person=life.person, part="contact"
        )
        for life, new in zip(lives, news, strict=True)
    )
    won = [
        (life, new, Future(cast, life.story[-1].at))
        for life, new in zip(lives, news, strict=True)
        if new.item.verdict == "won"
    ]
    placed = [_order_of(life, future) for life, _new, future in won]
    backlog_bulk.place_orders(placed, batch=batch)
    Link.objects.bulk_create(
        Link(workspace=cast.workspace, source_id=new.item.pk, target_id=order.pk, kind="placed")
        for (_life, new, _future), order in zip(won, placed, strict=True)
    )
    for (_life, _new, future), order in zip(won, placed, strict=True):
        _go_on(cast, future, order)


def write_repeats(cast: Cast, repeats: Sequence[Repeat]) -> None:
    """Write orders that were placed without a deal long ago."""
    placed = [_repeat(one) for one in repeats]
    backlog_bulk.place_orders(placed, batch=_batch(cast))
    for one, order in zip(repeats, placed, strict=True):
        _go_on(cast, one.future, order)


def _go_on(cast: Cast, future: Future, order: NewOrder) -> None:
    """What is not over yet goes on verb by verb."""
    if order.verdict:
        future.tell_return(order.pk)
    else:
        cast.plan(future.accepted, lambda: future.tell(order.pk))


def _batch(cast: Cast) -> Batch:
    return Batch(workspace_id=cast.workspace.pk, number=None, prefix="", is_assumed=False)


def _deal(life: Life) -> NewDeal:
    places = stages(life.cast)
    opened = life.story[0].at
    first = places["lead_generation"]
    item = NewItem(
        title=life.title,
        key="",
        opened_at=opened,
        stage_id=first.pk,
        pipeline_id=first.pipeline_id,
        owner_id=life.owner.pk if life.owner else None,
    )
    new = NewDeal(
        item=item,
        currency=life.currency,
        company_id=life.company.pk,
        product_id=life.product.pk,
        amount=life.amount if life.has_amount else None,
        channel=life.channel,
    )
    for one in life.story[1:]:
        if one.what == "qualify":
            new.qualified_at = one.at
            item.moves.append((places["needs_assessment"].pk, one.at))
        elif one.what == "move":
            item.moves.append((places[one.code].pk, one.at))
        else:
            _say(new, life, one.what, one.at)
    return new


def _say(new: NewDeal, life: Life, what: str, at: datetime) -> None:
    one = next(one for one in life.story if one.what == what and one.at == at)
    if one.close_on:
        new.changes.append(("close_on", one.close_on, at))
    if one.amount is not None:
        new.changes.append(("amount", one.amount, at))
    if what == "price":
        return
    new.item.decided_at = at
    new.item.verdict = "won" if what == "win" else "lost"
    if what == "win":
        new.item.moves.append((stages(life.cast)["follow_up"].pk, at))
    else:
        new.item.reason_id = reasons(life.cast)[one.code].pk
    if what == "disqualify":
        new.changes.append(("qualified", "no", at))


def _order_of(life: Life, future: Future) -> NewOrder:
    line = NewLine(
        key="1",
        title=life.title,
        quantity=exact(1),
        unit_price=life.amount,
        hours=life.product.work_hours,
        product_id=life.product.pk,
    )
    order = NewOrder(
        key="",
        title=life.title,
        accepted_at=future.accepted,
        currency=life.currency,
        company_id=life.company.pk,
        owner_id=life.owner.pk if life.owner else None,
        lines=[line],
    )
    return _ended(life.cast, order, future)


def _repeat(one: Repeat) -> NewOrder:
    lines = [
        NewLine(
            key=str(number),
            title=product.name,
            quantity=exact(quantity),
            unit_price=price,
            discount_share=discount,
            hours=exact((product.work_hours or 0) * quantity),
            product_id=product.pk,
        )
        for number, (product, price, quantity, discount) in enumerate(one.parts, start=1)
    ]
    order = NewOrder(
        key="",
        title=one.title,
        accepted_at=one.at,
        currency=one.currency,
        company_id=one.company.pk,
        owner_id=one.owner.pk,
        reference=one.reference,
        lines=lines,
    )
    return _ended(one.cast, order, one.future)


def _ended(cast: Cast, order: NewOrder, future: Future) -> NewOrder:
    if future.ends < cast.recently:
        order.requested_on = future.requested.date()
        order.promised_on = future.promised.date()
        order.verdict = "cancelled" if future.is_cancelled else "fulfilled"
        order.closed_at = future.ends
    return order
