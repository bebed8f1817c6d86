"""Writing the answers that were missing, before the act that asked for them."""

from __future__ import annotations

from typing import Any

from penstock.base.keys import match_key, sort_key
from penstock.contacts import access, companies, people
from penstock.contacts.models import Company, Person
from penstock.sales import deals
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import Member

VALUES = ("company", "product", "amount", "close_on", "channel")


def write(deal: Deal, given: dict[str, Any], *, by: Member) -> Deal:
    """Write answers about a deal; those that belong to an act (a reason, a day) are left to it."""
    values = {name: given[name] for name in VALUES if name in given}
    if "company" in values:
        values["company"] = company_named(values["company"], by=by)
    if values:
        deals.change(deal, by=by, **values)
    if "owner" in given:
        deals.assign(deal, owner=given["owner"], by=by)
    if "person" in given:
        deals.add_person(deal, person=given["person"], part=DealPerson.Part.CONTACT, by=by)
    return deal


def company_named(name: str, *, by: Member) -> Company | None:
    """The company of this name in any spelling, added if there is none; None for no name."""
    if not name.strip():
        return None
    known = access.companies_for(by).filter(match_key=match_key(name)).order_by("pk").first()
    return known or companies.add(by.workspace, name=name, by=by)


def person_named(name: str, *, deal: Deal, by: Member) -> Person:
    """The person of this name, rather one of the deal's company; added if there is none."""
    known = access.people_for(by).filter(sort_key=sort_key(name), erased_at=None)
    found = known.filter(company=deal.company).first() or known.first()
    return found or people.add(by.workspace, name=name, company=deal.company, by=by)
