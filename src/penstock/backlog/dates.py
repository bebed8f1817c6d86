"""The days of an order and of its lines, wished, promised, planned and expected; each change is kept.

An order's days are field changes of its item; a line that has days of its own has them on the item of
its work. What a line does not say, its order says for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from penstock.backlog import work
from penstock.backlog.models import Line, Order, PromiseReason, PromiseWording, WorkItem
from penstock.base.errors import RuleBroken
from penstock.flow import changes, items, replay
from penstock.flow.dating import when
from penstock.flow.models import FieldChange, Item
from penstock.users.models import Member

DATES = ("requested_on", "promised_on", "planned_on", "expected_on")
PROMISE = "promised_on"

#: Why a promise is given another day.
CAUSES: dict[str, Promise] = {
    "capacity": _("Too little capacity"),
    "supplier": _("A supplier is late"),
    "quality": _("Something has to be done again"),
    "customer": _("The customer asked for it"),
    "scope": _("The order was changed"),
    "sooner": _("It can be delivered sooner"),
    "mistake": _("The day was a mistake"),
    "system": _("Another system says so"),
    "other": _("Something else"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a promise is given another day: a cause of :data:`CAUSES`, and what else there is to say."""

    cause: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Who says it, since when it is so (None for now), and why a promise is another one."""

    by: Member | None
    at: datetime | None = None
    why: Why | None = None


def change(order: Order, days: Mapping[str, date | None], *, told: Told) -> Order:
    """Set any of the days of an order; each change of the promise is kept with its reason.

    Raises:
        RuleBroken: ``backlog.promise_reason`` when a promise that was given becomes another one and
            nobody says why, ``flow.before_opening``, ``flow.future``.
    """
    check(days)
    with transaction.atomic():
        item = items.lock(order.pk)
        order = Order.objects.get(pk=order.pk)
        if _say(item, order, days, told=told):
            order.first_promised_on = _first_of_several(item)
            order.save(update_fields=["first_promised_on"])
        return order


def change_line(line: Line, days: Mapping[str, date | None], *, told: Told) -> Line:
    """Set any of the days of one line, or (None) let those of its order hold for it again.

    Raises:
        RuleBroken: ``backlog.charge_dated`` for a charge, and as :func:`change`.
    """
    check(days)
    with transaction.atomic():
        items.lock(line.order_id)
        line = Line.objects.get(pk=line.pk)
        behind = work.of(line)
        if behind is None:
            raise RuleBroken(
                "backlog.charge_dated",
                _("A charge goes with its order and has no days of its own. Date the order."),
            )
        _say(items.lock(behind.item_id), line, days, told=told)
        return line


def settle(item_ids: Collection[int]) -> None:
    """Make the days kept on orders and lines equal to the last word of their rows, after some were voided."""
    rows = FieldChange.objects.filter(item_id__in=item_ids, field__in=DATES)
    stories: dict[int, list[FieldChange]] = {}
    for row in rows:
        stories.setdefault(row.item_id, []).append(row)
    found = Order.objects.in_bulk(list(stories))
    behind = WorkItem.objects.filter(pk__in=stories, line__isnull=False).select_related("line")
    lines = {one.pk: one.line for one in behind}
    for item_id, story in stories.items():
        counting = replay.effective(story)
        days = {row.field: date.fromisoformat(row.value) if row.value else None for row in counting}
        kept: Order | Line | None = found.get(item_id) or lines.get(item_id)
        if kept is None:
            continue
        for name in {row.field for row in story}:
            setattr(kept, name, days.get(name))
        if isinstance(kept, Order):
            kept.first_promised_on = _first_of(counting)
    Order.objects.bulk_update(found.values(), [*DATES, "first_promised_on"], batch_size=500)
    Line.objects.bulk_update(
        [line for line in lines.values() if line is not None], DATES, batch_size=500
    )


def copy_promises(order: Order, *, to: Item) -> None:
    """Say on another item what was promised for an order, when it was, for it owes a part of it now."""
    rows = replay.effective(FieldChange.objects.filter(item_id=order.pk, field=PROMISE))
    for row in rows:
        FieldChange.objects.create(
            workspace_id=to.workspace_id,
            item=to,
            field=PROMISE,
            value=row.value,
            by_id=row.by_id,
            occurred_at=row.occurred_at,
            known_at=row.known_at,
            is_assumed=row.is_assumed,
        )


def check(days: Mapping[str, date | None]) -> None:
    """Refuse a date by a name that no order has."""
    unknown = set(days) - set(DATES)
    if unknown:
        raise ValueError(f"an order has no {', '.join(sorted(unknown))}")


def _say(item: Item, row: Order | Line, days: Mapping[str, date | None], *, told: Told) -> bool:
    """Write what is news on a locked item, and keep the last words on the row; False if nothing is."""
    now = {name: getattr(row, name) for name in days}
    fresh = changes.differing(item, days, now=now, at=told.at)
    if not fresh:
        return False
    times = when(told.at)
    items.check_time(item, at=times.occurred_at)
    is_other = PROMISE in fresh and bool(changes.said(item, [PROMISE], at=told.at).get(PROMISE))
    if is_other:
        _check_why(told.why)
    written = changes.record(item, values=fresh, by=told.by, times=times)
    if is_other and told.why is not None:
        _keep_why(next(one for one in written if one.field == PROMISE), told)
    for name in changes.last_words(item, fresh):
        setattr(row, name, fresh[name])
    row.save(update_fields=list(fresh))
    return True


def _check_why(why: Why | None) -> None:
    if why is None or why.cause not in CAUSES:
        raise RuleBroken(
            "backlog.promise_reason",
            _("Another day was promised before. Say why it changes."),
            needs=["cause"],
        )


def _keep_why(row: FieldChange, told: Told) -> None:
    assert told.why is not None
    reason = PromiseReason.objects.create(
        workspace_id=row.workspace_id, change=row, cause=told.why.cause, by=told.by
    )
    if text := told.why.text.strip():
        PromiseWording.objects.create(workspace_id=row.workspace_id, reason=reason, text=text[:500])


def _first_of_several(item: Item) -> date | None:
    """The first day that was promised, where another one was promised later."""
    rows = replay.effective(FieldChange.objects.filter(item=item, field=PROMISE))
    return _first_of(rows)


def _first_of(rows: Sequence[FieldChange]) -> date | None:
    given = [row.value for row in rows if row.field == PROMISE]
    first = next((value for value in given if value), None)
    return date.fromisoformat(first) if first and len(given) > 1 else None
