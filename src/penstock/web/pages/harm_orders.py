"""The orders behind the value at risk, those with the most first."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog.access import orders_for
from penstock.backlog.models import Order
from penstock.reports.harm import Harm, OrderRisk
from penstock.users.models import Member
from penstock.web.pages.backlog_flow import amount
from penstock.web.pages.backlog_rows import PAGE_SIZE, Line, RowsBehind
from penstock.web.pages.base import Crumb
from penstock.web.pages.harm import money, percent
from penstock.web.pages.insights_tables import Cell, Row, Table

#: Orders shown on the page; the list behind it has all.
N_SHOWN = 20


def riskiest(member: Member, found: Harm) -> Table:
    """The orders with the most at risk; the figure leads to all of them."""
    slug = member.workspace.slug
    shown = [one for one in found.orders[:N_SHOWN] if one.at_risk]
    orders = _orders(member, shown)
    return Table(
        title=_("Orders with the most at risk"),
        heads=_heads(),
        n_texts=2,
        rows=[
            *(
                Row(
                    f"{order.item.key} {order.item.title}",
                    [Cell(text) for text in _cells(found, one, order)],
                    url=reverse("order", args=[slug, order.item.key]),
                )
                for one in shown
                if (order := orders.get(one.order_id))
            ),
            *([_all(found)] if shown else []),
        ],
    )


def _all(found: Harm) -> Row:
    value, at_risk = money(found, found.value), "–"
    if found.at_risk is not None:
        at_risk = money(found, found.at_risk)
    blank = [Cell("")] * 3
    return Row(
        _("All orders"),
        [*blank, Cell(value), Cell(""), Cell(at_risk, "page=1")],
        is_total=True,
    )


def behind(member: Member, found: Harm, *, crumbs: tuple[Crumb, ...], number: str) -> RowsBehind:
    """Every order that is owed, with what is at risk of it."""
    part = Paginator(found.orders, PAGE_SIZE).get_page(number)
    orders = _orders(member, list(part))
    heads = _heads()
    lines = [
        Line(
            key=order.item.key,
            title=order.item.title,
            url=reverse("order", args=[member.workspace.slug, order.item.key]),
            cells=_cells(found, one, order),
            heads=heads,
        )
        for one in part
        if (order := orders.get(one.order_id))
    ]
    return RowsBehind(
        title=_("Orders by what is at risk"),
        nav="backlog",
        crumbs=crumbs,
        lines=lines,
        page_obj=part,
        heads=heads,
        n_numbers=5,
    )


def _orders(member: Member, shown: Sequence[OrderRisk]) -> dict[int, Order]:
    rows = orders_for(member).filter(pk__in=[one.order_id for one in shown])
    return {order.pk: order for order in rows.select_related("item", "company")}


def _heads() -> tuple[str, ...]:
    return (
        _("Order"),
        _("Customer"),
        _("Weeks late"),
        _("Weeks to delivery"),
        _("Owed"),
        _("Chance of cancellation"),
        _("At risk"),
    )


def _cells(found: Harm, one: OrderRisk, order: Order) -> list[str]:
    return [
        order.company.name if order.company else "–",
        "–" if one.late_weeks is None else amount(max(one.late_weeks, 0.0)),
        amount(one.left_weeks),
        "–" if one.value is None else money(found, one.value),
        "–" if one.chance is None else percent(one.chance),
        "–" if one.at_risk is None else money(found, one.at_risk),
    ]
