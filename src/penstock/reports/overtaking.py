"""Who waits longer, and how much, if an order goes before all others: the bill that is shown before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from penstock.backlog.access import orders_for
from penstock.backlog.expediting import Bill
from penstock.backlog.models import Line, Order
from penstock.base.calendar import Window
from penstock.flow.dating import today
from penstock.reports import capacity
from penstock.users.models import Member

#: As far as capacity is looked at.
HORIZON_WEEKS = 52
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Passed:
    """An order that would wait longer; ``misses`` says that it would then miss its promise."""

    key: str
    company: str
    promised_on: date | None
    days: Decimal | None
    misses: bool


@dataclass(frozen=True, slots=True)
class Overtaking:
    """The bill, those who pay it in the order of the queue, and why days could not be told.

    ``problem`` is a code: ``no_hours`` of the order itself, ``no_capacity``, ``horizon``; empty if they
    could.
    """

    bill: Bill
    passed: tuple[Passed, ...]
    problem: str

    @property
    def n_missing(self) -> int:
        """Orders that would miss their promise by it."""
        return sum(1 for one in self.passed if one.misses)

    @property
    def longest(self) -> Decimal | None:
        """The most that one order waits longer."""
        return max((one.days for one in self.passed if one.days is not None), default=None)


def bill(member: Member, order: Order) -> Overtaking:
    """What it would cost others now: all workable orders before it that do not go first themselves.

    Days follow from the hours that all teams can work together, in the order of the queue; held orders
    wait for somebody else, so nothing overtakes them.
    """
    rows = _before(member, order)
    own = Line.objects.filter(order=order, sort=Line.Sort.GOODS, remaining_quantity__gt=0)
    is_known = not own.filter(remaining_hours=None).exists()
    hours = (own.aggregate(n=Sum("remaining_hours"))["n"] or Decimal(0)) if is_known else None
    finishes, problem = _finishes(member, rows, hours)
    days = {
        row["pk"]: None if pair is None else round(pair[1] - pair[0], 4)
        for row, pair in zip(rows, finishes, strict=True)
    }
    now = today(member.workspace)
    return Overtaking(
        bill=Bill(hours=hours, days={number: _stored(one) for number, one in days.items()}),
        passed=tuple(_passed(row, pair, now=now) for row, pair in zip(rows, finishes, strict=True)),
        problem=problem,
    )


def _before(member: Member, order: Order) -> list[dict[str, Any]]:
    """The orders that would be begun before it, with the hours that are known of them, in one query."""
    waiting = orders_for(member).open().filter(
        fulfilled_at=None, is_expedited=False, item__is_blocked=False
    ).exclude(pk=order.pk)  # fmt: skip
    if order.promised_on is None:
        earlier = Q(promised_on__isnull=False) | Q(accepted_at__lt=order.accepted_at)
    else:
        same = Q(promised_on=order.promised_on, accepted_at__lt=order.accepted_at)
        earlier = Q(promised_on__lt=order.promised_on) | same
    found = waiting.filter(earlier).annotate(work=Sum("lines__remaining_hours"))
    ordered = found.order_by(F("promised_on").asc(nulls_last=True), "accepted_at", "pk")
    rows: Any = ordered.values("pk", "item__key", "company__name", "promised_on", "work")
    return list(rows)


def _finishes(
    member: Member, rows: list[dict[str, Any]], hours: Decimal | None
) -> tuple[list[tuple[float, float] | None], str]:
    """Days from now at which each is finished, without and with it; None where nobody can tell."""
    import numpy as np  # noqa: PLC0415 -- the web server's memory is measured

    from penstock.analytics import overtaking  # noqa: PLC0415 -- the web server's memory is measured

    unknown: list[tuple[float, float] | None] = [None] * len(rows)
    if hours is None:
        return unknown, "no_hours"
    first = today(member.workspace)
    window = Window(first, first + timedelta(weeks=HORIZON_WEEKS), member.workspace.zone)
    weeks: dict[date, float] = {}
    for team in capacity.by_team(member, window).teams:
        for week in team.weeks:
            weeks[week.last] = weeks.get(week.last, 0.0) + week.hours.available
    if not any(weeks.values()):
        return unknown, "no_capacity"
    ends = np.array([(last - first).days + 1.0 for last in sorted(weeks)])
    able = np.array([weeks[last] for last in sorted(weeks)])
    needed = np.cumsum([float(row["work"] or 0) for row in rows])
    before = overtaking.finish(needed, ends=ends, hours=able)
    after = overtaking.finish(needed + float(hours), ends=ends, hours=able)
    pairs = [
        None if np.isnan(then) else (float(now), float(then))
        for now, then in zip(before, after, strict=True)
    ]
    return pairs, "horizon" if None in pairs else ""


def _passed(row: dict[str, Any], pair: tuple[float, float] | None, *, now: date) -> Passed:
    promised = row["promised_on"]
    left = None if promised is None else (promised - now).days + 1
    return Passed(
        key=row["item__key"],
        company=row["company__name"] or "",
        promised_on=promised,
        days=None if pair is None else _stored(pair[1] - pair[0]),
        misses=pair is not None and left is not None and pair[0] <= left < pair[1],
    )


def _stored(days: float | None) -> Decimal | None:
    return None if days is None else Decimal(str(round(days, 4)))
