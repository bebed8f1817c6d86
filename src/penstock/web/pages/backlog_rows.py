"""The orders, or the work, behind a figure of the backlog: some per page, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from penstock.backlog.access import orders_for
from penstock.flow.models import Item, Outcome
from penstock.reports import work_times
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.tiles import day_text

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order or one piece of work, ready to be shown; ``cells`` stand under the heads of the page."""

    key: str
    title: str
    url: str
    cells: Sequence[str]
    heads: Sequence[str]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Each cell with its head, for narrow screens."""
        return list(zip(self.heads[1:], self.cells, strict=True))


@dataclass(frozen=True, kw_only=True)
class RowsBehind(Page):
    """The rows behind one figure; ``n_numbers`` of the last heads are numbers."""

    lines: Sequence[Line]
    page_obj: Part[Any]
    heads: Sequence[str]
    n_numbers: int = 1


def of_orders(
    member: Member,
    found: Sequence[tuple[int, float]],
    *,
    title: str,
    crumbs: tuple[Crumb, ...],
    number: str,
) -> RowsBehind:
    """Orders, each with its days in the backlog."""
    part = Paginator(found, PAGE_SIZE).get_page(number)
    rows: dict[int, Any] = {
        order.pk: order
        for order in orders_for(member)
        .filter(pk__in=[pk for pk, _days in part])
        .select_related("item__stage", "company")
        .annotate(owed=Sum("lines__remaining_value"))
    }
    zone = member.workspace.zone
    heads = (
        _("Order"),
        _("Customer"),
        pgettext("order or work", "Stands today"),
        _("Accepted"),
        _("Owed today"),
        _("Days in the backlog"),
    )
    lines = [
        Line(
            heads=heads,
            key=rows[pk].item.key,
            title=rows[pk].item.title,
            url=reverse("order", args=[member.workspace.slug, rows[pk].item.key]),
            cells=[
                rows[pk].company.name if rows[pk].company else "–",
                _stands(rows[pk].item),
                _day(rows[pk].accepted_at, zone),
                figures.money(rows[pk].owed or Decimal(0), rows[pk].currency),
                figures.number(Decimal(str(round(days, 1)))),
            ],
        )
        for pk, days in part
        if pk in rows
    ]
    return RowsBehind(
        title=title,
        nav="backlog",
        crumbs=crumbs,
        lines=lines,
        page_obj=part,
        heads=heads,
        n_numbers=2,
    )


def of_work(
    member: Member,
    found: Sequence[tuple[int, float | None]],
    *,
    title: str,
    crumbs: tuple[Crumb, ...],
    number: str,
    days: str = "",
) -> RowsBehind:
    """Work items, each with its days; those from its begin to its end unless ``days`` names others."""
    part = Paginator(found, PAGE_SIZE).get_page(number)
    rows = work_times.behind(member, [pk for pk, _n in part])
    heads = (
        _("Work item"),
        _("Team"),
        pgettext("order or work", "Stands today"),
        days or _("Days since it was begun"),
    )
    lines = [
        Line(
            heads=heads,
            key=rows[pk].key,
            title=rows[pk].title,
            url=reverse("work", args=[member.workspace.slug, rows[pk].key]),
            cells=[
                rows[pk].work_item.team.name if rows[pk].work_item.team else "–",
                _stands(rows[pk]),
                "–" if n is None else figures.number(Decimal(str(round(n, 1)))),
            ],
        )
        for pk, n in part
        if pk in rows
    ]
    return RowsBehind(
        title=title,
        nav="backlog",
        crumbs=crumbs,
        lines=lines,
        page_obj=part,
        heads=heads,
    )


def _stands(item: Item) -> str:
    if not item.outcome:
        return str(item.stage.label)
    return str(Outcome.Verdict(item.outcome).label)


def _day(at: datetime | None, zone: Any) -> str:
    return "–" if at is None else day_text(at.astimezone(zone).date())
