"""Taking people into a workspace, changing what they do there, letting them go."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.base.keys import sort_key
from penstock.users import audit
from penstock.users.kept import Kept
from penstock.users.models import Account, Member, Role, Team, Workspace

_active = Kept(
    lambda workspace_id: Member.objects.filter(workspace_id=workspace_id, is_active=True).order_by(
        "sort_key", "pk"
    )
)


def active(workspace_id: int) -> list[Member]:
    """Everybody who works in a workspace, by name; one query."""
    return _active(workspace_id)


def add(  # noqa: PLR0913 -- a member has that many details
    workspace: Workspace,
    *,
    name: str,
    role: str,
    by: Member | None,
    account: Account | None = None,
    team: Team | None = None,
    batch: int | None = None,
) -> Member:
    """Take somebody in, with an account that can sign in or without one.

    Raises:
        RuleBroken: ``users.name_missing``, ``users.role``.
        Conflict: ``users.member_already`` when the account belongs to the workspace.
    """
    _check(name=name, role=role)
    with transaction.atomic():
        if account and Member.objects.filter(workspace=workspace, account=account).exists():
            raise Conflict(
                "users.member_already", _("This account is a member of the workspace already.")
            )
        member = Member.objects.create(
            workspace=workspace,
            account=account,
            name=name.strip()[:150],
            sort_key=sort_key(name),
            role=role,
            team=team,
            batch=batch,
        )
        audit.record(
            workspace_id=workspace.pk, by=by, action="member.added", target=member, role=str(role)
        )
        return member


def invite(workspace: Workspace, *, email: str, name: str, role: str, by: Member) -> Member:
    """Take in whoever has this e-mail address, with a new account when there is none yet.

    A new account has no password; its owner sets one by "forgot password". Somebody who was let
    go before comes back.

    Raises:
        RuleBroken: ``users.email_missing``, ``users.role``.
        Conflict: ``users.member_already``; ``users.address_unconfirmed`` when somebody signed up
            with the address and never showed that it is theirs.
    """
    address = email.strip().lower()
    if "@" not in address:
        raise RuleBroken("users.email_missing", _("Enter an e-mail address."), needs=["email"])
    with transaction.atomic():
        account = Account.objects.filter(email=address).first() or Account.objects.create_user(
            address, name=name.strip()[:150]
        )
        _check_address(account)
        former = Member.objects.filter(
            workspace=workspace, account=account, is_active=False
        ).first()
        if former is not None:
            return _take_back(former, role=role, by=by)
        known_as = name.strip() or account.get_full_name()
        return add(workspace, name=known_as, role=role, by=by, account=account)


def _check_address(account: Account) -> None:
    """Refuse an account that anybody could have made: with an address that nobody confirmed."""
    is_confirmed = EmailAddress.objects.filter(
        user=account, email__iexact=account.email, verified=True
    ).exists()
    if account.has_usable_password() and not is_confirmed:
        raise Conflict(
            "users.address_unconfirmed",
            _(
                "Somebody signed up with this address but has not confirmed it. "
                "Ask them to confirm it under “E-mail addresses”, then invite them again."
            ),
        )


def change_role(member: Member, *, role: str, by: Member) -> Member:
    """Give a member another role.

    Raises:
        RuleBroken: ``users.role``; ``users.last_owner`` when nobody else would own the workspace.
    """
    _check(name=member.name, role=role)
    with transaction.atomic():
        member = _locked(member)
        if role != Role.OWNER:
            _keep_an_owner(member)
        member.role = role
        member.save(update_fields=["role"])
        audit.record(
            workspace_id=member.workspace_id,
            by=by,
            action="member.role",
            target=member,
            role=str(role),
        )
        return member


def deactivate(member: Member, *, by: Member) -> Member:
    """Let a member go: what they own stays theirs, but they can no longer enter.

    Raises:
        RuleBroken: ``users.last_owner``.
    """
    with transaction.atomic():
        member = _locked(member)
        _keep_an_owner(member)
        member.is_active = False
        member.save(update_fields=["is_active"])
        audit.record(workspace_id=member.workspace_id, by=by, action="member.left", target=member)
        return member


def _take_back(member: Member, *, role: str, by: Member) -> Member:
    _check(name=member.name, role=role)
    member.is_active, member.role = True, role
    member.save(update_fields=["is_active", "role"])
    audit.record(
        workspace_id=member.workspace_id,
        by=by,
        action="member.added",
        target=member,
        role=str(role),
    )
    return member


def _locked(member: Member) -> Member:
    # All owners are locked together, so that two of them cannot step down at the same time.
    owners = Member.objects.select_for_update().filter(workspace_id=member.workspace_id)
    return {
        row.pk: row
        for row in owners.order_by("pk")
        if row.role == Role.OWNER or row.pk == member.pk
    }[member.pk]


def _keep_an_owner(member: Member) -> None:
    others = Member.objects.filter(
        workspace_id=member.workspace_id, role=Role.OWNER, is_active=True, account__isnull=False
    ).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise RuleBroken(
            "users.last_owner",
            _("A workspace keeps at least one owner. Make somebody else owner first."),
        )


def _check(*, name: str, role: str) -> None:
    if not name.strip():
        raise RuleBroken("users.name_missing", _("Give it a name."), needs=["name"])
    if role not in Role.values:
        raise RuleBroken("users.role", _("Choose one of the roles offered."), needs=["role"])
