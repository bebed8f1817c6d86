"""What is found by a name or a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog.access import orders_for
from penstock.base.keys import match_key, parse_key, sort_key
from penstock.contacts.access import companies_for, people_for
from penstock.sales.access import deals_for
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Page

N_EACH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer."""

    id: str
    name: str
    note: str
    url: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """What was found; ``only_url`` when a number named exactly one thing."""

    q: str
    rows: Sequence[Found]
    only_url: str


def build(member: Member, q: str) -> SearchPage:
    """The page of answers."""
    rows = find(member, q)
    text = ngettext("%(n)s answer for “%(q)s”.", "%(n)s answers for “%(q)s”.", len(rows))
    return SearchPage(
        title=_("Search"),
        nav="",
        answer=text % {"n": figures.number(len(rows)), "q": q} if q else "",
        q=q,
        rows=rows,
        only_url=rows[0].url if parse_key(q) and len(rows) == 1 else "",
    )


def find(member: Member, q: str) -> list[Found]:
    """The first few deals, orders, companies and people of this name or number."""
    if len(q) < 2:
        return []
    key = parse_key(q)
    if key:
        return _by_key(member, "-".join(map(str, key)))
    return [*_deals(member, q), *_orders(member, q), *_companies(member, q), *_people(member, q)]


def _by_key(member: Member, key: str) -> list[Found]:
    slug = member.workspace.slug
    for name, rows in (("deal", deals_for(member)), ("order", orders_for(member))):
        found = rows.filter(item__key=key).values_list("item__key", "item__title").first()
        if found:
            return [_item(name, slug, *found)]
    return []


def _deals(member: Member, q: str) -> list[Found]:
    rows = (
        deals_for(member).filter(item__title__icontains=q).order_by("-item__opened_at", "item_id")
    )
    return [
        _item("deal", member.workspace.slug, *row)
        for row in rows.values_list("item__key", "item__title")[:N_EACH]
    ]


def _orders(member: Member, q: str) -> list[Found]:
    rows = orders_for(member).filter(Q(item__title__icontains=q) | Q(reference__iexact=q))
    rows = rows.order_by("-item__opened_at", "item_id")
    return [
        _item("order", member.workspace.slug, *row)
        for row in rows.values_list("item__key", "item__title")[:N_EACH]
    ]


def _companies(member: Member, q: str) -> list[Found]:
    rows = (
        companies_for(member).filter(match_key__contains=match_key(q))
        if match_key(q)
        else companies_for(member).none()
    )
    return [
        Found(
            id=f"company-{pk}",
            name=name,
            note=country,
            url=reverse("company", args=[member.workspace.slug, pk]),
            icon="companies",
        )
        for pk, name, country in rows.order_by("sort_key", "pk").values_list(
            "pk", "name", "country"
        )[:N_EACH]
    ]


def _people(member: Member, q: str) -> list[Found]:
    rows = people_for(member).filter(sort_key__contains=sort_key(q), erased_at=None)
    return [
        Found(
            id=f"person-{pk}",
            name=name,
            note=company or "",
            url=reverse("person", args=[member.workspace.slug, pk]),
            icon="person",
        )
        for pk, name, company in rows.order_by("sort_key", "pk").values_list(
            "pk", "name", "company__name"
        )[:N_EACH]
    ]


def _item(name: str, slug: str, key: str, title: str) -> Found:
    icon = "pipeline" if name == "deal" else "backlog"
    return Found(
        id=f"found-{key}", name=title, note=key, url=reverse(name, args=[slug, key]), icon=icon
    )
