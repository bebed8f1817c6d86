"""The backlog week by week in one measure: what came in, what was done, what was called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.base.working_time import NoWorkingTime, WorkingTime
from penstock.catalog import calendars
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import periods, statement_weeks
from penstock.reports.statement_weeks import Amount
from penstock.users.models import Member

ORDERS, VALUE, HOURS = "orders", "value", "hours"
MEASURES = (ORDERS, VALUE, HOURS)
#: What has a column of its own; all other kinds are other changes.
TOLD = ("accepted", "fulfilled", "cancelled")


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the backlog, in one measure.

    Attributes:
        window: Its days.
        days: Working days among them.
        opening: Owed before it.
        accepted: Came in.
        done: Was delivered.
        cancelled: Was called off.
        changed: Entered or left otherwise, signed.
    """

    window: Window
    days: int
    opening: Decimal
    accepted: Decimal
    done: Decimal
    cancelled: Decimal
    changed: Decimal

    @property
    def closing(self) -> Decimal:
        """Owed at its end."""
        return self.opening + self.accepted + self.changed - self.done - self.cancelled

    @property
    def is_busy(self) -> bool:
        """Whether work was left at its end: only then what was done is all that could be."""
        return self.closing > 0


@dataclass(frozen=True, slots=True)
class Past:
    """Weeks that follow one another, oldest first.

    ``currency`` is that of values, empty for orders and hours; ``missing`` are currencies without a rate:
    they are in no week.
    """

    weeks: tuple[Week, ...]
    measure: str
    currency: str = ""
    missing: tuple[str, ...] = ()


def past(
    member: Member, *, on: date, n_weeks: int, measure: str = ORDERS, known: date | None = None
) -> Past:
    """Weeks of seven days, the last of which ends with a day.

    Values are in the workspace's currency, all at the rates of that day: no rate moves them.
    """
    zone = member.workspace.zone
    spans = periods.weeks_until(Window(on, on, zone), n=n_weeks)
    windows = [span.window for span in spans]
    days = _days(member, windows)
    if measure == ORDERS:
        opening, by_kind = statement_weeks.crossings(member, spans, known=known)
        told = [{kind: Decimal(n) for kind, n in one.items()} for one in by_kind]
        return Past(_weeks(windows, days, Decimal(opening), told), measure)
    found = statement_weeks.amounts(member, spans, known=known)
    if measure == HOURS:
        return Past(_weeks(windows, days, *_summed(found, n_weeks, _hours(found))), measure)
    rates, missing = _rates(member, found, on=on)
    values = [one.value * rates.get(one.currency, ZERO) for one in found]
    return Past(
        _weeks(windows, days, *_summed(found, n_weeks, values)),
        measure,
        currency=member.workspace.currency,
        missing=missing,
    )


def _days(member: Member, windows: Sequence[Window]) -> list[int]:
    worked = working_time(member)
    if worked is None:
        return [0] * len(windows)
    return [worked.working_days(window.first, window.last) for window in windows]


def working_time(member: Member) -> WorkingTime | None:
    """The usual working time of a workspace; None where its calendar has no working day."""
    try:
        return calendars.of(member.workspace)
    except NoWorkingTime:
        return None


def _hours(found: Sequence[Amount]) -> list[Decimal]:
    return [one.hours for one in found]


def _rates(
    member: Member, found: Sequence[Amount], *, on: date
) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    exchange = Exchange(member.workspace, day=on)
    codes = sorted({one.currency for one in found})
    exchange.learn(Part(code, ZERO) for code in codes)
    known = {code: exchange.rate_of(Part(code, ZERO)) for code in codes}
    rates = {code: rate for code, rate in known.items() if rate is not None}
    return rates, tuple(code for code in codes if code not in rates)


def _summed(
    found: Sequence[Amount], n_weeks: int, values: Sequence[Decimal]
) -> tuple[Decimal, list[dict[str, Decimal]]]:
    opening, by_kind = ZERO, [dict[str, Decimal]() for _week in range(n_weeks)]
    for one, value in zip(found, values, strict=True):
        if one.period == 0:
            opening += value
        else:
            kinds = by_kind[one.period - 1]
            kinds[one.kind] = kinds.get(one.kind, ZERO) + value
    return opening, by_kind


def _weeks(
    windows: Sequence[Window],
    days: Sequence[int],
    opening: Decimal,
    by_kind: Sequence[Mapping[str, Decimal]],
) -> tuple[Week, ...]:
    found: list[Week] = []
    for window, n, kinds in zip(windows, days, by_kind, strict=True):
        week = Week(
            window=window,
            days=n,
            opening=opening,
            accepted=kinds.get("accepted", ZERO),
            done=-kinds.get("fulfilled", ZERO),
            cancelled=-kinds.get("cancelled", ZERO),
            changed=sum((n for kind, n in kinds.items() if kind not in TOLD), ZERO),
        )
        found.append(week)
        opening = week.closing
    return tuple(found)
