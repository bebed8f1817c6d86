"""Taking an import back: withdraw what it opened, void what it added to others."""

from __future__ import annotations

from penstock.intake.models import ChangeSet
from penstock.users.models import Member


def revert(change_set: ChangeSet, *, by: Member | None) -> None:
    """Take back everything with this change set's number."""
    raise NotImplementedError
