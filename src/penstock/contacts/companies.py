"""Adding and changing companies."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.base.keys import match_key, sort_key
from penstock.contacts import tokens
from penstock.contacts.models import Company
from penstock.users.models import Member, Workspace

FIELDS = ("name", "domain", "industry", "segment", "country", "city", "employees", "parent")


def add(workspace: Workspace, *, name: str, by: Member | None, **details: Any) -> Company:
    """Add a company.

    Raises:
        RuleBroken: ``contacts.name_missing``.
    """
    check(name, details)
    with transaction.atomic():
        company = Company.objects.create(
            workspace=workspace,
            name=name.strip()[:200],
            sort_key=sort_key(name),
            match_key=match_key(name),
            **details,
        )
        tokens.refresh_companies([company], are_new=True)
        return company


def named(workspace: Workspace, *, name: str, by: Member | None) -> Company:
    """The company of this name in any spelling, added if there is none.

    Raises:
        RuleBroken: ``contacts.name_missing``.
    """
    return known(workspace, name=name) or add(workspace, name=name, by=by)


def known(workspace: Workspace, *, name: str) -> Company | None:
    """The company of this name in any spelling, if there is one."""
    present = Company.objects.filter(workspace=workspace, withdrawn_at=None, merged_into=None)
    return present.filter(match_key=match_key(name)).order_by("pk").first()


def change(company: Company, *, by: Member | None, **details: Any) -> Company:
    """Change what is known of a company; only the named details are touched."""
    name = details.get("name", company.name)
    check(name, details)
    for field, value in details.items():
        setattr(company, field, value)
    keys = {"sort_key": sort_key(name), "match_key": match_key(name)} if "name" in details else {}
    for field, value in keys.items():
        setattr(company, field, value)
    with transaction.atomic():
        company.save(update_fields=[*details, *keys])
        if tokens.COMPARED & details.keys():
            tokens.refresh_companies([company])
    return company


def check(name: str, details: dict[str, Any]) -> None:
    """Refuse a company without a name; the import asks the same."""
    unknown = set(details) - set(FIELDS) - {"extra", "batch"}
    if unknown:
        raise ValueError(f"a company has no {', '.join(sorted(unknown))}")
    if not name.strip():
        raise RuleBroken("contacts.name_missing", _("Give it a name."), needs=["name"])
