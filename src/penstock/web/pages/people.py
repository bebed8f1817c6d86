"""One person, and the deals they have a part in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.contacts import merging
from penstock.contacts.models import Person
from penstock.contacts.models.merge import Noun
from penstock.sales.access import deals_for
from penstock.sales.models import Consent, DealPerson
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import merges
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.merges import Merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a person agreed to: the wording, its version, when, and where it was asked."""

    text: str
    version: int
    at: datetime
    form: str
    page: str


@dataclass(frozen=True, kw_only=True)
class PersonPage(Page):
    """A person at a customer."""

    person: Person
    deals: Sequence[Mapping[str, Any]]
    may_edit: bool
    may_erase: bool
    merges: Sequence[Merged]
    consents: Sequence[Agreed]


def build(person: Person, *, member: Member) -> PersonPage:
    """The page of a person; of an erased one only the deals are left."""
    deals = _deals(person, member=member)
    text = ngettext("Has a part in %(n)s deal.", "Has a part in %(n)s deals.", len(deals))
    answer = text % {"n": figures.number(len(deals))} if deals else _("Has no part in a deal yet.")
    return PersonPage(
        title=person.name or _("Erased person"),
        nav="companies",
        answer=_("All that identified this person was erased.") if person.erased_at else answer,
        crumbs=_crumbs(person, slug=member.workspace.slug),
        person=person,
        deals=deals,
        may_edit=roles.may_edit_contacts(member) and person.erased_at is None,
        may_erase=roles.may_administer(member) and person.erased_at is None,
        merges=merges.of_person(merging.merged_into(Noun.PERSON, [person.pk]), member=member),
        consents=_consents(person),
    )


def _consents(person: Person) -> list[Agreed]:
    """The newest first; of those who were merged into this person, too."""
    rows = Consent.objects.filter(Q(person=person) | Q(person__merged_into=person))
    return [
        Agreed(
            text=row.text.text,
            version=row.text.number,
            at=row.given_at,
            form=row.submission.form.name,
            page=row.submission.page,
        )
        for row in rows.select_related("text", "submission__form").order_by("-given_at", "-pk")
    ]


def _deals(person: Person, *, member: Member) -> list[Mapping[str, Any]]:
    rows = (
        DealPerson.objects.filter(person=person, deal__in=deals_for(member))
        .select_related("deal__item")
        .order_by("-deal__item__opened_at", "pk")
    )
    return [
        {
            "key": row.deal.item.key,
            "title": row.deal.item.title,
            "part": row.get_part_display(),
            "amount": figures.money(row.deal.amount, row.deal.currency)
            if row.deal.amount is not None
            else "",
        }
        for row in rows
    ]


def _crumbs(person: Person, *, slug: str) -> tuple[Crumb, ...]:
    companies = Crumb(name=_("Companies"), url=reverse("companies", args=[slug]))
    if person.company is None:
        return (companies,)
    url = reverse("company", args=[slug, person.company.pk])
    return (companies, Crumb(name=person.company.name, url=url))
