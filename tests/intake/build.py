"""Files of tests: a few lines of CSV, brought in as the owner of a workspace."""

from __future__ import annotations

from typing import Any

from penstock.intake import changesets
from penstock.intake.models import ChangeSet
from penstock.users.models import Member


def started(member: Member, noun: str, text: str | bytes, **settings: Any) -> ChangeSet:
    """A change set of a file, mapped as proposed and as said."""
    data = text if isinstance(text, bytes) else text.encode()
    change_set = changesets.start(
        member,
        noun,
        settings.get("filename", f"{noun}.csv"),
        data,
        source=settings.get("source", "crm"),
    )
    return changesets.set_mapping(
        change_set, mapping=settings.get("mapping", {}), options=settings.get("options", {})
    )


def checked(member: Member, noun: str, text: str | bytes, **settings: Any) -> ChangeSet:
    """A change set that was checked."""
    return changesets.check_now(started(member, noun, text, **settings))


def applied(member: Member, noun: str, text: str | bytes, **settings: Any) -> ChangeSet:
    """A change set that was applied."""
    return changesets.apply_now(started(member, noun, text, **settings))


def verdicts(change_set: ChangeSet) -> list[tuple[int, str, str]]:
    """Number, verdict and reason of every row."""
    return list(change_set.rows.order_by("number").values_list("number", "verdict", "reason"))
