"""The only way by which a door learns who somebody is in a workspace."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.users import roles, walls
from penstock.users.kept import Kept
from penstock.users.models import Account, Member, Team, Workspace

_memberships = Kept(
    lambda account_id: (
        Member.objects.select_related("workspace")
        .filter(account_id=account_id, is_active=True)
        .order_by("workspace__name", "workspace_id")
    )
)
_membership = Kept(
    lambda account_id, slug: Member.objects.select_related("workspace").filter(
        account_id=account_id, is_active=True, workspace__slug=slug
    )
)


def enter(account: Account, *, slug: str) -> Member:
    """Open a workspace for an account: from here on the database shows this workspace's rows.

    Raises:
        NotFound: ``users.no_workspace`` when there is none, or the account does not belong to it.
    """
    walls.enter(account_id=account.pk)
    member = _membership.first(account.pk, slug)
    if member is None:
        walls.leave()
        raise NotFound(
            "users.no_workspace", _("There is no such workspace, or you do not belong to it.")
        )
    member.account = account
    walls.enter(workspace_id=member.workspace_id, account_id=account.pk)
    return member


def enter_open(slug: str) -> Workspace:
    """Open a workspace for a visitor who does not sign in: a customer who follows a link.

    The database then shows this workspace's rows, and no memberships. What a visitor may see is ruled by
    the link alone, so every view behind this finds its one row by a token that nobody can guess.

    Raises:
        NotFound: ``users.no_page``; the same whether there is no such workspace or no such link.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT penstock_workspace_at(%s)", [slug])
        (workspace_id,) = cursor.fetchone()
    if workspace_id is None:
        raise NotFound("users.no_page", _("This link leads nowhere. Check that it is complete."))
    walls.enter(workspace_id=workspace_id)
    return Workspace.objects.get(pk=workspace_id)


def workspaces_of(account: Account) -> list[Workspace]:
    """The workspaces an account belongs to, by name; call with the account entered."""
    return [member.workspace for member in _memberships(account.pk)]


def administrator(member: Member) -> Member:
    """The member, if they may administer the workspace.

    Raises:
        NotAllowed: ``users.not_owner``.
    """
    if not roles.may_administer(member):
        raise NotAllowed("users.not_owner", _("Only an owner of the workspace may do this."))
    return member


def member_for(member: Member, member_id: int) -> Member:
    """Another member, for somebody who may administer the workspace.

    Raises:
        NotFound: ``users.no_member``. NotAllowed: ``users.not_owner``.
    """
    other = Member.objects.filter(pk=member_id, workspace_id=member.workspace_id).first()
    if other is None:
        raise NotFound("users.no_member", _("There is no such member here."))
    administrator(member)
    return other


def check_teams(member: Member) -> None:
    """Refuse whoever does not steer the workspace to change its teams.

    Raises:
        NotAllowed: ``users.not_manager``.
    """
    if not roles.may_steer(member):
        raise NotAllowed("users.not_manager", _("Only an owner or a manager may change teams."))


def team_for(member: Member, team_id: int) -> Team:
    """A team in use, for somebody who may change teams.

    Raises:
        NotFound: ``users.no_team``. NotAllowed: ``users.not_manager``.
    """
    found = Team.objects.filter(pk=team_id, workspace_id=member.workspace_id, retired_at=None)
    team = found.select_related("lead").first()
    if team is None:
        raise NotFound("users.no_team", _("There is no such team here."))
    check_teams(member)
    return team
