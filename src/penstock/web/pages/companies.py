"""Who are they, and what do they bring?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.backlog.access import orders_for
from penstock.backlog.models import Line
from penstock.base.keys import match_key
from penstock.catalog.exchange import Exchange
from penstock.contacts import merging
from penstock.contacts.access import companies_for, people_for
from penstock.contacts.models import Company
from penstock.contacts.models.merge import Noun
from penstock.flow.models.pipeline import LABELS
from penstock.sales.access import deals_for
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import company_figures, company_sums, endings, merges
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.company_sums import NOTHING, OPEN, WON, Bought
from penstock.web.pages.deal_list import Head
from penstock.web.pages.merges import Merged
from penstock.web.pages.money import Shown
from penstock.web.pages.tiles import Tile

N_ROWS = 50
N_DEALS = 50
SORTS: dict[str, tuple[Any, str]] = {
    "name": (gettext_lazy("Company"), "sort_key"),
    "industry": (gettext_lazy("Industry"), "industry"),
    "country": (gettext_lazy("Country"), "country"),
    "employees": (gettext_lazy("Employees"), "employees"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One company of the list, with what its deals come to."""

    id: int
    name: str
    industry: str
    country: str
    employees: str
    n_open: str
    open_sum: Shown | str
    won_sum: Shown | str


@dataclass(frozen=True, kw_only=True)
class CompanyList(Page):
    """All companies, some per page."""

    heads: Sequence[Head]
    lines: Sequence[Row]
    page_obj: Part[Any]
    base_query: str
    q: str
    may_edit: bool


@dataclass(frozen=True, kw_only=True)
class CompanyPage(Page):
    """One company: its deals, its orders, its people."""

    company: Company
    deals: Sequence[Mapping[str, Any]]
    orders: Sequence[Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]
    n_more_deals: int
    may_edit: bool
    merges: Sequence[Merged]
    tiles: Sequence[Tile]


def index(member: Member, *, q: str, sort: str, number: str, saved: str = "") -> CompanyList:
    """A page of the list: companies, then what the deals of those shown come to."""
    rows = found(companies_for(member), q)
    sort = sort if sort.lstrip("-") in SORTS else "name"
    paginator = Paginator(rows.order_by(*order(sort)).values(*_COLUMNS), N_ROWS)
    part = paginator.get_page(number)
    shown = list(part)
    bought = company_sums.bought(member, [row["pk"] for row in shown])
    rates = company_sums.exchange(member, bought)
    return CompanyList(
        title=_("Companies"),
        nav="companies",
        answer=_answer(paginator.count, q=q),
        heads=_heads(member, sort=sort, kept=_asked(q=q, saved=saved)),
        lines=[_line(row, bought.get(row["pk"], NOTHING), rates=rates) for row in shown],
        page_obj=part,
        base_query=urlencode(_asked(q=q, sort=sort, saved=saved)),
        q=q,
        may_edit=roles.may_edit_contacts(member),
    )


def build(company: Company, *, member: Member) -> CompanyPage:
    """The page of a company."""
    deals = deals_for(member).filter(company=company)
    found = company_sums.bought(member, [company.pk])
    bought, rates = found.get(company.pk, NOTHING), company_sums.exchange(member, found)
    rows = deals.order_by("-item__opened_at", "item_id").values(*_DEAL_COLUMNS)[: N_DEALS + 1]
    shown = [_deal(row) for row in rows]
    return CompanyPage(
        title=company.name,
        nav="companies",
        answer=_company_answer(bought, rates=rates),
        tiles=company_figures.tiles(company, bought, rates=rates, member=member),
        crumbs=(
            Crumb(name=_("Companies"), url=reverse("companies", args=[member.workspace.slug])),
        ),
        company=company,
        deals=shown[:N_DEALS],
        n_more_deals=len(shown) - N_DEALS if len(shown) > N_DEALS else 0,
        orders=_orders(member, company),
        people=list(
            people_for(member)
            .filter(company=company, erased_at=None)
            .order_by("sort_key", "pk")
            .values("pk", "name", "job_title", "email", "phone")
        ),
        may_edit=roles.may_edit_contacts(member),
        merges=merges.of_company(merging.merged_into(Noun.COMPANY, [company.pk]), member=member),
    )


_COLUMNS = ("pk", "name", "industry", "country", "employees")
_DEAL_COLUMNS = (
    "item__key",
    "item__title",
    "item__stage__name",
    "item__stage__code",
    "item__outcome",
    "amount",
    "currency",
)


def found(companies: QuerySet[Company], q: str) -> QuerySet[Company]:
    """The companies whose name or web domain has a text in it."""
    if not q.strip():
        return companies
    condition = Q(name__icontains=q.strip()) | Q(domain__icontains=q.strip())
    return (
        companies.filter(condition | Q(match_key__contains=match_key(q)))
        if match_key(q)
        else companies.filter(condition)
    )


def order(sort: str) -> list[str]:
    """By what the list is sorted."""
    sign, column = "-" if sort.startswith("-") else "", SORTS[sort.lstrip("-")][1]
    return [f"{sign}{column}", "pk"]


def _line(row: Mapping[str, Any], bought: Bought, *, rates: Exchange) -> Row:
    return Row(
        id=row["pk"],
        name=row["name"],
        industry=row["industry"],
        country=row["country"],
        employees="" if row["employees"] is None else figures.number(row["employees"]),
        n_open=figures.number(bought.n[OPEN]) if bought.n[OPEN] else "",
        open_sum=company_sums.shown(rates, bought.parts[OPEN]),
        won_sum=company_sums.shown(rates, bought.parts[WON]),
    )


def _asked(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _heads(member: Member, *, sort: str, kept: Mapping[str, str]) -> list[Head]:
    url = reverse("companies", args=[member.workspace.slug])
    heads = [_head(name, url=url, sort=sort, kept=kept) for name in SORTS]
    counted = (_("Open deals"), _("Open sum"), _("Won so far"))
    return [*heads, *(Head(name=name, url="", is_number=True) for name in counted)]


def _head(name: str, *, url: str, sort: str, kept: Mapping[str, str]) -> Head:
    is_current, is_descending = sort.lstrip("-") == name, sort.startswith("-")
    query = {"sort": f"-{name}" if is_current and not is_descending else name}
    return Head(
        name=str(SORTS[name][0]),
        url=f"{url}?{urlencode({**kept, **query})}",
        sorted=("descending" if is_descending else "ascending") if is_current else "",
        is_number=name == "employees",
    )


def _answer(n: int, *, q: str) -> str:
    if q:
        text = ngettext("%(n)s company matches.", "%(n)s companies match.", n)
    else:
        text = ngettext("%(n)s company is known.", "%(n)s companies are known.", n)
    return text % {"n": figures.number(n)}


def _company_answer(bought: Bought, *, rates: Exchange) -> str:
    if not any(bought.n.values()):
        return _("No deal with this company is open or won yet.")
    return " ".join(filter(None, (_open_deals(bought, rates), _won_deals(bought, rates))))


def _open_deals(bought: Bought, rates: Exchange) -> str:
    n = bought.n[OPEN]
    if not n:
        return ""
    text = ngettext("%(n)s deal is open: %(sum)s.", "%(n)s deals are open: %(sum)s.", n)
    total = company_sums.sentence(rates, bought.parts[OPEN])
    return text % {"n": figures.number(n), "sum": total or _("no amount yet")}


def _won_deals(bought: Bought, rates: Exchange) -> str:
    n = bought.n[WON]
    if not n:
        return ""
    text = ngettext("%(n)s deal was won: %(sum)s.", "%(n)s deals were won: %(sum)s.", n)
    total = company_sums.sentence(rates, bought.parts[WON])
    return text % {"n": figures.number(n), "sum": total or _("no amount yet")}


def _deal(row: Mapping[str, Any]) -> dict[str, Any]:
    state, tone = endings.of(row["item__outcome"])
    return {
        "key": row["item__key"],
        "title": row["item__title"],
        "stage": row["item__stage__name"] or str(LABELS.get(row["item__stage__code"], "")),
        "state": state,
        "tone": tone,
        "amount": "" if row["amount"] is None else figures.money(row["amount"], row["currency"]),
    }


def _orders(member: Member, company: Company) -> list[dict[str, Any]]:
    rows = list(
        orders_for(member)
        .filter(company=company)
        .order_by("-item__opened_at", "item_id")
        .values("item_id", "item__key", "item__title", "item__outcome", "currency", "promised_on")[
            :N_DEALS
        ]
    )
    left = dict(
        Line.objects.filter(order_id__in=[row["item_id"] for row in rows])
        .order_by()
        .values_list("order_id")
        .annotate(Sum("remaining_value"))
    )
    return [
        {
            "key": row["item__key"],
            "title": row["item__title"],
            "is_open": not row["item__outcome"],
            "promised_on": row["promised_on"],
            "left": figures.money(left[row["item_id"]], row["currency"])
            if left.get(row["item_id"])
            else "",
        }
        for row in rows
    ]
