"""The lines of a draft: what they may be, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from penstock.base import totals
from penstock.base.errors import RuleBroken
from penstock.base.money import exact
from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.sales.models import ProposalLine, ProposalVersion

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as somebody wants it; ``mark`` says which line of the version before it was."""

    title: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    description: str = ""
    product: Product | None = None
    unit: str = ""
    discount_share: Decimal = Decimal(0)
    tax_share: Decimal = Decimal(0)
    hours: Decimal | None = None
    is_optional: bool = False
    mark: int | None = None


def write(version: ProposalVersion, wanted: Sequence[Wanted], *, on: date) -> list[ProposalLine]:
    """Replace the lines of a draft; call with its deal locked.

    Raises:
        RuleBroken: ``proposals.title_missing``, ``proposals.quantity``, ``proposals.price_missing``,
            ``proposals.share``, ``proposals.hours_negative``, ``proposals.too_many_lines``.
    """
    if len(wanted) > MOST_LINES:
        raise RuleBroken(
            "proposals.too_many_lines",
            _("A proposal has at most %(n)s lines. Put some of them together.") % {"n": MOST_LINES},
        )
    fresh = _first_new_mark(version)
    taken: set[int] = set()
    rows = []
    for position, one in enumerate(wanted, start=1):
        mark = one.mark
        if mark is None or mark in taken or mark >= fresh:
            mark, fresh = fresh, fresh + 1
        taken.add(mark)
        rows.append(_row(version, one, position=position, mark=mark, on=on))
    version.lines.all().delete()
    return ProposalLine.objects.bulk_create(rows)


def copied(line: ProposalLine) -> Wanted:
    """A line of a version as it is wanted again in the next one."""
    same = ("title", "quantity", "unit_price", "description", "product", "unit", "discount_share")
    more = ("tax_share", "hours", "is_optional", "mark")
    return Wanted(**{name: getattr(line, name) for name in (*same, *more)})


def added_up(
    lines: Sequence[ProposalLine], *, currency: str, options: Sequence[int] = ()
) -> totals.Totals:
    """The lines added up, with the optional ones whose marks are given."""
    figures = (line.figures(counts=not line.is_optional or line.mark in options) for line in lines)
    return totals.added_up(figures, currency=currency)


def price_of(one: Wanted, *, currency: str, on: date) -> Decimal | None:
    """What was said, or else the product's price of the day; None when nobody knows."""
    if one.unit_price is not None or one.product is None:
        return one.unit_price
    return products.price_on(one.product, day=on, currency=currency)


def value(line: ProposalLine, currency: str) -> Decimal:
    """One line without tax, in whole coins."""
    return totals.line_value(line.figures(), currency)


def _row(
    version: ProposalVersion, one: Wanted, *, position: int, mark: int, on: date
) -> ProposalLine:
    product = one.product
    title = one.title.strip() or (product.name if product else "")
    price = price_of(one, currency=version.proposal.currency, on=on)
    _check(one, title=title, price=price)
    assert price is not None, "checked"
    return ProposalLine(
        workspace_id=version.workspace_id,
        version=version,
        mark=mark,
        position=position,
        title=title[:250],
        description=one.description.strip()[:4000],
        product=product,
        unit=(one.unit or (product.unit if product else ""))[:24],
        quantity=exact(one.quantity),
        unit_price=exact(price),
        discount_share=one.discount_share,
        tax_share=one.tax_share,
        hours=_hours(one),
        is_optional=one.is_optional,
    )


def _hours(one: Wanted) -> Decimal | None:
    if one.hours is not None:
        return exact(one.hours)
    each = one.product.work_hours if one.product else None
    return None if each is None else exact(each * one.quantity)


def _check(one: Wanted, *, title: str, price: Decimal | None) -> None:
    if not title:
        raise RuleBroken("proposals.title_missing", _("Give every line a title."), needs=["title"])
    if one.quantity <= 0:
        raise RuleBroken(
            "proposals.quantity", _("A quantity is more than zero."), needs=["quantity"]
        )
    if price is None:
        raise RuleBroken(
            "proposals.price_missing",
            _("“%(title)s” has no price in this currency today. Enter one.") % {"title": title},
            needs=["unit_price"],
        )
    if price < 0:
        raise RuleBroken(
            "proposals.price_negative", _("A price is zero or more."), needs=["unit_price"]
        )
    if not (0 <= one.discount_share <= 1 and 0 <= one.tax_share <= 1):
        raise RuleBroken(
            "proposals.share", _("A discount and a tax lie between 0 % and 100 %."), needs=["tax"]
        )
    if one.hours is not None and one.hours < 0:
        raise RuleBroken("proposals.hours_negative", _("Hours are zero or more."), needs=["hours"])


def _first_new_mark(version: ProposalVersion) -> int:
    marks = ProposalLine.objects.filter(version__proposal_id=version.proposal_id)
    last = marks.order_by("-mark").values_list("mark", flat=True).first()
    return (last or 0) + 1
