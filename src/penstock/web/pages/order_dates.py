"""The five dates of an order and of its lines, kept apart; and each promise that was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog import dates
from penstock.backlog.models import Line, Order
from penstock.flow import replay
from penstock.flow.models import FieldChange
from penstock.reports.moment import Moment
from penstock.web.forms.order_dates import DATES
from penstock.web.pages.history import Entry

PROMISE = dates.PROMISE


@dataclass(frozen=True, slots=True)
class Promise:
    """One word we gave: the day, when we gave it, who did; against the one before by how many days, and why."""

    day: date | None
    given_at: datetime
    by: str
    moved_days: int | None = None
    cause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DateRow:
    """One of the five dates; ``is_own`` is False where a line takes it from its order."""

    name: str
    label: str
    day: date | None
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class Days:
    """The five dates of one thing, and its promises, newest first.

    ``measured_on`` is the day of its delivery, or the day that is looked at while it is still owed;
    None where it ended otherwise.
    """

    rows: Sequence[DateRow]
    promises: Sequence[Promise]
    measured_on: date | None

    def day(self, name: str) -> date | None:
        """One of the dates, by its name."""
        return next((row.day for row in self.rows if row.name == name), None)

    @property
    def first_promised_on(self) -> date | None:
        """The first day that was promised, if it is not the one that is promised now."""
        given = [promise.day for promise in self.promises if promise.day]
        return given[-1] if len(given) > 1 and given[-1] != self.day(PROMISE) else None

    @property
    def days_late(self) -> int:
        """Days after the promise that holds; zero when it is not late."""
        return _late(self.measured_on, self.day(PROMISE))

    @property
    def days_late_at_first(self) -> int:
        """Days after the first promise."""
        return _late(self.measured_on, self.first_promised_on)

    @property
    def told(self) -> list[Entry]:
        """Each promise as a line of a timeline, newest first."""
        return [_entry(promise) for promise in self.promises]

    @property
    def has_own(self) -> bool:
        """It says at least one of the dates itself."""
        return any(row.is_own and row.day for row in self.rows if row.name != "fulfilled_on")


@dataclass(frozen=True, slots=True)
class LineDays:
    """The dates of one line; charges have none of their own."""

    line: Line
    days: Days
    is_charge: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """When something was delivered, and whether it is still owed."""

    delivered_on: date | None
    is_open: bool


def _entry(promise: Promise) -> Entry:
    moved = promise.moved_days
    is_later = moved is not None and moved > 0
    return Entry(
        text=date_format(promise.day) if promise.day else _("no day"),
        at=promise.given_at,
        icon="calendar" if moved is None else "alert" if is_later else "check",
        tone="warn" if is_later else "" if moved is None else "ok",
        detail=" · ".join(filter(None, (_moved(moved), promise.cause))),
        quote=promise.text,
        by=promise.by,
    )


def _moved(days: int | None) -> str:
    if not days:
        return ""
    if days > 0:
        return ngettext("%(n)d day later", "%(n)d days later", days) % {"n": days}
    return ngettext("%(n)d day earlier", "%(n)d days earlier", -days) % {"n": -days}


def changes_of(order: Order, works: Mapping[int, int]) -> list[FieldChange]:
    """All changes of the dates of an order and of the work behind its lines (by line), in one query."""
    rows = FieldChange.objects.filter(
        item_id__in=[order.pk, *works.values()], field__in=list(DATES)
    )
    return list(rows.select_related("by", "promise_reason__wording"))


def of_order(order: Order, rows: Sequence[FieldChange], *, moment: Moment, ending: Ending) -> Days:
    """The dates of the order itself."""
    mine = [row for row in rows if row.item_id == order.pk]
    days = {name: _day(order, name, mine, moment=moment) for name in DATES}
    return _days(days, mine, moment=moment, ending=ending, own=set(DATES))


def of_line(
    line: Line, rows: Sequence[FieldChange], *, order: Days, moment: Moment, ending: Ending
) -> LineDays:
    """The dates of a line: its own, and those of its order where it says none."""
    own = {name: _day(line, name, rows, moment=moment) for name in DATES}
    days = {name: day or order.day(name) for name, day in own.items()}
    said = {name for name, day in own.items() if day is not None}
    found = _days(days, rows, moment=moment, ending=ending, own=said)
    return LineDays(line=line, days=found, is_charge=line.sort == Line.Sort.CHARGE)


def _days(
    days: Mapping[str, date | None],
    rows: Sequence[FieldChange],
    *,
    moment: Moment,
    ending: Ending,
    own: set[str],
) -> Days:
    listed = [
        DateRow(name=name, label=str(label), day=days[name], is_own=name in own)
        for name, label in DATES.items()
    ]
    listed.append(DateRow(name="fulfilled_on", label=_("Delivered"), day=ending.delivered_on))
    return Days(
        rows=listed,
        promises=_promises(rows, moment=moment),
        measured_on=moment.on if ending.is_open else ending.delivered_on,
    )


def _day(
    kept: Order | Line, name: str, rows: Sequence[FieldChange], *, moment: Moment
) -> date | None:
    if moment.is_now:
        day: date | None = getattr(kept, name)
        return day
    told = [row for row in rows if row.field == name]
    then = replay.last(told, at=moment.at, known=moment.known_at)
    return date.fromisoformat(then.value) if then and then.value else None


def _promises(rows: Sequence[FieldChange], *, moment: Moment) -> list[Promise]:
    told = [row for row in rows if row.field == PROMISE]
    counting = [
        row
        for row in replay.effective(told, known=moment.known_at)
        if moment.is_now or row.occurred_at < moment.at
    ]
    pairs = pairwise([None, *counting])
    return [_promise(row, before) for before, row in pairs if row is not None][::-1]


def _promise(row: FieldChange, before: FieldChange | None) -> Promise:
    day = date.fromisoformat(row.value) if row.value else None
    last = date.fromisoformat(before.value) if before is not None and before.value else None
    reason = getattr(row, "promise_reason", None)
    wording = getattr(reason, "wording", None)
    return Promise(
        day=day,
        given_at=row.occurred_at,
        by=row.by.name if row.by else "",
        moved_days=(day - last).days if day and last else None,
        cause=str(dates.CAUSES.get(reason.cause, reason.cause)) if reason else "",
        text=wording.text if wording else "",
    )


def _late(on: date | None, promised: date | None) -> int:
    return max(0, (on - promised).days) if on and promised else 0
