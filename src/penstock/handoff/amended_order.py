"""An order takes over what was agreed anew: the amount of its deal, or the lines of another version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog import amendments, ledger, orders
from penstock.backlog.models import Line, Order
from penstock.base.errors import Conflict, RuleBroken
from penstock.base.money import exact
from penstock.flow import items
from penstock.flow.models import Finding, Link
from penstock.handoff.won_deal import lines_of, note_ordered
from penstock.sales import offers
from penstock.sales.offers import Counting
from penstock.users.models import Member

Wording = tuple[object, ...]


def accept(finding: Finding, *, by: Member) -> None:
    """Amend an order as its finding proposes, and close the proposal; all of it or nothing.

    Where an accepted version is named, the order gets its lines: those that are the same stay, those
    that are no longer wanted are amended away, the others are added, coin for coin as agreed.

    Raises:
        Conflict: ``handoff.other_version``: another version was accepted since.
        RuleBroken: ``handoff.other_currency``; ``handoff.delivered``: part of a line that is to go was
            delivered; and those of :func:`penstock.backlog.amendments.accept`.
    """
    if "version" not in finding.detail:
        amendments.accept(finding, by=by)
        return
    with transaction.atomic():
        deal_id = Link.objects.get(target_id=finding.item_id, kind="placed").source_id
        items.lock(deal_id)
        items.lock(finding.item_id)  # type: ignore[arg-type]  # -- a proposal is about an item
        order = Order.objects.select_related("item").get(pk=finding.item_id)
        _replace(order, _agreed(deal_id, finding, order), by=by)
        amendments.dismiss(finding)


def _agreed(deal_id: int, finding: Finding, order: Order) -> Counting:
    agreed = offers.accepted(deal_id)
    named = (finding.detail["proposal"], finding.detail["version"])
    found = agreed and (agreed.version.proposal.key, str(agreed.version.number))
    if agreed is None or found != named:
        raise Conflict(
            "handoff.other_version",
            _("Another version counts by now. Reload the page and look at it again."),
        )
    if agreed.version.proposal.currency != order.currency:
        raise RuleBroken(
            "handoff.other_currency",
            _("The order is in another currency. Cancel it and place a new one."),
        )
    return agreed


def _replace(order: Order, agreed: Counting, *, by: Member) -> None:
    wanted = lines_of(agreed)
    missing = Counter(_wording(line) for line in wanted)
    gone = []
    for line in order.lines.filter(ordered_quantity__gt=0).order_by("position"):
        wording = _wording_of(line)
        if missing[wording]:
            missing[wording] -= 1
        else:
            gone.append(line)
    _check_untouched(gone)
    for line in gone:
        ledger.amend(line, quantity=-line.remaining_quantity, act=ledger.Act(by=by))
    for one in wanted:
        if missing[_wording(one)]:
            missing[_wording(one)] -= 1
            orders.add_line(order, line=one, by=by)
    note_ordered(agreed, by=by)


def _check_untouched(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.remaining_quantity != line.ordered_quantity:
            raise RuleBroken(
                "handoff.delivered",
                _("Part of “%(title)s” was delivered. Change the lines by hand.")
                % {"title": line.title},
            )


def _wording(line: orders.NewLine) -> Wording:
    product = line.product.pk if line.product else None
    figures = (exact(line.quantity), exact(line.unit_price), line.discount_share, line.tax_share)
    return (line.title, product, *figures)


def _wording_of(line: Line) -> Wording:
    figures = (line.ordered_quantity, line.unit_price, line.discount_share, line.tax_share)
    return (line.title, line.product_id, *figures)
