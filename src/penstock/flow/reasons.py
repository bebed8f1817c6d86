"""Shaping the list of loss reasons: added, renamed, retired; deals that name one keep it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.models import LossReason
from penstock.users import audit
from penstock.users.models import Member, Workspace


def add(workspace: Workspace, *, name: str, by: Member | None) -> LossReason:
    """Add a reason at the end of the list.

    Raises:
        RuleBroken: ``flow.name_missing``; ``flow.reason_known`` when one in use has this name.
    """
    reasons = LossReason.objects.filter(workspace=workspace)
    _check_new(name, reasons)
    last = reasons.aggregate(last=Max("position"))["last"]
    with transaction.atomic():
        reason = LossReason.objects.create(
            workspace=workspace,
            name=_checked(name),
            code=_free_code(name, taken=set(reasons.values_list("code", flat=True))),
            position=0 if last is None else last + 1,
        )
        _record("loss_reason.added", reason, by=by)
        return reason


def rename(reason: LossReason, *, name: str, by: Member | None) -> LossReason:
    """Give a reason another name; deals lost before show it too.

    Raises:
        RuleBroken: ``flow.name_missing``.
    """
    with transaction.atomic():
        reason.name = _checked(name)
        reason.save(update_fields=["name"])
        _record("loss_reason.renamed", reason, by=by)
        return reason


def retire(reason: LossReason, *, by: Member | None) -> LossReason:
    """Offer a reason no longer. Safe to call twice.

    Raises:
        RuleBroken: ``flow.last_reason`` for the only one in use.
    """
    with transaction.atomic():
        # All are locked in one order, so that the last two cannot be retired at the same time.
        rows = LossReason.objects.filter(workspace_id=reason.workspace_id, retired_at=None)
        in_use = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("pk")}
        if reason.pk not in in_use:
            return reason
        if len(in_use) == 1:
            raise RuleBroken(
                "flow.last_reason", _("Keep at least one loss reason. Add another one first.")
            )
        reason.retired_at = timezone.now()
        reason.save(update_fields=["retired_at"])
        _record("loss_reason.retired", reason, by=by)
        return reason


def _record(action: str, reason: LossReason, *, by: Member | None) -> None:
    audit.record(workspace_id=reason.workspace_id, by=by, action=action, target=reason)


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
