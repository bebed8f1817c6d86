"""Predicates: what a role may do. Doors ask them through each room's ``access.py``."""

from __future__ import annotations

from penstock.users.models import Member, Role
from penstock.users.models.workspace import Overrides

SELLS = frozenset({Role.OWNER, Role.MANAGER, Role.REP})
DELIVERS = frozenset({Role.OWNER, Role.MANAGER, Role.OPERATIONS})
STEERS = frozenset({Role.OWNER, Role.MANAGER})


def may_sell(member: Member) -> bool:
    """Open, move, change and close deals."""
    return member.is_active and member.role in SELLS


def may_sell_for(member: Member, *, owner_id: int | None) -> bool:
    """Act on a deal with this owner: a rep only on own and unassigned ones."""
    if not may_sell(member):
        return False
    return member.role in STEERS or owner_id in (None, member.pk)


def may_override(member: Member) -> bool:
    """Move a deal past a gate without its answers, with a reason; everybody who sells if so set."""
    if not may_sell(member):
        return False
    return member.role in STEERS or member.workspace.overrides == Overrides.SELLERS


def may_deliver(member: Member) -> bool:
    """Place, change, fulfil and cancel orders; move work."""
    return member.is_active and member.role in DELIVERS


def may_edit_contacts(member: Member) -> bool:
    """Add and change companies, people and products."""
    return member.is_active and member.role != Role.VIEWER


def may_share(member: Member) -> bool:
    """Show a saved view to all colleagues."""
    return member.is_active and member.role != Role.VIEWER


def may_merge(member: Member) -> bool:
    """Merge companies and people, and take it back; deals are merged by who may change both."""
    return member.is_active and member.role in STEERS


def may_import(member: Member) -> bool:
    """Bring in files, and take an import back."""
    return member.is_active and member.role in STEERS


def may_steer(member: Member) -> bool:
    """Change pipelines, stages and loss reasons."""
    return member.is_active and member.role in STEERS


def may_administer(member: Member) -> bool:
    """Change the workspace, its members and their roles; erase personal data."""
    return member.is_active and member.role == Role.OWNER
