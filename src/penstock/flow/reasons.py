"""Shaping the list of loss reasons: added, renamed, retired; deals that name one keep it."""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.models import LossReason
from penstock.users.models import Workspace


def add(workspace: Workspace, *, name: str) -> LossReason:
    """Add a reason at the end of the list.

    Raises:
        RuleBroken: ``flow.name_missing``; ``flow.reason_known`` when one in use has this name.
    """
    reasons = LossReason.objects.filter(workspace=workspace)
    _check_new(name, reasons)
    last = reasons.aggregate(last=Max("position"))["last"]
    return LossReason.objects.create(
        workspace=workspace,
        name=_checked(name),
        code=_free_code(name, taken=set(reasons.values_list("code", flat=True))),
        position=0 if last is None else last + 1,
    )


def rename(reason: LossReason, *, name: str) -> LossReason:
    """Give a reason another name; deals lost before show it too."""
    reason.name = _checked(name)
    reason.save(update_fields=["name"])
    return reason


def retire(reason: LossReason) -> LossReason:
    """Offer a reason no longer. Safe to call twice.

    Raises:
        RuleBroken: ``flow.last_reason`` for the only one in use.
    """
    in_use = LossReason.objects.filter(workspace_id=reason.workspace_id, retired_at=None)
    if not in_use.exclude(pk=reason.pk).exists():
        raise RuleBroken(
            "flow.last_reason", _("Keep at least one loss reason. Add another one first.")
        )
    reason.retired_at = reason.retired_at or timezone.now()
    reason.save(update_fields=["retired_at"])
    return reason


def _check_new(name: str, reasons: object) -> None:
    wanted = _checked(name).casefold()
    in_use = reasons.filter(retired_at=None)  # type: ignore[attr-defined]  # -- a query set of reasons
    if wanted in {reason.label.casefold() for reason in in_use}:
        raise RuleBroken(
            "flow.reason_known",
            _("There is a reason of this name already. Choose another name."),
            needs=["name"],
        )


def _checked(name: str) -> str:
    if not name.strip():
        raise RuleBroken("flow.name_missing", _("Give it a name."), needs=["name"])
    return name.strip()[:120]


def _free_code(name: str, *, taken: set[str]) -> str:
    base = slugify(name)[:32].replace("-", "_") or "reason"
    candidates = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in candidates if code not in taken)
