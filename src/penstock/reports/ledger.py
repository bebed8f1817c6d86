"""The ledger in SQL: every line as it stood at the end of a day, the rule in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from penstock.backlog.models import Order
from penstock.base.money import ZERO
from penstock.reports import rows
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member

Money = Mapping[str, Decimal]


def orders(member: Member, only: OrderFilter) -> tuple[str, rows.Params]:
    """Orders that a figure may be about, as a sub-query with order_id, currency and company_id."""
    found = Order.objects.visible_to(member)
    if only.company is not None:
        found = found.filter(company=only.company)
    return rows.embedded(found.values_list("item_id", "currency", "company_id"))


def entries(only: OrderFilter) -> str:
    """Condition on an entry ``r``: it counts at the instant, and its line is of the sort asked for."""
    sort = (
        "AND EXISTS (SELECT 1 FROM backlog_line l WHERE l.id = r.line_id AND l.sort = %(sort)s)"
        if only.sort
        else ""
    )
    return f"{rows.counting('backlog_entry')} {sort}"


def params(member: Member, only: OrderFilter) -> rows.Params:
    """The parameters that :func:`entries` and the walls need."""
    return {"workspace": member.workspace_id, "sort": only.sort}


def money(found: Iterable[tuple[str, Decimal | None]]) -> Money:
    """Sums per currency, by the currency's name."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for currency, value in found:
        if value is not None:
            sums[currency] += value
    return dict(sorted(sums.items()))
