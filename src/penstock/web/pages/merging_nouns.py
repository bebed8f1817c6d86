"""What differs between companies, people and deals where two of them are compared and merged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from penstock.base.errors import NotFound
from penstock.contacts import access, merging
from penstock.contacts.models.merge import Noun
from penstock.sales import access as sales
from penstock.sales import merging as deals
from penstock.sales.models import Deal
from penstock.users.models import Member
from penstock.web import figures

LABELS: Mapping[str, Mapping[str, Any]] = {
    Noun.COMPANY: {
        "name": gettext_lazy("Name"),
        "domain": gettext_lazy("Web domain"),
        "industry": gettext_lazy("Industry"),
        "segment": gettext_lazy("Segment"),
        "country": gettext_lazy("Country"),
        "city": gettext_lazy("City"),
        "employees": gettext_lazy("Employees"),
    },
    Noun.PERSON: {
        "name": pgettext_lazy("of a person", "Name"),
        "email": gettext_lazy("E-mail"),
        "phone": gettext_lazy("Phone"),
        "job_title": gettext_lazy("Job title"),
        "company": gettext_lazy("Company"),
    },
    Noun.DEAL: {
        "title": gettext_lazy("Title"),
        "company": gettext_lazy("Company"),
        "product": gettext_lazy("Product"),
        "amount": gettext_lazy("Amount"),
        "close_on": gettext_lazy("Expected close"),
        "channel": gettext_lazy("Channel"),
        "owner": gettext_lazy("Owner"),
    },
}
FIELDS = {
    Noun.COMPANY: merging.COMPANY_FIELDS,
    Noun.PERSON: merging.PERSON_FIELDS,
    Noun.DEAL: deals.FIELDS,
}


def find(member: Member, noun: Noun, pk: int) -> Any:
    """A record by its id, or who answers for it by now.

    Raises:
        NotFound: ``contacts.no_company``, ``contacts.no_person``, ``sales.no_deal``.
    """
    if noun == Noun.COMPANY:
        return access.company_for(member, pk)
    if noun == Noun.PERSON:
        return access.person_for(member, pk)
    rows = sales.deals_for(member).select_related("item__owner", "company", "product")
    deal = rows.filter(pk=merging.survivor_of(noun, pk)).first()
    if deal is None:
        raise NotFound("sales.no_deal", _("There is no such deal, or it is not yours to see."))
    return deal


def many(member: Member, noun: Noun, ids: Collection[int]) -> dict[int, Any]:
    """Those of some records that are here and may be seen."""
    if not ids:
        return {}
    if noun == Noun.DEAL:
        return sales.deals_for(member).select_related("item").in_bulk(ids)
    rows: Any = access.companies_for if noun == Noun.COMPANY else access.people_for
    return dict(rows(member).in_bulk(ids))


def url(noun: Noun, record: Any, *, slug: str) -> str:
    """The page of a record."""
    if isinstance(record, Deal):
        return reverse("deal", args=[slug, record.item.key])
    return reverse(str(noun), args=[slug, record.pk])


def name(noun: Noun, record: Any) -> str:
    """What a record is called."""
    if noun == Noun.DEAL:
        return f"{record.item.title} {record.item.key}"
    return str(record.name)


def values(noun: Noun, record: Any) -> dict[str, str]:
    """Its fields as people read them; empty where nothing is known."""
    return {field: _shown(record, field) for field in FIELDS[noun]}


def _shown(record: Any, field: str) -> str:
    if isinstance(record, Deal):
        return _of_deal(record, field)
    value = getattr(record, field)
    if field == "employees":
        return "" if value is None else figures.number(value)
    return str(getattr(value, "name", value) or "")


def _of_deal(deal: Deal, field: str) -> str:
    if field == "title":
        return str(deal.item.title)
    if field == "amount":
        return "" if deal.amount is None else figures.money(deal.amount, deal.currency)
    if field == "close_on":
        return date_format(deal.close_on, "DATE_FORMAT") if deal.close_on else ""
    value = deal.item.owner if field == "owner" else getattr(deal, field)
    return str(getattr(value, "name", value) or "")
