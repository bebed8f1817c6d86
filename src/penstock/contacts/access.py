"""The only way by which a door gets a company or a person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.contacts import merging
from penstock.contacts.models import Company, Merge, Person
from penstock.contacts.models.merge import Noun
from penstock.users import roles
from penstock.users.models import Member


def companies_for(member: Member) -> QuerySet[Company]:
    """All companies of the workspace."""
    return Company.objects.filter(
        workspace_id=member.workspace_id, withdrawn_at=None, merged_into=None
    )


def people_for(member: Member) -> QuerySet[Person]:
    """All people of the workspace; erased ones have no name any more."""
    return Person.objects.filter(
        workspace_id=member.workspace_id, withdrawn_at=None, merged_into=None
    )


def company_for(member: Member, company_id: int, *, to: str = "see") -> Company:
    """A company, to see or to edit; of a merged one the company that answers for it.

    Raises:
        NotFound: ``contacts.no_company``. NotAllowed: ``contacts.read_only``.
    """
    company: Company | None = _present(companies_for(member), Noun.COMPANY, company_id)
    if company is None:
        raise NotFound("contacts.no_company", _("There is no such company here."))
    _check(member, to)
    return company


def person_for(member: Member, person_id: int, *, to: str = "see") -> Person:
    """A person, to see, to edit or to erase; of a merged one the person who answers for them.

    Raises:
        NotFound: ``contacts.no_person``. NotAllowed: ``contacts.read_only`` or
            ``contacts.not_owner``.
    """
    person: Person | None = _present(people_for(member), Noun.PERSON, person_id)
    if person is None:
        raise NotFound("contacts.no_person", _("There is no such person here."))
    _check(member, to)
    if to == "erase" and not roles.may_administer(member):
        raise NotAllowed(
            "contacts.not_owner", _("Only an owner of the workspace may erase people.")
        )
    return person


def _present(rows: QuerySet[Any], noun: Noun, pk: int) -> Any:
    return rows.filter(pk=pk).first() or rows.filter(pk=merging.survivor_of(noun, pk)).first()


def merge_for(member: Member, merge_id: int) -> Merge:
    """A merge of this workspace, to be undone.

    Raises:
        NotFound: ``contacts.no_merge``.
    """
    row = Merge.objects.filter(workspace_id=member.workspace_id, pk=merge_id).first()
    if row is None:
        raise NotFound("contacts.no_merge", _("There is no such merge here."))
    return row


def check_merge(member: Member) -> None:
    """Refuse to merge companies or people, and to part them, by a role that does not steer.

    Raises:
        NotAllowed: ``contacts.no_merging``.
    """
    if not roles.may_merge(member):
        raise NotAllowed(
            "contacts.no_merging",
            _("Only an owner or a manager may merge companies and people, or keep them apart."),
        )


def _check(member: Member, to: str) -> None:
    if to != "see" and not roles.may_edit_contacts(member):
        raise NotAllowed("contacts.read_only", _("You may look, but not change anything here."))
