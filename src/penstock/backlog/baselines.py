"""Keeping what a change of the backlog is held against: weeks as they were, or a plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Baseline
from penstock.base.calendar import Window
from penstock.base.errors import Conflict, RuleBroken
from penstock.flow import dating
from penstock.users.models import Member

#: Working days of the week that a plan is told for.
PLAN_DAYS = 5


def keep(
    name: str,
    *,
    measure: str,
    weeks: Sequence[dict[str, str]],
    window: Window | None,
    by: Member,
) -> Baseline:
    """Keep weeks under a name.

    Raises:
        RuleBroken: ``backlog.baseline_name``, ``backlog.baseline_empty``.
        Conflict: ``backlog.baseline_already`` when the name is taken.
    """
    name = name.strip()
    if not name:
        raise RuleBroken("backlog.baseline_name", _("Give it a name."), needs=["name"])
    if not weeks:
        raise RuleBroken("backlog.baseline_empty", _("A baseline has at least one week."))
    try:
        with transaction.atomic():
            return Baseline.objects.create(
                workspace_id=by.workspace_id,
                name=name,
                measure=measure,
                weeks=list(weeks),
                first_on=window.first if window else None,
                last_on=window.last if window else None,
                by=by,
                created_at=dating.now(),
            )
    except IntegrityError as error:
        raise Conflict(
            "backlog.baseline_already",
            _("There is a baseline of this name. Choose another one."),
            needs=["name"],
        ) from error


def plan(
    name: str,
    *,
    measure: str,
    demand: Decimal,
    capacity: Decimal,
    cancelled: Decimal = Decimal(0),
    by: Member,
) -> Baseline:
    """Keep a plan: what a week of five working days brings.

    Raises:
        RuleBroken: ``backlog.plan_below`` for less than nothing; and as :func:`keep`.
    """
    if min(demand, capacity, cancelled) < 0:
        raise RuleBroken(
            "backlog.plan_below", _("A plan has no amounts below nothing."), needs=["demand"]
        )
    week = {
        "days": str(PLAN_DAYS),
        "demand": str(demand),
        "capacity": str(capacity),
        "cancelled": str(cancelled),
        "changed": "0",
    }
    return keep(name, measure=measure, weeks=[week], window=None, by=by)


def remove(row: Baseline, *, by: Member) -> Baseline:
    """Take a baseline away; :func:`restore` brings it back. Safe to call twice."""
    Baseline.objects.filter(pk=row.pk, removed_at=None).update(removed_at=dating.now())
    row.refresh_from_db()
    return row


def restore(row: Baseline, *, by: Member) -> Baseline:
    """Bring a removed baseline back. Safe to call twice.

    Raises:
        Conflict: ``backlog.baseline_already`` when its name was given away meanwhile.
    """
    mine = Baseline.objects.filter(
        workspace_id=row.workspace_id, measure=row.measure, name=row.name, removed_at=None
    )
    with transaction.atomic():
        if mine.exclude(pk=row.pk).exists():
            raise Conflict(
                "backlog.baseline_already",
                _("There is a baseline of this name. Choose another one."),
            )
        Baseline.objects.filter(pk=row.pk).update(removed_at=None)
    row.refresh_from_db()
    return row
