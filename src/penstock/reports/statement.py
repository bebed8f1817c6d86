"""Why the backlog changed: opening + in − out = closing, by orders, value and hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from penstock.analytics import backlog as arithmetic
from penstock.base.calendar import Window, end_of
from penstock.base.money import ZERO
from penstock.reports import ledger, rows
from penstock.reports.filters import OrderFilter
from penstock.reports.periods import Period
from penstock.users.models import Member

ALL = OrderFilter()


@dataclass(frozen=True, slots=True)
class Account:
    """One measure over a window; every change is signed as it changes the backlog.

    ``moved`` is what went to other orders and came from them by splits and merges: of value and hours it
    is nothing, of orders it is their number. ``rates`` is what exchange rates alone did, where currencies
    are told as one. ``left_out`` is what lines of impossible history would have changed: they are in no
    backlog.
    """

    opening: Decimal = ZERO
    accepted: Decimal = ZERO
    amended_up: Decimal = ZERO
    amended_down: Decimal = ZERO
    reversed: Decimal = ZERO
    reinstated: Decimal = ZERO
    returned: Decimal = ZERO
    fulfilled: Decimal = ZERO
    cancelled: Decimal = ZERO
    revalued: Decimal = ZERO
    moved: Decimal = ZERO
    rates: Decimal = ZERO
    left_out: Decimal = ZERO
    closing: Decimal = ZERO

    @property
    def changes(self) -> tuple[Decimal, ...]:
        """All between opening and closing."""
        return tuple(getattr(self, part.name) for part in fields(self)[1:-1])

    @property
    def ties(self) -> bool:
        """Whether opening and all changes come to the closing, to the last stored digit."""
        return arithmetic.ties(self.opening, changes=self.changes, closed_at=self.closing)


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a window: per currency by value, over all by hours and by orders.

    An order enters when something of it begins to be owed, and leaves with the entry that ends this.
    ``orders_net`` leaves out the ``n_at_once`` entries and leavings of one and the same instant, as of
    orders that were cancelled at the moment of their acceptance.
    """

    window: Window
    known: date | None
    value: Mapping[str, Account]
    hours: Account
    orders: Account
    orders_net: Account
    n_at_once: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Orders that entered and left the backlog within a period, those of one instant left out."""

    period: Period
    n_in: int
    n_out: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of the one query: what stood at an end of the window, or what changed."""

    part: str
    name: str
    other: str
    value: Decimal
    hours: Decimal
    n: int


def statement(
    member: Member, window: Window, *, known: date | None = None, only: OrderFilter = ALL
) -> Statement:
    """What changed the backlog within a window; each account ties out, or this fails."""
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}),
             {history(window, known=known, only=only)}, {ledger.edges()}, {ends()},
             stands AS MATERIALIZED (SELECT lines.*, d.currency FROM lines JOIN d USING (order_id))
        {_standing("opening", number=0)} UNION ALL {_standing("closing", number=1)}
        UNION ALL
        SELECT 'changed', kind, currency, sum(value), coalesce(sum(hours), 0), 0
        FROM happened JOIN d USING (order_id) GROUP BY 2, 3
        UNION ALL
        SELECT 'crossed', coalesce(kind_in, ''), coalesce(kind_out, ''), 0, 0, count(*)
        FROM edges GROUP BY 2, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= asked_params(member, window, known=known, only=only)
    return _assembled(window, known, [_Part(*row) for row in rows.ask(query, params)])


def flows(
    member: Member,
    spans: Sequence[Period],
    *,
    known: date | None = None,
    only: OrderFilter = ALL,
) -> tuple[Flow, ...]:
    """Orders that entered and left in each of some periods that follow one another without a gap."""
    window = Window(spans[0].window.first, spans[-1].window.last, spans[0].window.zone)
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS ({orders}),
             {history(window, known=known, only=only, is_quantity_only=True)},
             {ledger.crossings()}
        SELECT width_bucket(at, %(starts)s::timestamptz[]), count(*) FILTER (WHERE is_open),
               count(*) FILTER (WHERE was_open)
        FROM crossed JOIN d USING (order_id)
        WHERE is_open <> was_open AND at >= %(first)s GROUP BY 1
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= asked_params(member, window, known=known, only=only)
    params |= {"starts": [span.window.start for span in spans]}
    found = {number: (n_in, n_out) for number, n_in, n_out in rows.ask(query, params)}
    return tuple(
        Flow(span, *found.get(number, (0, 0))) for number, span in enumerate(spans, start=1)
    )


def ends() -> str:
    """CTE ``lines``: every line at both ends of a window; it stands on :func:`history`."""
    return """
             lines AS (
                SELECT coalesce(stood.order_id, h.order_id) AS order_id,
                       coalesce(stood.quantity, 0) AS quantity_0,
                       coalesce(stood.value, 0) AS value_0, coalesce(stood.hours, 0) AS hours_0,
                       coalesce(stood.quantity, 0) + coalesce(h.quantity, 0) AS quantity_1,
                       coalesce(stood.value, 0) + coalesce(h.value, 0) AS value_1,
                       coalesce(stood.hours, 0) + coalesce(h.hours, 0) AS hours_1
                FROM stood FULL JOIN (
                    SELECT line_id, min(order_id) AS order_id, sum(quantity) AS quantity,
                           sum(value) AS value, sum(hours) AS hours
                    FROM happened GROUP BY 1) h USING (line_id))"""


def history(
    window: Window, *, known: date | None, only: OrderFilter, is_quantity_only: bool = False
) -> str:
    """CTEs ``stood`` and ``happened``: every line before a window, and the entries within it."""
    known_at = None if known is None else end_of(known, zone=window.zone)
    stood = ledger.stood(only, at="%(first)s", known=known_at, is_quantity_only=is_quantity_only)
    return f"{stood}, {ledger.happened(only)}"


def _standing(name: str, *, number: int) -> str:
    """What is owed at one end; and (named ``impossible``) what no backlog counts, for it is not above zero."""
    owed, other = f"FILTER (WHERE quantity_{number} > 0)", f"FILTER (WHERE quantity_{number} <= 0)"
    return f"""
        SELECT '{name}' AS part, 'owed' AS name, currency AS other,
               coalesce(sum(value_{number}) {owed}, 0) AS value,
               coalesce(sum(hours_{number}) {owed}, 0) AS hours,
               count(DISTINCT order_id) {owed} AS n
        FROM stands GROUP BY currency
        UNION ALL
        SELECT '{name}', 'impossible', currency, coalesce(sum(value_{number}) {other}, 0),
               coalesce(sum(hours_{number}) {other}, 0), 0
        FROM stands GROUP BY currency
    """  # noqa: S608 -- fragments of this room; values are parameters


def asked_params(
    member: Member, window: Window, *, known: date | None, only: OrderFilter
) -> rows.Params:
    """The parameters of a window: its ends, and the moment of knowledge."""
    known_at = None if known is None else end_of(known, zone=window.zone)
    return (
        ledger.params(member, only)
        | rows.times(at=window.stop, known=known_at)
        | {"first": window.start}
    )


def _assembled(window: Window, known: date | None, parts: Sequence[_Part]) -> Statement:
    crossed = [part for part in parts if part.part == "crossed"]
    currencies = sorted({part.other for part in parts if part.part != "crossed"})
    gross = _orders(parts, crossed)
    at_once = [part for part in crossed if part.name and part.other]
    found = Statement(
        window=window,
        known=known,
        value={
            currency: _account((part for part in parts if part.other == currency), measure="value")
            for currency in currencies
        },
        hours=_account(parts, measure="hours"),
        orders=gross,
        orders_net=_orders(parts, [part for part in crossed if part not in at_once]),
        n_at_once=sum(part.n for part in at_once),
    )
    _check(found)
    return found


def _account(parts: Iterable[_Part], *, measure: str) -> Account:
    """An account of value or hours."""
    sums: dict[tuple[str, str], Decimal] = {}
    for part in parts:
        key = (part.part, part.name)
        sums[key] = sums.get(key, ZERO) + getattr(part, measure)
    opening, closing = sums.get(("opening", "owed"), ZERO), sums.get(("closing", "owed"), ZERO)
    left_out = sums.get(("opening", "impossible"), ZERO) - sums.get(("closing", "impossible"), ZERO)
    changes = {name: value for (part, name), value in sums.items() if part == "changed"}
    return Account(opening=opening, closing=closing, left_out=left_out, **changes)


def _orders(parts: Sequence[_Part], crossed: Sequence[_Part]) -> Account:
    """The account of orders; what takes them out is negative."""
    n: dict[str, Decimal] = {}
    for part in crossed:
        for name, sign in ((part.name, 1), (part.other, -1)):
            if name:
                n[name] = n.get(name, Decimal(0)) + sign * part.n
    ends = {
        name: Decimal(sum(part.n for part in parts if part.part == name))
        for name in ("opening", "closing")
    }
    return replace(Account(**ends), **n)


def _check(found: Statement) -> None:
    accounts = (*found.value.values(), found.hours, found.orders, found.orders_net)
    assert all(account.ties for account in accounts), "a statement ties out"
