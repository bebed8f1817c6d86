"""What was won over time, and why it is more or less than in the window before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from penstock.analytics import throughput as working
from penstock.analytics.eventlog import UNKNOWN, Bools, Ints, exact_sum, looked_up
from penstock.analytics.throughput import Decomposed, Part, Steadiness
from penstock.base.calendar import Window
from penstock.catalog.models import Product
from penstock.contacts.models import Company
from penstock.flow import dating
from penstock.reports import log, periods, won
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.pipeline import ALL
from penstock.reports.won import Won
from penstock.sales.models import Deal
from penstock.users.models import Member

#: By what the change can be taken apart.
GROUPS = ("owner", "team", "product", "channel", "segment")


@dataclass(frozen=True, slots=True)
class Span:
    """Deals won in a span; money is in the workspace's currency."""

    name: str
    window: Window
    n: int
    value: Decimal

    @property
    def per_week(self) -> Decimal:
        """Value per seven days."""
        return self.value * 7 / self.window.n_days


@dataclass(frozen=True, slots=True)
class Group:
    """One owner, team, product, channel or segment in both windows; ``key`` is 0 for none."""

    key: int
    name: str
    n_before: int
    n: int
    before: Decimal
    value: Decimal

    @property
    def change(self) -> Decimal:
        """By how much the value grew."""
        return self.value - self.before


@dataclass(frozen=True, slots=True)
class Throughput:
    """Won value of a window, week by week, and against as many days before it.

    ``number``, ``mix`` and ``size`` add up to ``change`` exactly; ``low`` and ``high`` bound at 95 % what
    change there is beyond chance. Deals without an amount are in no sum and in no part. ``unentered`` is
    which share of the wins of the window is probably not entered yet, by how late ends were entered before.
    """

    window: Window
    before: Window
    known: date | None
    currency: str
    by: str
    now: Span
    then: Span
    change: Decimal
    number: Decimal
    mix: Decimal
    size: Decimal
    low: Decimal
    high: Decimal
    steadiness: Steadiness
    groups: tuple[Group, ...]
    spans: tuple[Span, ...]
    n_without_amount: int
    n_without_rate: int
    unentered: float = 0.0

    @property
    def n_unentered(self) -> float:
        """How many wins of the window are probably not entered yet."""
        return self.now.n * self.unentered / (1 - self.unentered)


@dataclass(frozen=True, slots=True)
class _Found:
    rows: Won
    keys: Ints
    names: Sequence[str]


def in_window(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    by: str = "product",
    per: str = "week",
) -> Throughput:
    """Won value of a window, and its change taken apart by owner, team, product, channel or segment."""
    by = by if by in GROUPS else "product"
    found = _found(member, window, known=known, only=only, by=by)
    earlier = before(window)
    rows = found.rows
    inside, was = _within(rows, window), _within(rows, earlier)
    has_amount = rows.amount != UNKNOWN
    now, then = (_parts(found, kept & has_amount) for kept in (inside, was))
    taken = working.decompose(then, now)
    steadiness = working.steadiness(
        rows.amount[was & has_amount], rows.amount[inside & has_amount], days=window.n_days
    )
    return Throughput(
        window=window,
        before=earlier,
        known=known,
        currency=member.workspace.currency,
        by=by,
        now=_span("", window, rows, inside),
        then=_span("", earlier, rows, was),
        **_money(taken),
        low=won.money(round(steadiness.low)),
        high=won.money(round(steadiness.high)),
        steadiness=steadiness,
        groups=_groups(found, then, now),
        spans=tuple(
            _span(one.name, one.window, rows, _within(rows, one.window))
            for one in periods.split(window, per=per)
        ),
        n_without_amount=rows.where(inside).n_without_amount,
        n_without_rate=rows.where(inside).n_without_rate,
        unentered=_unentered(member, window, known=known),
    )


def deals(  # noqa: PLR0913 -- the same questions, and which of the deals
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    by: str = "product",
    key: int | None = None,
    is_before: bool = False,
) -> list[int]:
    """The won deals behind a figure, the last won first; 0 as key for those of no group."""
    found = _found(member, window, known=known, only=only, by=by if by in GROUPS else "product")
    kept = _within(found.rows, before(window) if is_before else window)
    if key is not None:
        kept &= found.keys == key
    rows = found.rows.where(kept)
    return [int(case) for case in rows.case[np.lexsort((rows.case, rows.at))][::-1]]


def before(window: Window) -> Window:
    """As many days before a window."""
    last = window.first - timedelta(days=1)
    return Window(last - timedelta(days=window.n_days - 1), last, window.zone)


def _found(
    member: Member, window: Window, *, known: date | None, only: DealFilter, by: str
) -> _Found:
    source = Source(member, at=window.stop, known=log.known_at(member, known))
    rows = won.load(source, only=only)
    rows = rows.where(rows.is_asked)
    keys, names = _keys(source, rows, by=by)
    return _Found(rows, keys, names)


def _keys(source: Source, rows: Won, *, by: str) -> tuple[Ints, Sequence[str]]:
    """The group of every deal, a place in the list of names; 0 for none."""
    if by == "channel":
        return _channels(source, rows)
    if by == "segment":
        values = rows.company
    else:
        field = by if by == "product" else "owner"
        values = looked_up(rows.case, log.field(source, field).last())
    return _placed(values, _named(source.member, by))


def _named(member: Member, by: str) -> list[tuple[int, str]]:
    """What the values of a field are called."""
    mine = {"workspace_id": member.workspace_id}
    rows: dict[str, Any] = {
        "segment": Company.objects.filter(**mine).exclude(segment="").values_list("pk", "segment"),
        "product": Product.objects.filter(**mine).values_list("pk", "name"),
        "owner": Member.objects.filter(**mine).values_list("pk", "name"),
        "team": Member.objects.filter(**mine, team__isnull=False).values_list("pk", "team__name"),
    }
    return list(rows[by])


def _channels(source: Source, rows: Won) -> tuple[Ints, Sequence[str]]:
    told = Deal.objects.filter(workspace_id=source.member.workspace_id).exclude(channel="")
    names = list(told.order_by("channel").values_list("channel", flat=True).distinct())
    place = looked_up(rows.case, log.channels(source, names).last())
    return np.where(place == UNKNOWN, 0, place + 1), ["", *names]


def _placed(values: Ints, named: Sequence[tuple[int, str]]) -> tuple[Ints, Sequence[str]]:
    names = ["", *sorted({name for _pk, name in named})]
    places = {name: place for place, name in enumerate(names)}
    known = {pk: places[name] for pk, name in named}
    return np.array([known.get(value, 0) for value in values.tolist()], dtype=np.int64), names


def _within(rows: Won, window: Window) -> Bools:
    first, last = log.day_number(window.first), log.day_number(window.last)
    return np.asarray((rows.day >= first) & (rows.day <= last))


def _parts(found: _Found, kept: Bools) -> dict[int, Part]:
    keys, amounts = found.keys[kept], found.rows.amount[kept]
    return {
        int(key): Part(int((keys == key).sum()), exact_sum(amounts[keys == key]))
        for key in np.unique(keys)
    }


def _unentered(member: Member, window: Window, *, known: date | None) -> float:
    """Which share of the ends of a window is not entered yet: those of as many days before it tell how late."""
    source = Source(member, at=window.start, known=log.known_at(member, known))
    delays = log.delays(source, since=before(window).start)
    seen = source.known or dating.now()
    return working.unentered(
        delays, since_stop=log.moment(seen) - log.moment(window.stop), days=window.n_days
    )


def _money(taken: Decomposed) -> dict[str, Decimal]:
    return {name: won.money(getattr(taken, name)) for name in ("change", "number", "mix", "size")}


def _groups(found: _Found, then: dict[int, Part], now: dict[int, Part]) -> tuple[Group, ...]:
    nothing = Part(0, 0)
    made = [
        Group(
            key=key,
            name=found.names[key],
            n_before=then.get(key, nothing).n,
            n=now.get(key, nothing).n,
            before=won.money(then.get(key, nothing).total),
            value=won.money(now.get(key, nothing).total),
        )
        for key in {*then, *now}
    ]
    return tuple(sorted(made, key=lambda one: (-max(one.value, one.before), one.name)))


def _span(name: str, window: Window, rows: Won, kept: Bools) -> Span:
    inside = rows.where(kept)
    return Span(name=name, window=window, n=len(inside), value=inside.total)
