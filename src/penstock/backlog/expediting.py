"""Putting an order before all others, with the bill that others pay for it, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from penstock.backlog.dates import Why
from penstock.backlog.models import Expedite, ExpediteWording, Order, Overtaken
from penstock.base.errors import RuleBroken
from penstock.flow import bus, items
from penstock.flow.dating import when
from penstock.users.models import Member, Workspace

#: Why an order goes before others.
CAUSES: dict[str, Promise] = {
    "standstill": _("The customer stands still"),
    "late": _("It is late already"),
    "penalty": _("A penalty is due"),
    "tier": _("An important customer asked for it"),
    "safety": _("It is about safety"),
    "other": _("Something else"),
}
# "rush" as a number: the name of the advisory lock.
_LOCK = 0x72757368


@dataclass(frozen=True, slots=True)
class Bill:
    """What it costs others that an order goes first.

    ``days`` says of each overtaken order how much longer it waits; None where nobody can tell. ``hours``
    is the work that comes before theirs; None while it is unknown.
    """

    hours: Decimal | None = None
    days: Mapping[int, Decimal | None] = field(default_factory=dict)

    @property
    def n_overtaken(self) -> int:
        """Orders that wait longer."""
        return len(self.days)

    @property
    def all_days(self) -> Decimal | None:
        """Days that all of them wait longer, together; None where nobody can tell."""
        told = [days for days in self.days.values() if days is not None]
        return sum(told, start=Decimal(0)) if len(told) == len(self.days) else None


def expedite(
    order: Order, why: Why, *, bill: Bill, by: Member | None, at: datetime | None = None
) -> Expedite:
    """Let an order go before all others, and keep who pays how much for it. Safe to call twice.

    Raises:
        RuleBroken: ``backlog.expedite_limit`` when as many go first as the workspace allows,
            ``backlog.nothing_to_expedite`` when nothing of it is owed, ``backlog.expedite_reason``.
    """
    if why.cause not in CAUSES:
        raise RuleBroken(
            "backlog.expedite_reason", _("Say why it goes before others."), needs=["cause"]
        )
    with transaction.atomic():
        _lock(order.workspace_id)
        item = items.lock(order.pk)
        if not item.is_open:
            raise RuleBroken(
                "backlog.nothing_to_expedite",
                _("Nothing of it is owed, so it cannot go before others."),
            )
        order = Order.objects.select_related("workspace").get(pk=order.pk)
        if order.is_expedited:
            return _last(order)
        _check_limit(order.workspace)
        row = _write(order, by=by, at=at, cause=why.cause, bill=bill)
        Overtaken.objects.bulk_create(
            Overtaken(workspace_id=order.workspace_id, expedite=row, order_id=number, days=days)
            for number, days in bill.days.items()
        )
        if text := why.text.strip():
            ExpediteWording.objects.create(
                workspace_id=order.workspace_id, expedite=row, text=text[:500]
            )
        return row


def calm(order: Order, *, by: Member | None, at: datetime | None = None) -> Expedite | None:
    """Let an order wait for its turn again; one that does so already stays as it is."""
    with transaction.atomic():
        items.lock(order.pk)
        order = Order.objects.get(pk=order.pk)
        return _write(order, by=by, at=at) if order.is_expedited else None


def n_running(workspace_id: int) -> int:
    """Open orders that go before others now."""
    return Order.objects.filter(
        workspace_id=workspace_id, is_expedited=True, item__outcome="", item__withdrawn_at=None
    ).count()


def _write(
    order: Order, *, by: Member | None, at: datetime | None, cause: str = "", bill: Bill = Bill()
) -> Expedite:
    times = when(at)
    row = Expedite.objects.create(
        workspace_id=order.workspace_id,
        item_id=order.pk,
        is_on=bool(cause),
        cause=cause,
        n_overtaken=bill.n_overtaken,
        hours=bill.hours,
        days=bill.all_days,
        by=by,
        **times.columns(),
    )
    order.is_expedited = bool(cause)
    order.save(update_fields=["is_expedited"])
    item = order.item
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
    return row


def _last(order: Order) -> Expedite:
    rows = Expedite.objects.filter(item_id=order.pk, is_void=False, superseded_by=None)
    return rows.latest("occurred_at", "pk")


def _check_limit(workspace: Workspace) -> None:
    limit = workspace.expedite_limit
    if n_running(workspace.pk) < limit:
        return
    raise RuleBroken(
        "backlog.expedite_limit",
        ngettext(
            "Only %(limit)s order may go before all others, and it does already. Let it wait for its "
            "turn again first, or change the limit in the settings.",
            "Only %(limit)s orders may go before all others, and they do already. Let one of them wait "
            "for its turn again first, or change the limit in the settings.",
            limit,
        )
        % {"limit": limit},
    )


def _lock(workspace_id: int) -> None:
    """One after the other: two that come at once must not both find the last free place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, workspace_id % 2**31])
