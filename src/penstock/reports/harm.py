"""What lateness puts at risk: the chance that customers cancel, the value behind it, and how they feel about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from numpy.typing import NDArray

from penstock.analytics import cancellation, conversion
from penstock.analytics.cancellation import OFF, Hazard
from penstock.analytics.conversion import Share
from penstock.analytics.survival import Incidence
from penstock.backlog.models import Order
from penstock.base.calendar import Window, end_of, start_of, trailing
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, Part
from penstock.flow.models import FieldChange
from penstock.reports import backlog_flow, order_risks
from penstock.reports.backlog import ALL, rates_of
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import TRAILING_DAYS, Moment
from penstock.sales.models import Survey, SurveyAnswer
from penstock.sales.models.survey import UNHAPPY
from penstock.users.models import Member

#: Fewer answers than this are single voices.
MIN_ANSWERS = 5
#: For so long what was worked out for a tile or an order is kept, in seconds.
KEPT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class OrderRisk:
    """One order that is owed.

    Attributes:
        late_weeks: Past its promise, negative before it; None without one.
        left_weeks: Until it is likely delivered; None where nobody knows.
        value: Owed, in the workspace's currency; None without a rate.
        chance: That the customer cancels before it is delivered; None where nothing can be said.
    """

    order_id: int
    late_weeks: float | None
    left_weeks: float | None
    value: Decimal | None
    chance: float | None

    @property
    def at_risk(self) -> Decimal | None:
        """Value times chance."""
        if self.value is None or self.chance is None:
            return None
        return exact(self.value * Decimal(str(self.chance)))


@dataclass(frozen=True, slots=True)
class Feeling:
    """Answers to surveys about orders of one degree of lateness: how many are unhappy."""

    late: int
    unhappy: Share


@dataclass(frozen=True, slots=True)
class Harm:
    """What is at risk at the end of a day.

    Attributes:
        window: Which orders the chances are learned from.
        hazard: The chance of a week, by lateness.
        ended: How orders accepted in the window ended.
        per_week: Orders delivered in the middle week, from which it follows when the others are.
        value: Owed in all, and ``at_risk`` of it.
        orders: Each order, those with the most at risk first.
        feelings: Of orders delivered in the window, by how late they were.
    """

    moment: Moment
    window: Window
    currency: str
    hazard: Hazard
    ended: Incidence
    per_week: float | None
    value: Decimal
    at_risk: Decimal | None
    orders: tuple[OrderRisk, ...]
    feelings: tuple[Feeling, ...]

    @property
    def n_unknown(self) -> int:
        """Orders of which nobody knows when they are delivered, or what they are worth."""
        return sum(one.at_risk is None for one in self.orders)


def on_day(member: Member, *, moment: Moment, only: OrderFilter = ALL) -> Harm:
    """What was at risk at the end of a day, by what was known."""
    told = order_risks.history(member, moment=moment, only=only)
    per_week = _per_week(member, moment, only)
    left = _left(member, told.order, moment=moment, per_week=per_week)
    owed = replace(told.owed, left=left)
    chances = cancellation.chances(told.hazard, owed)
    values = _values(member, moment, only)
    orders = [
        OrderRisk(
            order_id=int(told.order[at]),
            late_weeks=_known(owed.late[at]),
            left_weeks=_known(left[at]),
            value=values.get(int(told.order[at])),
            chance=_known(chances[at]),
        )
        for at in range(len(told.order))
    ]
    orders.sort(key=lambda one: (-(one.at_risk or ZERO), -(one.value or ZERO), one.order_id))
    found = [one.at_risk for one in orders if one.at_risk is not None]
    return Harm(
        moment=moment,
        window=told.window,
        currency=member.workspace.currency,
        hazard=told.hazard,
        ended=told.ended,
        per_week=per_week,
        value=sum((one.value for one in orders if one.value is not None), start=ZERO),
        at_risk=sum(found, start=ZERO) if told.hazard.method != OFF and found else None,
        orders=tuple(orders),
        feelings=_feelings(member, told.window, moment),
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """What a tile or the page of an order needs: kept for a quarter of an hour, for it rests on two years."""

    currency: str
    method: str
    n: int
    value: Decimal
    at_risk: Decimal | None
    by_order: Mapping[int, OrderRisk]


def brief(member: Member, *, moment: Moment) -> Brief:
    """The same in short; of today it is worked out once in a quarter of an hour."""
    key = f"harm:{member.workspace_id}:{moment.on}"
    found: Brief | None = cache.get(key) if moment.is_now else None
    if found is None:
        whole = on_day(member, moment=moment)
        found = Brief(
            currency=whole.currency,
            method=whole.hazard.method,
            n=whole.hazard.n,
            value=whole.value,
            at_risk=whole.at_risk,
            by_order={one.order_id: one for one in whole.orders},
        )
        if moment.is_now:
            cache.set(key, found, KEPT_SECONDS)
    return found


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _per_week(member: Member, moment: Moment, only: OrderFilter) -> float | None:
    """Orders delivered in the middle week of the last ninety days."""
    window = trailing(until=moment.on, days=TRAILING_DAYS, zone=moment.zone)
    flow = backlog_flow.in_window(member, window, known=moment.known, only=only)
    return flow.orders_per_week.median or None


def _left(
    member: Member, order: NDArray[np.int64], *, moment: Moment, per_week: float | None
) -> NDArray[np.float64]:
    """Weeks until each order is likely delivered.

    The expected day of an order counts where one was said; else its place in the order of work, by promise and
    acceptance, at the pace of the past ninety days.
    """
    ids = order.tolist()
    rows = {row[0]: row[1:] for row in _dates(member, ids, moment)}
    ranked = sorted(ids, key=lambda one: _place(rows.get(one), one))
    left = np.full(len(ids), np.nan)
    at = {one: number for number, one in enumerate(ids)}
    for place, one in enumerate(ranked, start=1):
        expected = rows[one][1] if one in rows else None
        if expected is not None:
            left[at[one]] = max((expected - moment.on).days, 0) / 7
        elif per_week:
            left[at[one]] = place / per_week
    return left


def _place(row: Sequence[Any] | None, order_id: int) -> tuple[bool, str, str, int]:
    promised, _expected, accepted = row or (None, None, None)
    return promised is None, str(promised or ""), str(accepted or ""), order_id


def _dates(member: Member, ids: Sequence[int], moment: Moment) -> list[tuple[Any, ...]]:
    """Promise, expected day and acceptance of orders; of a past day the promise of then and nothing expected."""
    orders = Order.objects.filter(workspace_id=member.workspace_id, pk__in=ids)
    if moment.is_now:
        return list(orders.values_list("pk", "promised_on", "expected_on", "accepted_at"))
    said = FieldChange.objects.filter(
        item_id=OuterRef("pk"), field="promised_on", occurred_at__lt=moment.at, is_void=False
    )
    if moment.known_at is not None:
        said = said.filter(known_at__lt=moment.known_at)
    last = said.order_by("-occurred_at", "-id").values("value")[:1]
    rows = orders.annotate(then=Subquery(last)).values_list("pk", "then", "accepted_at")
    return [(pk, promised, None, accepted) for pk, promised, accepted in rows]


def _values(member: Member, moment: Moment, only: OrderFilter) -> dict[int, Decimal]:
    """What is owed of each order in the workspace's currency; nothing where its own has no rate."""
    owed = order_risks.owed_values(member, moment=moment, only=only)
    rates: Exchange = rates_of(member, moment)
    rates.learn(Part(currency, ZERO) for currency in {row[1] for row in owed})
    worth = {code: rates.rate_of(Part(code, ZERO)) for code in {row[1] for row in owed}}
    return {
        order_id: exact(value * rate)
        for order_id, currency, value in owed
        if (rate := worth[currency]) is not None
    }


def _feelings(member: Member, window: Window, moment: Moment) -> tuple[Feeling, ...]:
    """Unhappy answers by how late the order was when it was delivered; the last answer to each survey counts."""
    end = end_of(window.last, zone=window.zone)
    last = SurveyAnswer.objects.filter(survey=OuterRef("pk"), occurred_at__lt=end)
    if moment.known_at is not None:
        last = last.filter(recorded_at__lt=moment.known_at)
    asked = (
        Survey.objects.filter(
            workspace_id=member.workspace_id,
            asked_at__gte=start_of(window.first, zone=window.zone),
            asked_at__lt=end,
            order__withdrawn_at=None,
            order__order__fulfilled_at__isnull=False,
        )
        .annotate(score=Subquery(last.order_by("-occurred_at", "-pk").values("score")[:1]))
        .filter(score__isnull=False)
    )
    rows = asked.values_list(
        "scale", "score", "order__order__fulfilled_at", "order__order__promised_on"
    )
    n = np.zeros((cancellation.N_CLASSES, 2), dtype=np.int64)
    for scale, score, fulfilled_at, promised_on in rows:
        late = np.nan
        if promised_on is not None and fulfilled_at is not None:
            late = (fulfilled_at.astimezone(window.zone).date() - promised_on).days / 7
        place = int(cancellation.late_class(np.array([late]))[0])
        n[place] += (score <= UNHAPPY[scale], 1)
    return tuple(
        Feeling(late=place, unhappy=conversion.share(int(n[place, 0]), of=int(n[place, 1])))
        for place in range(cancellation.N_CLASSES)
    )
