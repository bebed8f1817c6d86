"""Foreseeing when everything is ready, in the background, and keeping it."""

from __future__ import annotations

from penstock.backlog import forecasts
from penstock.flow import dating
from penstock.reports import promises
from penstock.users.models import Member, Role, Workspace


def foresee(workspace: Workspace) -> int:
    """Make the forecasts of a workspace anew and keep those that say something else; safe to run twice."""
    owner = (
        Member.objects.select_related("workspace")
        .filter(workspace=workspace, role=Role.OWNER)
        .order_by("pk")
        .first()
    )
    if owner is None:
        return 0
    return forecasts.keep(workspace, promises.forecasts(owner, now=dating.now()))
