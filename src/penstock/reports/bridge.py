"""The pipeline bridge: from what was open on one day to what was open on another, every deal in its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from penstock.analytics import bridge as walking
from penstock.analytics.bridge import Held, Steps, Told, Walk
from penstock.analytics.eventlog import Ints, member_of, n_distinct
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.reports import bridge_own, log
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.pipeline import ALL, Money
from penstock.users.models import Member

OPENING, CLOSING = "opening", "closing"
#: What came to be known otherwise after the opening day; only of an opening as it was known then.
CORRECTED, WITHDRAWN = "corrected", "withdrawn"
#: What changed rates made of amounts that did not change; only where there are several currencies.
REVALUED = "revalued"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: deals behind it, by how many deals it moves the count, and its money per currency, signed.

    ``own`` is the same in the workspace's currency, each change at the rate of its day; None where there
    is but one currency.
    """

    code: str
    n: int
    change: int
    sums: Money
    own: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bridge:
    """Opening, lines and closing; ``due`` is the period if only deals due in it count.

    Money is per currency and exact; ``ties`` says that opening and lines come to the closing, in money of
    every currency, in the workspace's own at the rates of each day, and in number of deals. ``missing``
    are currencies without a rate on some day: of these nothing is in the workspace's currency.
    """

    window: Window
    known: date | None
    is_opening_as_known_then: bool
    due: Window | None
    opening: Line
    lines: tuple[Line, ...]
    closing: Line
    n_without_amount: int
    currency: str
    missing: tuple[str, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Whether there is more than the workspace's currency."""
        return self.closing.own is not None

    @property
    def ties(self) -> bool:
        """Whether it balances."""
        whole = (self.opening, *self.lines)
        currencies = {name for line in (*whole, self.closing) for name in line.sums}
        if sum((line.own or ZERO for line in whole), ZERO) != (self.closing.own or ZERO):
            return False
        return sum(line.change for line in whole) == self.closing.change and all(
            sum((line.sums.get(name, Decimal(0)) for line in whole), Decimal(0))
            == self.closing.sums.get(name, Decimal(0))
            for name in currencies
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one deal behind a line; ``at`` is None for what was held on a day."""

    item_id: int
    at: datetime | None
    sums: Money


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that a bridge is made of."""

    walk: Walk
    steps: Steps
    opening: Held
    gone: Held
    come: Held
    withdrawn: Held
    closing: Held


def bridge(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    as_known_then: bool = False,
    due: Window | None = None,
    only: DealFilter = ALL,
) -> Bridge:
    """Why the open pipeline changed between the beginning and the end of a window.

    Args:
        member: Who asks.
        window: The days of the change.
        known: Only what was known at the end of this day.
        as_known_then: The opening as it was known on the evening before the window; what came to be known
            otherwise is then a line of its own, and so are imports that were taken back since.
        due: Only deals whose expected close lies in this period, on each day.
        only: The slice, by what was in force at each moment.
    """
    found = _found(member, window, known=known, as_known_then=as_known_then, due=due, only=only)
    own = member.workspace.currency
    lines = []
    if as_known_then:
        lines += [
            _corrections(CORRECTED, found.gone, found.come, own=own),
            _corrections(WITHDRAWN, found.withdrawn, None, own=own),
        ]
    lines += [_line(name, found.steps.of(name), own=own) for name in walking.LINES]
    made = Bridge(
        window=window,
        known=known,
        is_opening_as_known_then=as_known_then,
        due=due,
        opening=_held(OPENING, found.opening, own=own),
        lines=tuple(lines),
        closing=_held(CLOSING, found.closing, own=own),
        n_without_amount=int((~found.closing.has_amount).sum()),
        currency=own,
    )
    turned = _turned(member, window, found, known=known)
    return made if turned is None else _in_own(made, turned, found, member=member)


def changes(  # noqa: PLR0913 -- the same questions as of the bridge, and the line
    member: Member,
    window: Window,
    *,
    line: str,
    known: date | None = None,
    as_known_then: bool = False,
    due: Window | None = None,
    only: DealFilter = ALL,
) -> list[Change]:
    """The deals behind one line, the last change first."""
    found = _found(member, window, known=known, as_known_then=as_known_then, due=due, only=only)
    own = member.workspace.currency
    standing = {
        OPENING: (found.opening, 1),
        CLOSING: (found.closing, 1),
        WITHDRAWN: (found.withdrawn, -1),
    }
    if line in standing:
        return _standing(*standing[line], own=own)
    if line == CORRECTED:
        return [*_standing(found.come, 1, own=own), *_standing(found.gone, -1, own=own)]
    if line == REVALUED:
        turned = _turned(member, window, found, known=known)
        changed = turned.revalued if turned else {}
        return [Change(case, None, {own: value}) for case, value in changed.items()]
    return _told_changes(found.steps, line, own=own) if line in walking.LINES else []


def _told_changes(all_steps: Steps, line: str, *, own: str) -> list[Change]:
    steps = all_steps.of(line)
    told = [
        Change(int(case), log.instant(at), _change(*sides, own=own))
        for case, at, *sides in zip(
            steps.case.tolist(),
            steps.at.tolist(),
            steps.came.tolist(),
            steps.came_currency.tolist(),
            steps.left.tolist(),
            steps.left_currency.tolist(),
            strict=True,
        )
    ]
    return sorted(told, key=lambda one: (one.at or log.EPOCH, one.item_id), reverse=True)


def _turned(
    member: Member, window: Window, found: _Found, *, known: date | None
) -> bridge_own.Own | None:
    """The lines in the workspace's currency, where there is any other; the opening is that known today."""
    start = found.walk.held(log.moment(window.start))
    if not bridge_own.is_mixed(start, found.opening, found.closing, steps=found.steps):
        return None
    return bridge_own.own(
        Source(member, at=window.stop, known=log.known_at(member, known)),
        opening=start,
        steps=found.steps,
        closing=found.closing,
        days=(window.first - timedelta(days=1), window.last),
    )


def _in_own(made: Bridge, turned: bridge_own.Own, found: _Found, *, member: Member) -> Bridge:
    """A bridge with its lines in the workspace's currency, and what rates did as a line of its own."""
    amounts = dict(turned.lines)
    if made.is_opening_as_known_then:
        amounts |= _known_then(made, turned, found, member=member)

    def of(line: Line) -> Line:
        return replace(line, own=amounts.get(line.code, ZERO))

    rates = Line(REVALUED, len(turned.revalued), 0, {}, turned.lines[REVALUED])
    return replace(
        made,
        opening=of(made.opening),
        lines=(*map(of, made.lines), rates),
        closing=of(made.closing),
        missing=turned.missing,
    )


def _known_then(
    made: Bridge, turned: bridge_own.Own, found: _Found, *, member: Member
) -> dict[str, Decimal]:
    """The opening at the rates known then; what rates and amounts are known to be since is a correction."""
    then = Source(member, at=made.window.start, known=made.window.start)
    day = made.window.first - timedelta(days=1)
    opening, withdrawn = (
        bridge_own.worth(then, held, day, without=turned.missing)
        for held in (found.opening, found.withdrawn)
    )
    corrected = turned.lines.get(OPENING, ZERO) - opening + withdrawn
    return {OPENING: opening, WITHDRAWN: -withdrawn, CORRECTED: corrected}


def _found(
    member: Member,
    window: Window,
    *,
    known: date | None,
    as_known_then: bool,
    due: Window | None,
    only: DealFilter,
) -> _Found:
    source = Source(member, at=window.stop, known=log.known_at(member, known))
    start, stop = log.moment(window.start), log.moment(window.stop)
    walk = walking.walk(told(source, due=due, only=only).since(start))
    opening = now = walk.held(start)
    nobody = _only(now, np.empty(0, dtype=np.int64))
    gone = come = withdrawn = nobody
    if as_known_then:
        then = Source(member, at=window.start, known=window.start)
        known_then = told(then, due=due, only=only, also_withdrawn=True).since(start)
        opening = walking.walk(known_then).held(start)
        present = log.opened(source, only=only).case
        withdrawn = _only(opening, opening.case[~member_of(opening.case, present)])
        gone, come = walking.corrected(_only(opening, present), now)
    return _Found(
        walk=walk,
        steps=walk.steps.between(start, stop),
        opening=opening,
        gone=gone,
        come=come,
        withdrawn=withdrawn,
        closing=walk.held(stop),
    )


def told(
    source: Source,
    *,
    due: Window | None = None,
    only: DealFilter = ALL,
    also_withdrawn: bool = False,
) -> Told:
    """What is known of the deals of a slice, to walk along."""
    opened = log.opened(source, only=only, also_withdrawn=also_withdrawn)
    nothing = opened.of(np.empty(0, dtype=np.int64))
    cases = opened.case
    return Told(
        opened=opened,
        outcome=log.outcomes(source).of(cases),
        parked_until=log.parkings(source),
        amount=log.field(source, "amount"),
        currency=log.field(source, "currency"),
        close_on=log.field(source, "close_on") if due else nothing,
        kept=log.kept(source, only),
        due=(log.day_number(due.first), log.day_number(due.last)) if due else None,
    )


def _only(held: Held, cases: Ints) -> Held:
    kept = member_of(held.case, cases)
    return Held(held.case[kept], held.amount[kept], held.currency[kept], held.has_amount[kept])


def _line(code: str, steps: Steps, *, own: str) -> Line:
    n = n_distinct(steps.case)
    return Line(code=code, n=n, change=steps.n_entered, sums=_money(steps.sums, own=own))


def _held(code: str, held: Held, *, own: str) -> Line:
    n = len(held.case)
    return Line(code=code, n=n, change=n, sums=_money(held.sums, own=own))


def _corrections(code: str, gone: Held, come: Held | None, *, own: str) -> Line:
    sums = {currency: -amount for currency, amount in gone.sums.items()}
    for currency, amount in (come.sums if come else {}).items():
        sums[currency] = sums.get(currency, 0) + amount
    cases = (
        gone.case
        if come is None
        else np.concatenate((gone.case, come.case[~member_of(come.case, gone.case)]))
    )
    change = (len(come.case) if come else 0) - len(gone.case)
    return Line(code=code, n=len(cases), change=change, sums=_money(sums, own=own))


def _standing(held: Held, sign: int, *, own: str) -> list[Change]:
    rows = zip(held.case.tolist(), held.amount.tolist(), held.currency.tolist(), strict=True)
    told = [
        Change(int(case), None, _money({currency: sign * amount}, own=own))
        for case, amount, currency in rows
    ]
    return sorted(told, key=lambda one: (-abs(sum(one.sums.values(), Decimal(0))), one.item_id))


def _change(came: int, came_currency: int, left: int, left_currency: int, *, own: str) -> Money:
    sums = {came_currency: came}
    sums[left_currency] = sums.get(left_currency, 0) - left
    return _money(sums, own=own)


def _money(sums: Mapping[int, int], *, own: str) -> Money:
    """Ten-thousandths per number as money per currency; nothing that comes to zero."""
    found: dict[str, Decimal] = {}
    for number, amount in sums.items():
        code = log.currency_code(number, own=own)
        found[code] = found.get(code, Decimal(0)) + Decimal(amount).scaleb(-4)
    return {code: amount for code, amount in sorted(found.items()) if amount}
