"""The only way by which a door gets a change set."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.intake.models import ChangeSet, Mapping
from penstock.users import roles
from penstock.users.models import Member


def importer(member: Member) -> Member:
    """The member, if they may import.

    Raises:
        NotAllowed: ``intake.not_allowed``.
    """
    if not roles.may_import(member):
        raise NotAllowed(
            "intake.not_allowed", _("Only owners and managers of the workspace may import files.")
        )
    return member


def changesets_for(member: Member) -> QuerySet[ChangeSet]:
    """All imports of the workspace, the newest first.

    Raises:
        NotAllowed: ``intake.not_allowed``.
    """
    importer(member)
    return ChangeSet.objects.filter(workspace_id=member.workspace_id).select_related("by")


def changeset_for(member: Member, change_set_id: int) -> ChangeSet:
    """An import.

    Raises:
        NotFound: ``intake.no_change_set``. NotAllowed: ``intake.not_allowed``.
    """
    found = (
        changesets_for(member).select_related("workspace", "by").filter(pk=change_set_id).first()
    )
    if found is None:
        raise NotFound("intake.no_change_set", _("There is no such import here."))
    return found


def mappings_for(member: Member, *, noun: str) -> QuerySet[Mapping]:
    """Saved mappings of a noun, by name."""
    importer(member)
    return Mapping.objects.filter(workspace_id=member.workspace_id, noun=noun).order_by("name")
