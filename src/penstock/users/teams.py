"""Making teams, naming them, saying who leads and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.base.keys import sort_key
from penstock.users import audit
from penstock.users.models import Member, Team, Workspace


def create(
    workspace: Workspace,
    *,
    name: str,
    by: Member | None,
    lead: Member | None = None,
    members: Collection[Member] = (),
) -> Team:
    """Make a team; one of this name that was retired comes back.

    Raises:
        RuleBroken: ``users.name_missing``, ``users.lead_left``.
        Conflict: ``users.team_already`` when a team has this name.
    """
    name = _checked(name)
    _check_lead(lead)
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(workspace=workspace, name=name).first()
        if team is not None and team.retired_at is None:
            raise _taken()
        if team is None:
            team = Team(workspace=workspace, name=name, sort_key=sort_key(name))
        team.lead, team.retired_at = lead, None
        team.save()
        audit.record(workspace_id=workspace.pk, by=by, action="team.made", target=team)
        return set_members(team, members=members, by=by)


def named(workspace: Workspace, *, name: str, by: Member | None) -> tuple[Team, bool]:
    """The team of a name, made when there is none, and whether it was made; for imports."""
    team = Team.objects.filter(
        workspace=workspace, name=name.strip()[:120], retired_at=None
    ).first()
    return (team, False) if team else (create(workspace, name=name, by=by), True)


def change(
    team: Team, *, name: str, lead: Member | None, members: Collection[Member], by: Member | None
) -> Team:
    """Name, lead and members at once; only what differs is written down.

    Raises:
        RuleBroken, Conflict: Those of :func:`rename` and :func:`set_lead`.
    """
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=team.pk)
        if name.strip() != team.name:
            rename(team, name=name, by=by)
        set_lead(team, lead=lead, by=by)
        return set_members(team, members=members, by=by)


def rename(team: Team, *, name: str, by: Member | None) -> Team:
    """Give a team another name.

    Raises:
        RuleBroken: ``users.name_missing``. Conflict: ``users.team_already``.
    """
    name = _checked(name)
    with transaction.atomic():
        others = Team.objects.filter(workspace_id=team.workspace_id, name=name).exclude(pk=team.pk)
        if others.exists():
            raise _taken()
        team.name, team.sort_key = name, sort_key(name)
        team.save(update_fields=["name", "sort_key"])
        audit.record(workspace_id=team.workspace_id, by=by, action="team.renamed", target=team)
        return team


def set_lead(team: Team, *, lead: Member | None, by: Member | None) -> Team:
    """Say who leads a team, or that nobody does; a lead need not belong to it.

    Raises:
        RuleBroken: ``users.lead_left`` for a member who was let go.
    """
    _check_lead(lead)
    with transaction.atomic():
        if team.lead_id != (lead.pk if lead else None):
            team.lead = lead
            team.save(update_fields=["lead"])
            audit.record(
                workspace_id=team.workspace_id,
                by=by,
                action="team.lead",
                target=team,
                lead=team.lead_id,
            )
        return team


def set_members(team: Team, *, members: Collection[Member], by: Member | None) -> Team:
    """Say who belongs to a team; whoever belonged to another one leaves it."""
    with transaction.atomic():
        wanted = {member.pk for member in members}
        present = set(Member.objects.filter(team=team).values_list("pk", flat=True))
        Member.objects.filter(pk__in=present - wanted, team=team).update(team=None)
        Member.objects.filter(pk__in=wanted, workspace_id=team.workspace_id).update(team=team)
        for pk in sorted(wanted ^ present):
            audit.record(
                workspace_id=team.workspace_id,
                by=by,
                action="team.members",
                target=team,
                member=pk,
                joined=int(pk in wanted),
            )
        return team


def retire(team: Team, *, by: Member | None) -> Team:
    """Use a team no longer: its members belong to none, figures of the past keep it."""
    with transaction.atomic():
        if team.retired_at is None:
            set_members(team, members=[], by=by)
            team.retired_at, team.lead = timezone.now(), None
            team.save(update_fields=["retired_at", "lead"])
            audit.record(workspace_id=team.workspace_id, by=by, action="team.retired", target=team)
        return team


def _checked(name: str) -> str:
    if not name.strip():
        raise RuleBroken("users.name_missing", _("Give it a name."), needs=["name"])
    return name.strip()[:120]


def _check_lead(lead: Member | None) -> None:
    if lead is not None and not lead.is_active:
        raise RuleBroken(
            "users.lead_left",
            _("%(name)s was let go. Choose somebody who still belongs here.") % {"name": lead.name},
            needs=["lead"],
        )


def _taken() -> Conflict:
    return Conflict(
        "users.team_already", _("There is a team of this name already."), needs=["name"]
    )
