"""A new workspace, ready for its first deal."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from penstock.flow import defaults
from penstock.users import workspaces
from penstock.users.models import Account, Workspace


def found(*, name: str, by: Account, **settings: Any) -> Workspace:
    """Make a workspace with its owner, its pipelines and its loss reasons.

    See :func:`penstock.users.workspaces.found`.
    """
    with transaction.atomic():
        workspace = workspaces.found(name=name, by=by, **settings)
        defaults.furnish(workspace)
        return workspace
