"""Writing down who touched access, settings or personal data."""

from __future__ import annotations

from typing import Any

from penstock.users.models import AuditEntry, Member


def record(
    *,
    workspace_id: int,
    by: Member | None,
    action: str,
    target: Any = None,
    **detail: str | int | None,
) -> AuditEntry:
    """Write one entry; ``detail`` carries codes and ids, never names or free text."""
    return AuditEntry.objects.create(
        workspace_id=workspace_id,
        by=by,
        action=action,
        target_kind=target._meta.model_name if target is not None else "",
        target_id=target.pk if target is not None else None,
        detail=detail,
    )
