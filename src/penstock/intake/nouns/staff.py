"""Members without accounts, and their teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.base.keys import match_key, sort_key
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.plain import Plain
from penstock.intake.nouns.ruling import Group, Ruling, reject
from penstock.users import members, teams
from penstock.users.models import Member, Role, Team

FIELDS = (
    Field("key", _("Key"), Sort.TEXT, ("user id", "employee id", "agent id", "id")),
    Field(
        "name",
        pgettext_lazy("of a person", "Name"),
        Sort.TEXT,
        ("sales agent", "full name", "member", "employee", "user", "имя", "сотрудник"),
        is_required=True,
    ),
    Field(
        "team",
        _("Team"),
        Sort.TEXT,
        ("regional office", "office", "department", "region", "команда", "отдел"),
    ),
    Field("role", _("Role"), Sort.TEXT, ("роль",)),
)
# Owning the workspace is given by hand.
ROLES = {match_key(str(label)): value for value, label in Role.choices if value != Role.OWNER} | {
    match_key(value): value for value in Role.values if value != Role.OWNER
}


class Members(Plain):
    """Takes members in without an account, and puts them into teams."""

    kind = "member"
    fields = ("name",)

    def check(self, row: Parsed) -> Ruling | None:
        """A role must be one of those offered."""
        if row.has("role") and match_key(row.get("role")) not in ROLES:
            return reject(row, "unknown_role", text=row.get("role"))
        return None

    def details(self, row: Parsed) -> dict[str, Any]:
        """Name, role and team; other columns have no place on a member."""
        details: dict[str, Any] = {"name": row.get("name")}
        if row.has("role"):
            details["role"] = ROLES[match_key(row.get("role"))]
        if row.has("team"):
            details["team"] = self._team(row.get("team"))
        return details

    def find(self, groups: Sequence[Group]) -> dict[str, Any]:
        """By key, else by name."""
        known = self.run.known(group.key for group in groups)
        for group in groups:
            found = self.run.lookups.member(group.first.get("name"))
            if found:
                known.setdefault(group.key, found)
        rows = Member.objects.select_related("team").in_bulk(list(known.values()))
        return {key: rows[pk] for key, pk in known.items() if pk in rows}

    def add(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Take members in."""
        made = [
            members.add(
                self.run.workspace,
                name=row["name"],
                role=row.get("role", Role.REP),
                team=row.get("team"),
                by=self.run.by,
                batch=self.run.change_set.pk,
            )
            for row in rows
        ]
        self.run.lookups.learn_members(made)
        return made

    def change(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Give members another role by its verb, and another name or team."""
        for member, details in pairs:
            if "role" in details and self.run.by:
                members.change_role(member, role=details["role"], by=self.run.by)
            for name in ("name", "team"):
                setattr(member, name, details.get(name, getattr(member, name)))
            member.sort_key = sort_key(member.name)
            member.save(update_fields=["name", "team", "sort_key"])

    def _team(self, name: str) -> Team:
        team, is_new = teams.named(self.run.workspace, name=name, by=self.run.by)
        self.run.made["teams"] += is_new
        return team
