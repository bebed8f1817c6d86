"""What of the backlog can be worked on, and what waits, by who can remove the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, Part
from penstock.flow.models import Blocker
from penstock.reports import ledger, rows
from penstock.reports.backlog import ALL, BacklogOnDay, Owed, rates_of
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member

SIDES: tuple[str, ...] = tuple(Blocker.Side.values)


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for one side. An order counts here when nothing of it can be worked on."""

    side: str
    owed: Owed


@dataclass(frozen=True, slots=True)
class HeldOnDay:
    """The backlog of a day in parts that add up to it: workable, and held by each side.

    ``n_partly`` orders of the workable ones have a line that waits.
    """

    moment: Moment
    workable: Owed
    held: tuple[Held, ...]
    n_partly: int

    @property
    def n_orders(self) -> int:
        """Orders that wait as a whole."""
        return sum(part.owed.n_orders for part in self.held)

    @property
    def n_lines(self) -> int:
        """Lines that wait."""
        return sum(part.owed.n_lines for part in self.held)


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one order that wait for one side, or for nobody (side empty)."""

    order_id: int
    currency: str
    side: str
    n_lines: int
    value: Decimal
    charges: Decimal
    hours: Decimal
    n_lines_without_hours: int


def of(state: BacklogOnDay, *, member: Member, only: OrderFilter = ALL) -> HeldOnDay:
    """Part what was owed on a day by what stood in its way then, as it was known.

    Only orders with a hold are looked at: the workable part is the whole less the held ones. Where an
    order is held, so are its lines; a charge waits where all goods of its order do.
    """
    parts = _parts(member, state.moment, only)
    waiting = [part for part in parts if part.side]
    whole = _wholes(parts)
    rates = rates_of(member, state.moment)
    rates.learn(Part(code, ZERO) for code in state.owed.value)
    held = tuple(_held(side, waiting, whole, rates) for side in SIDES)
    return HeldOnDay(
        moment=state.moment,
        workable=_less(state.owed, [one.owed for one in held], rates),
        held=tuple(one for one in held if one.owed.n_lines),
        n_partly=len({part.order_id for part in waiting} - set(whole)),
    )


def sides_of(member: Member, ids: Sequence[int], moment: Moment) -> dict[int, str]:
    """Who each of some orders waited for; the empty word where only a part of it did."""
    parts = _parts(member, moment, ALL, among=ids)
    whole = _wholes(parts)
    return {part.order_id: whole.get(part.order_id, "") for part in parts if part.side}


def held_ids(member: Member, moment: Moment) -> list[int]:
    """Orders of which at least one line waited."""
    return sorted({part.order_id for part in _parts(member, moment, ALL) if part.side})


def _parts(
    member: Member, when: Moment, only: OrderFilter, *, among: Sequence[int] | None = None
) -> list[_Part]:
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH hold AS MATERIALIZED (
                SELECT item_id, value AS side FROM ({rows.last_of_each("flow_blocker", "side")}) last
                WHERE value <> ''),
             waits AS (
                SELECT w.line_id, min(hold.side) AS side FROM hold
                JOIN backlog_workitem w ON w.item_id = hold.item_id AND w.line_id IS NOT NULL GROUP BY 1),
             chosen AS (
                SELECT order_id FROM (
                    SELECT item_id AS order_id FROM hold
                    UNION SELECT l.order_id FROM waits JOIN backlog_line l ON l.id = waits.line_id) found
                WHERE %(among)s::bigint[] IS NULL OR order_id = ANY (%(among)s)),
             d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}),
             left_over AS (
                SELECT r.line_id, min(r.order_id) AS order_id, sum(r.quantity) AS quantity,
                       sum(r.value) AS value, sum(r.hours) AS hours
                FROM backlog_entry r JOIN chosen USING (order_id)
                WHERE {rows.counting("backlog_entry")} GROUP BY 1),
             lines AS (
                SELECT left_over.*, d.currency, l.sort, coalesce(hold.side, waits.side, '') AS side
                FROM left_over JOIN d USING (order_id)
                JOIN backlog_line l ON l.id = left_over.line_id
                LEFT JOIN hold ON hold.item_id = left_over.order_id
                LEFT JOIN waits ON waits.line_id = left_over.line_id
                WHERE left_over.quantity > 0),
             goods AS (
                SELECT order_id, min(side) AS side FROM lines WHERE sort = 'goods' GROUP BY 1
                HAVING bool_and(side <> ''))
        SELECT order_id, currency, coalesce(nullif(lines.side, ''), CASE WHEN sort = 'charge' THEN goods.side END, ''),
               count(*), sum(value), coalesce(sum(value) FILTER (WHERE sort = 'charge'), 0),
               coalesce(sum(hours), 0), count(*) FILTER (WHERE hours IS NULL AND sort <> 'charge')
        FROM lines LEFT JOIN goods USING (order_id)
        WHERE {_asked(only)}
        GROUP BY 1, 2, 3 ORDER BY 1, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= ledger.params(member, only) | rows.times(at=when.at, known=when.known_at)
    params["among"] = None if among is None else list(among)
    return [_Part(*row) for row in rows.ask(query, params)]


def _asked(only: OrderFilter) -> str:
    """Condition on a row of ``lines``; nothing is looked up where all are asked for."""
    mine = ledger.line(only)
    return (
        f"EXISTS (SELECT 1 FROM backlog_line l WHERE l.id = lines.line_id {mine})"  # noqa: S608 -- fragments of this room; values are parameters
        if mine
        else "true"
    )


def _wholes(parts: Iterable[_Part]) -> dict[int, str]:
    """Orders of which all waits, with the side; of several the first in the order of :data:`SIDES`."""
    sides: dict[int, set[str]] = {}
    for part in parts:
        sides.setdefault(part.order_id, set()).add(part.side)
    return {
        number: min(found, key=SIDES.index) for number, found in sides.items() if "" not in found
    }


def _held(side: str, waiting: Sequence[_Part], whole: dict[int, str], rates: Exchange) -> Held:
    mine = [part for part in waiting if part.side == side]
    value = ledger.money((part.currency, part.value) for part in mine)
    return Held(
        side=side,
        owed=Owed(
            n_orders=sum(1 for found in whole.values() if found == side),
            n_lines=sum(part.n_lines for part in mine),
            value=value,
            goods=ledger.money((part.currency, part.value - part.charges) for part in mine),
            charges=ledger.money((part.currency, part.charges) for part in mine),
            hours=sum((part.hours for part in mine), start=ZERO),
            n_lines_without_hours=sum(part.n_lines_without_hours for part in mine),
            in_one=rates.of(value),
        ),
    )


def _less(all_: Owed, parts: Sequence[Owed], rates: Exchange) -> Owed:
    value = _money_less(all_.value, [part.value for part in parts])
    return Owed(
        n_orders=all_.n_orders - sum(part.n_orders for part in parts),
        n_lines=all_.n_lines - sum(part.n_lines for part in parts),
        value=value,
        goods=_money_less(all_.goods, [part.goods for part in parts]),
        charges=_money_less(all_.charges, [part.charges for part in parts]),
        hours=all_.hours - sum((part.hours for part in parts), start=ZERO),
        n_lines_without_hours=all_.n_lines_without_hours
        - sum(part.n_lines_without_hours for part in parts),
        in_one=rates.of(value),
    )


def _money_less(all_: ledger.Money, parts: Sequence[ledger.Money]) -> ledger.Money:
    return {
        currency: value - sum((part.get(currency, ZERO) for part in parts), start=ZERO)
        for currency, value in all_.items()
    }
