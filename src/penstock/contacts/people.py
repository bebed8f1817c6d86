"""Adding, changing and erasing people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.base.keys import sort_key
from penstock.contacts import tokens
from penstock.contacts.models import Company, Merge, Person
from penstock.contacts.models.merge import Noun
from penstock.users import audit
from penstock.users.models import Member, Workspace

Forget = Callable[[Person], None]
_forgetters: list[Forget] = []
FIELDS = ("name", "company", "email", "phone", "job_title")


def connect(forget: Forget) -> None:
    """Let a room above erase what it keeps of a person itself, such as rows of imported files.

    It is called before the person's own row is emptied, so it knows what to look for.
    """
    _forgetters.append(forget)


def add(workspace: Workspace, *, name: str, by: Member | None, **details: Any) -> Person:
    """Add a person.

    Raises:
        RuleBroken: ``contacts.name_missing``.
    """
    check(name, details)
    with transaction.atomic():
        person = Person.objects.create(
            workspace=workspace, name=name.strip()[:200], sort_key=sort_key(name), **details
        )
        tokens.refresh_people([person], are_new=True)
        return person


def named(workspace: Workspace, *, name: str, company: Company | None, by: Member | None) -> Person:
    """The person of this name, rather one of the company; added to it if there is none.

    Raises:
        RuleBroken: ``contacts.name_missing``.
    """
    present = Person.objects.filter(
        workspace=workspace, withdrawn_at=None, merged_into=None, erased_at=None
    )
    known = present.filter(sort_key=sort_key(name)).order_by("pk")
    found = (known.filter(company=company).first() if company else None) or known.first()
    return found or add(workspace, name=name, company=company, by=by)


def change(person: Person, *, by: Member | None, **details: Any) -> Person:
    """Change what is known of a person; only the named details are touched.

    Raises:
        RuleBroken: ``contacts.name_missing``; ``contacts.erased`` for a person who was erased.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.erased_at is not None:
            raise RuleBroken(
                "contacts.erased",
                _("This person was erased. Add a new one instead of changing it."),
            )
        check(details.get("name", person.name), details)
        for field, value in details.items():
            setattr(person, field, value)
        person.sort_key = sort_key(person.name)
        person.save(update_fields=[*details, "sort_key"])
        if tokens.COMPARED & details.keys():
            tokens.refresh_people([person])
        return person


def erase(person: Person, *, by: Member) -> Person:
    """Erase all that identifies a person; the row and its id stay, so no total changes.

    Those who were merged into this person are the same human being, and are erased too. Safe to
    call twice.
    """
    with transaction.atomic():
        for absorbed in Person.objects.filter(merged_into=person, erased_at=None):
            erase(absorbed, by=by)
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        for forget in _forgetters:
            forget(person)
        person.name = person.sort_key = person.email = person.phone = person.job_title = ""
        person.extra = {}
        person.erased_at = person.erased_at or timezone.now()
        person.save(
            update_fields=["name", "sort_key", "email", "phone", "job_title", "extra", "erased_at"]
        )
        tokens.refresh_people([person])
        Merge.objects.filter(noun=Noun.PERSON, kept_id=person.pk).update(before={})
        audit.record(workspace_id=person.workspace_id, by=by, action="person.erased", target=person)
        return person


def check(name: str, details: dict[str, Any]) -> None:
    """Refuse a person without a name; the import asks the same."""
    unknown = set(details) - set(FIELDS) - {"extra", "batch"}
    if unknown:
        raise ValueError(f"a person has no {', '.join(sorted(unknown))}")
    if not name.strip():
        raise RuleBroken("contacts.name_missing", _("Give it a name."), needs=["name"])
