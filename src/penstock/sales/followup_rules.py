"""Shaping what follows a delivery or a loss by itself: added, changed, retired."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.sales.models import Act, FollowupRule
from penstock.users import audit
from penstock.users.models import Member, Workspace

FIELDS = ("name", "after_days", "pipeline", "product", "reason", "scale", "offer", "close_days")
#: Ten years: beyond it a day is a slip of the finger.
LONGEST_DAYS = 3650


def add(workspace: Workspace, *, act: str, by: Member | None, **details: Any) -> FollowupRule:
    """Add a rule; it plans what happens from now on.

    Raises:
        RuleBroken: ``flow.name_missing``; ``sales.rule_days``; ``sales.rule_offer`` for an upsell that
            offers nothing; ``sales.rule_act`` for an act that there is not.
    """
    if act not in Act.values:
        raise RuleBroken("sales.rule_act", _("Choose one of the acts offered."), needs=["act"])
    rule = FollowupRule(workspace=workspace, act=act)
    with transaction.atomic():
        _write(rule, details)
        _record("followup_rule.added", rule, by=by)
        return rule


def change(rule: FollowupRule, *, by: Member | None, **details: Any) -> FollowupRule:
    """Change a rule; what it planned before keeps its day.

    Raises:
        RuleBroken: As :func:`add`.
    """
    with transaction.atomic():
        rule = FollowupRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        _write(rule, details)
        _record("followup_rule.changed", rule, by=by)
        return rule


def retire(rule: FollowupRule, *, by: Member | None) -> FollowupRule:
    """Let a rule plan nothing more; what it planned stays. Safe to call twice."""
    with transaction.atomic():
        rule = FollowupRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        if rule.is_on:
            rule.retired_at = timezone.now()
            rule.save(update_fields=["retired_at"])
            _record("followup_rule.retired", rule, by=by)
        return rule


def _write(rule: FollowupRule, details: dict[str, Any]) -> None:
    unknown = set(details) - set(FIELDS)
    if unknown:
        raise ValueError(f"a rule has no {', '.join(sorted(unknown))}")
    for name, value in details.items():
        setattr(rule, name, value)
    rule.name = rule.name.strip()[:120]
    if not rule.name:
        raise RuleBroken("flow.name_missing", _("Give it a name."), needs=["name"])
    if not (0 <= rule.after_days <= LONGEST_DAYS and 0 <= rule.close_days <= LONGEST_DAYS):
        raise RuleBroken(
            "sales.rule_days", _("Enter days between 0 and 3,650."), needs=["after_days"]
        )
    if rule.act == Act.UPSELL and rule.offer is None:
        raise RuleBroken(
            "sales.rule_offer", _("Choose the product that is offered."), needs=["offer"]
        )
    if rule.act != Act.WIN_BACK:
        rule.reason = None
    rule.save()


def _record(action: str, rule: FollowupRule, *, by: Member | None) -> None:
    audit.record(workspace_id=rule.workspace_id, by=by, action=action, target=rule)
