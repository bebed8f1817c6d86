"""What the pages of Insights share: their tabs, and a table of the deals behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.flow.models import Outcome
from penstock.reports import behind
from penstock.reports.behind import DealBehind
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.tiles import day_text

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of Insights: the name of its address and what its tab says."""

    url_name: str
    label: str | Promise


#: The pages of Insights in the order of their tabs; a new page adds its line here.
TABS: list[Tab] = [
    Tab("insights-funnel", gettext_lazy("Funnel")),
    Tab("insights-times", gettext_lazy("Times")),
    Tab("insights-bridge", gettext_lazy("Bridge")),
    Tab("insights-channels", gettext_lazy("Channels")),
    Tab("insights-answers", gettext_lazy("Answer times")),
    Tab("insights-losses", gettext_lazy("Loss reasons")),
    Tab("insights-throughput", gettext_lazy("Throughput")),
    Tab("insights-coverage", gettext_lazy("Coverage")),
    Tab("insights-slips", gettext_lazy("Close dates")),
    Tab("insights-goals", gettext_lazy("Goals")),
    Tab("insights-customers", gettext_lazy("Customers")),
    Tab("insights-gates", gettext_lazy("Gates")),
    Tab("satisfaction", gettext_lazy("Satisfaction")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLine:
    """A deal of the table, ready to be shown; ``cells`` are what is special to the figure."""

    key: str
    title: str
    company: str
    owner: str
    place: str
    opened_on: str
    amount: str
    cells: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class DealsBehind(Page):
    """The deals behind one figure, some per page."""

    lines: Sequence[DealLine]
    page_obj: Part[Any]
    heads: Sequence[str] = ()


def tabs(slug: str, *, current: str, kept: str) -> list[dict[str, Any]]:
    """The tabs; what the address asks for goes along."""
    query = f"?{kept}" if kept else ""
    return [
        {
            "name": str(tab.label),
            "url": reverse(tab.url_name, args=[slug]) + query,
            "is_current": tab.url_name == current,
        }
        for tab in TABS
    ]


def deals_behind(  # noqa: PLR0913 -- what a table of deals consists of
    member: Member,
    item_ids: Sequence[int],
    *,
    title: str,
    crumbs: tuple[Crumb, ...],
    number: str,
    heads: Sequence[str] = (),
    cells: Sequence[Sequence[str]] = (),
) -> DealsBehind:
    """A page of the deals behind a figure; ``cells`` of each deal stand under ``heads``."""
    part = Paginator(range(len(item_ids)), PAGE_SIZE).get_page(number)
    places = list(part)
    rows = behind.deals(member, list(dict.fromkeys(item_ids[at] for at in places)))
    found = {row.pk: row for row in rows}
    zone = member.workspace.zone
    return DealsBehind(
        title=title,
        nav="insights",
        crumbs=crumbs,
        heads=heads,
        page_obj=part,
        lines=[
            _line(found[item_ids[at]], zone=zone, cells=cells[at] if cells else ())
            for at in places
            if item_ids[at] in found
        ],
    )


def _line(row: DealBehind, *, zone: Any, cells: Sequence[str]) -> DealLine:
    verdict = str(Outcome.Verdict(row.outcome).label) if row.outcome else ""
    return DealLine(
        key=row.key,
        title=row.title,
        company=row.company,
        owner=row.owner,
        place=f"{row.stage} · {verdict}" if verdict else row.stage,
        opened_on=day_text(row.opened_at.astimezone(zone).date()),
        amount="–" if row.amount is None else figures.money(row.amount, row.currency),
        cells=cells,
    )


def crumb(slug: str, *, url_name: str, kept: str) -> tuple[Crumb, ...]:
    """The way back from the deals to their figure."""
    label = next(str(tab.label) for tab in TABS if tab.url_name == url_name)
    query = f"?{kept}" if kept else ""
    return (
        Crumb(name=_("Insights"), url=reverse("insights", args=[slug])),
        Crumb(name=label, url=reverse(url_name, args=[slug]) + query),
    )
