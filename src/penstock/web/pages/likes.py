"""What a new record is possibly the same as, for dialogs and imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.contacts import access, matching
from penstock.contacts.matching import Found
from penstock.contacts.models import Company
from penstock.contacts.models.merge import Noun
from penstock.intake.models import ChangeRow
from penstock.sales import access as sales
from penstock.sales import merging
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import duplicates


@dataclass(frozen=True, slots=True)
class Like:
    """A record that is here already, and why it may be the same."""

    name: str
    url: str
    why: str = ""


def companies(member: Member, *, name: str, domain: str = "", city: str = "") -> list[Like]:
    """Companies that one with these facts is possibly the same as."""
    found = matching.companies_like(member.workspace_id, name=name, domain=domain, city=city)
    return [_like(one, Noun.COMPANY, member=member) for one in found]


def people(
    member: Member, *, name: str, company: Company, email: str = "", phone: str = ""
) -> list[Like]:
    """People that one with these facts is possibly the same as."""
    found = matching.people_like(
        member.workspace_id, name=name, email=email, phone=phone, company_id=company.pk
    )
    return [_like(one, Noun.PERSON, member=member) for one in found]


def deals(member: Member, *, title: str, company: Company) -> list[Like]:
    """Open deals of a company, to be seen by the member, with a title like this one."""
    found = merging.like(sales.deals_for(member), title=title, company_id=company.pk)
    return [
        Like(
            name=f"{deal.item.title} {deal.item.key}",
            url=reverse("deal", args=[member.workspace.slug, deal.item.key]),
            why=_("like title (%(share)s)") % {"share": figures.share(score)},
        )
        for deal, score in found
    ]


def of_rows(member: Member, rows: Sequence[ChangeRow]) -> dict[int, Like]:
    """What rows of an import are possibly the same as, by their numbers; one query per noun."""
    asked: dict[str, dict[int, int]] = {}
    for row in rows:
        if isinstance(row.params.get("like_id"), int):
            asked.setdefault(row.target_kind, {})[row.number] = row.params["like_id"]
    sources: dict[str, Any] = {"company": access.companies_for, "person": access.people_for}
    return {
        number: Like(name=found[pk].name, url=reverse(kind, args=[member.workspace.slug, pk]))
        for kind, numbers in asked.items()
        for found in [sources[kind](member).in_bulk(list(numbers.values()))]
        for number, pk in numbers.items()
        if pk in found
    }


def _like(found: Found, noun: Noun, *, member: Member) -> Like:
    return Like(
        name=found.name,
        url=reverse(str(noun), args=[member.workspace.slug, found.id]),
        why=duplicates.because(found.match.reasons),
    )
