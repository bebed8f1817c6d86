"""Saying how important a customer is; what it was before stays known."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Company, Tier, TierChange
from penstock.users.models import Member


def assign(
    company: Company, tier: str, *, by: Member | None, at: datetime | None = None
) -> Company:
    """Give a company a tier, or (empty) none, from now or from a day on. Safe to call twice.

    Raises:
        RuleBroken: ``contacts.tier`` for a tier that there is not, ``contacts.tier_future``.
    """
    if tier and tier not in Tier.values:
        raise RuleBroken("contacts.tier", _("Choose one of the tiers."), needs=["tier"])
    now = timezone.now()
    if at is not None and at > now:
        raise RuleBroken(
            "contacts.tier_future", _("This day has not come yet. Choose today or one before it.")
        )
    with transaction.atomic():
        company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        if _in_force(company, at or now) == tier:
            return company
        TierChange.objects.create(
            workspace_id=company.workspace_id,
            company=company,
            tier=tier,
            occurred_at=at or now,
            known_at=now,
            by=by,
        )
        company.tier = _in_force(company, now)
        company.save(update_fields=["tier"])
        return company


def _in_force(company: Company, at: datetime) -> str:
    last = company.tier_changes.filter(occurred_at__lte=at).order_by("occurred_at", "pk").last()
    return last.tier if last else ""
