"""Who is next: the policy of a workspace, what waiting costs, and orders that people put first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from penstock.backlog import waiting
from penstock.backlog.models import Order, QueueRule, RankChange
from penstock.base.errors import RuleBroken
from penstock.flow import changes, dating, items
from penstock.flow.dating import when
from penstock.users import audit
from penstock.users.models import Member, Workspace

Policy = QueueRule.Policy
#: These need no key of their own: the columns of an order say who is next.
PLAIN = {Policy.EDD, Policy.FCFS}
#: Keys of orders that people put first; no policy comes near.
FIRST = -1e15
#: Promises come closer: so old a key is made anew.
FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be chosen."""

    policy: str
    bound_days: int | None = None
    delay_share: Decimal = Decimal("0.002")
    k: Decimal = Decimal(2)


def choose(workspace: Workspace, rule: Rule, *, by: Member | None) -> QueueRule:
    """Let another policy say who is next, from now on.

    Raises:
        RuleBroken: ``backlog.policy``, ``backlog.policy_numbers``.
    """
    if rule.policy not in Policy.values:
        raise RuleBroken("backlog.policy", _("Choose one of the policies."), needs=["policy"])
    is_bound = rule.bound_days is None or rule.bound_days > 0
    if not (0 < rule.delay_share <= 1 and rule.k > 0 and is_bound):
        raise RuleBroken(
            "backlog.policy_numbers",
            _("Enter numbers above zero, and a share of at most 100 %."),
            needs=["delay_share"],
        )
    with transaction.atomic():
        row, _made = QueueRule.objects.update_or_create(
            workspace=workspace,
            defaults={name: getattr(rule, name) for name in Rule.__slots__},
        )
        audit.record(
            workspace_id=workspace.pk, by=by, action="queue.rule", target=row, policy=rule.policy
        )
        refresh(workspace)
    return row


def order_by(policy: str, *, of: str = "") -> tuple[Any, ...]:
    """Expressions by which what waits stands in order; ``of`` leads to the order (``line__order__``).

    Those that go before their turn, those that were put first, then by the policy; equals by acceptance.
    """
    urgent = F(f"{of}is_expedited").desc(nulls_last=True)
    key = F(f"{of}queue_key").asc(nulls_last=True)
    accepted = F(f"{of}accepted_at").asc(nulls_last=True)
    if policy == Policy.EDD:
        return (urgent, key, F(f"{of}promised_on").asc(nulls_last=True), accepted)
    return (urgent, key, accepted)


def refresh_due(workspace: Workspace) -> int:
    """Make the keys anew where something happened since, or an hour passed; see :func:`refresh`."""
    rule = QueueRule.of(workspace)
    if rule.policy in PLAIN:
        return 0
    last = rule.refreshed_at
    if (
        last is not None
        and dating.now() - last < FRESH
        and not waiting.moved_since(workspace, last)
    ):
        return 0
    return refresh(workspace)


def refresh(workspace: Workspace) -> int:
    """Write the key of every open order as the policy says now; safe to call at any time.

    Returns:
        How many keys are other ones.
    """
    rule = QueueRule.of(workspace)
    now = dating.now()
    found = waiting.read(workspace, rule=rule, now=now)
    keys = {} if rule.policy in PLAIN else waiting.keys(found, rule=rule)
    keys |= {number: FIRST + rank for number, rank in found.ranked.items()}
    n = _write(workspace, keys)
    QueueRule.objects.filter(workspace=workspace).update(refreshed_at=now)
    return n


def _write(workspace: Workspace, keys: dict[int, float]) -> int:
    query = """
        UPDATE backlog_order o SET queue_key = fresh.key
        FROM (SELECT b.item_id, k.key FROM backlog_order b
              LEFT JOIN unnest(%(ids)s::bigint[], %(keys)s::float8[]) k (id, key) ON k.id = b.item_id
              WHERE b.workspace_id = %(workspace)s AND b.fulfilled_at IS NULL) fresh
        WHERE o.item_id = fresh.item_id AND o.queue_key IS DISTINCT FROM fresh.key
    """
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "ids": list(keys),
        "keys": list(keys.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return int(cursor.rowcount)


def put_first(order: Order, *, place: int, reason: str, by: Member | None) -> RankChange:
    """Put an order at a place before all that the policy orders; those put first count from 1.

    Raises:
        RuleBroken: ``backlog.rank_place``, ``backlog.rank_reason``; ``backlog.nothing_owed`` for an order
            that is closed.
    """
    if place < 1:
        raise RuleBroken("backlog.rank_place", _("Places count from 1."), needs=["place"])
    if reason not in RankChange.Reason.values:
        raise RuleBroken("backlog.rank_reason", _("Say why it goes first."), needs=["reason"])
    with transaction.atomic():
        item = items.lock(order.pk)
        if not item.is_open:
            raise RuleBroken("backlog.nothing_owed", _("Nothing of it is owed any more."))
        # One after the other: two people must not give out one place.
        Workspace.objects.select_for_update(no_key=True).get(pk=order.workspace_id)
        return _rank(order, _between(order, place), reason=reason, by=by)


def let_policy(order: Order, *, by: Member | None) -> RankChange | None:
    """Let the policy say where an order stands again. Safe to call twice."""
    with transaction.atomic():
        items.lock(order.pk)
        if Order.objects.filter(pk=order.pk, manual_rank=None).exists():
            return None
        return _rank(order, None, reason="", by=by)


def _between(order: Order, place: int) -> float:
    """A rank between those that stand around a place now."""
    rows = (
        Order.objects.filter(workspace_id=order.workspace_id, fulfilled_at=None)
        .exclude(manual_rank=None)
        .exclude(pk=order.pk)
        .order_by("manual_rank")
    )
    others = [rank for rank in rows.values_list("manual_rank", flat=True) if rank is not None]
    if not others:
        return 0.0
    before, after = others[: place - 1], others[place - 1 :]
    if not before:
        return after[0] - 1
    return before[-1] + 1 if not after else (before[-1] + after[0]) / 2


def _rank(order: Order, rank: float | None, *, reason: str, by: Member | None) -> RankChange:
    Order.objects.filter(pk=order.pk).update(
        manual_rank=rank, queue_key=None if rank is None else FIRST + rank
    )
    # Without a rank the policy has to find its key anew; the next look of the duty sees it missing.
    QueueRule.objects.filter(workspace_id=order.workspace_id).update(refreshed_at=None)
    return RankChange.objects.create(
        workspace_id=order.workspace_id,
        order=order,
        rank=rank,
        reason=reason,
        by=by,
        recorded_at=dating.now(),
    )


def say_costs(
    order: Order,
    *,
    cost_of_delay: Decimal | None,
    contribution: Decimal | None,
    by: Member | None,
    at: datetime | None = None,
) -> Order:
    """Say what a working day of waiting costs, and what the order contributes; None for not known.

    Raises:
        RuleBroken: ``backlog.cost_below`` for a cost below nothing.
    """
    if cost_of_delay is not None and cost_of_delay < 0:
        raise RuleBroken(
            "backlog.cost_below", _("Waiting costs nothing or more."), needs=["cost_of_delay"]
        )
    values = {"cost_of_delay": cost_of_delay, "contribution": contribution}
    with transaction.atomic():
        item = items.lock(order.pk)
        order = Order.objects.get(pk=order.pk)
        now = {name: getattr(order, name) for name in values}
        fresh = changes.differing(item, values, now=now, at=at)
        if fresh:
            changes.record(item, values=fresh, by=by, times=when(at))
            for name in changes.last_words(item, fresh):
                setattr(order, name, fresh[name])
            order.save(update_fields=list(fresh))
            QueueRule.objects.filter(workspace_id=order.workspace_id).update(refreshed_at=None)
        return order
