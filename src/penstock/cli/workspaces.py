"""Inside which workspace a command works, and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from penstock.base.errors import NotFound, RuleBroken
from penstock.users import access, walls
from penstock.users.models import Account, Member, Role, Workspace


@contextmanager
def entered(*, slug: str, email: str) -> Iterator[Member]:
    """Work inside a workspace as a member, and leave it when done.

    Args:
        slug: The workspace's address; may be empty where there is only one.
        email: Whose rights hold; empty for the workspace's owner.

    Raises:
        NotFound: ``cli.no_workspace``, ``cli.no_account``, ``users.no_workspace``.
        RuleBroken: ``cli.which_workspace`` when there are several and none is named.
    """
    try:
        workspace = _workspace(slug)
        yield access.enter(_account(workspace, email), slug=workspace.slug)
    finally:
        walls.leave()


def _workspace(slug: str) -> Workspace:
    found = [_inside(pk) for pk in _ids()]
    if not found:
        raise NotFound(
            "cli.no_workspace", _("There is no workspace yet. Run “penstock demo” first.")
        )
    slugs = {workspace.slug: workspace for workspace in found}
    if not slug and len(found) > 1:
        raise RuleBroken(
            "cli.which_workspace",
            _("There are several workspaces. Name one with --workspace: %(slugs)s.")
            % {"slugs": ", ".join(sorted(slugs))},
            needs=["workspace"],
        )
    if slug and slug not in slugs:
        raise NotFound(
            "cli.no_workspace",
            _("There is no workspace “%(slug)s”. There is: %(slugs)s.")
            % {"slug": slug, "slugs": ", ".join(sorted(slugs))},
        )
    return slugs[slug] if slug else found[0]


def _ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT penstock_workspace_ids()")
        return [row[0] for row in cursor.fetchall()]


def _inside(workspace_id: int) -> Workspace:
    walls.enter(workspace_id=workspace_id)
    return Workspace.objects.get(pk=workspace_id)


def _account(workspace: Workspace, email: str) -> Account:
    if email:
        account = Account.objects.filter(email__iexact=email, is_active=True).first()
    else:
        walls.enter(workspace_id=workspace.pk)
        owners = Member.objects.filter(
            workspace=workspace, role=Role.OWNER, is_active=True, account__isnull=False
        )
        owner = owners.select_related("account").order_by("pk").first()
        account = owner.account if owner else None
    if account is None:
        raise NotFound(
            "cli.no_account", _("Nobody signs in with this address. Name a member with --as.")
        )
    return account
