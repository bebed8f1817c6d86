"""Accounts, workspaces, teams, members, audit, saved views, sendings."""

from penstock.users.models.account import Account
from penstock.users.models.audit import AuditEntry
from penstock.users.models.member import Member, Role, Team
from penstock.users.models.saved_view import FirstView, SavedView
from penstock.users.models.sending import Sending
from penstock.users.models.workspace import Workspace

__all__ = [
    "Account",
    "AuditEntry",
    "FirstView",
    "Member",
    "Role",
    "SavedView",
    "Sending",
    "Team",
    "Workspace",
]
