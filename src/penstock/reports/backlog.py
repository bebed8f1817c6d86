"""The backlog on a day: what was owed, how old and how late, summed from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from penstock.analytics.ageing import Ages
from penstock.backlog.models import Order
from penstock.base.calendar import Window, end_of
from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.contacts.models import Company
from penstock.flow.models import Stage
from penstock.reports import ledger, rows
from penstock.reports.filters import OrderFilter
from penstock.reports.ledger import Money
from penstock.reports.moment import Moment, moment
from penstock.users.models import Member

ALL = OrderFilter()
MOST_COMPANIES = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left to deliver; money is per currency, lines of unknown hours add none.

    ``in_one`` is the value in the workspace's currency, at the rates of the day.
    """

    n_orders: int
    n_lines: int
    value: Money
    goods: Money
    charges: Money
    hours: Decimal
    n_lines_without_hours: int
    in_one: InOne


@dataclass(frozen=True, slots=True)
class GroupOwed:
    """What is owed in one stage or to one customer; an unknown one has no id and an empty name."""

    group_id: int | None
    name: str
    owed: Owed


@dataclass(frozen=True, slots=True)
class Impossible:
    """Lines whose remainder on the day is below zero; their history cannot be, they are in no sum."""

    n_lines: int
    value: Money


@dataclass(frozen=True, slots=True)
class BacklogOnDay:
    """All that is owed at the end of a day; ``overdue`` was promised for a day before it.

    ``by_company`` holds the fifty customers to whom the most orders are owed.
    """

    moment: Moment
    owed: Owed
    overdue: Owed
    ages: Ages
    impossible: Impossible
    by_stage: tuple[GroupOwed, ...]
    by_company: tuple[GroupOwed, ...]


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The backlog at the end of one day."""

    day: date
    n_orders: int
    value: Money


@dataclass(frozen=True, slots=True)
class Daily:
    """The backlog at the end of each day of a window, and the first day with the most orders."""

    window: Window
    days: tuple[DayEnd, ...]
    peak: DayEnd


@dataclass(frozen=True, slots=True)
class _Group:
    """Open orders of one stage (all overdue or none), one company, or all; or the impossible lines.

    ``instants`` are the acceptances from which the ages of all are told.
    """

    part: str
    key: int | None
    is_overdue: bool
    currency: str
    n_orders: int
    n_lines: int
    value: Decimal
    charges: Decimal
    hours: Decimal
    n_lines_without_hours: int
    instants: Sequence[datetime] | None


def on_day(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    only: OrderFilter = ALL,
) -> BacklogOnDay:
    """What was owed at the end of a day; without a day, now.

    Promise and stage are those in force on the day; an order's age counts from its acceptance.

    Raises:
        RuleBroken: ``reports.future``.
    """
    when = moment(member.workspace, on=on, known=known)
    groups = _now(member, when, only) if when.is_now else _then(member, when, only)
    rates = rates_of(member, when)
    rates.learn(Part(group.currency, ZERO) for group in groups if group.currency)
    owed = [group for group in groups if group.part == "stage"]
    impossible = [group for group in groups if group.part == "impossible"]
    return BacklogOnDay(
        moment=when,
        owed=_owed(owed, rates),
        overdue=_owed([group for group in owed if group.is_overdue], rates),
        ages=next(
            rows.ages(group.n_orders, group.instants, at=when.at)
            for group in groups
            if group.part == "all"
        ),
        impossible=Impossible(
            n_lines=sum(group.n_lines for group in impossible),
            value=ledger.money((group.currency, group.value) for group in impossible),
        ),
        by_stage=_by_stage(owed, rates),
        by_company=_by_company([group for group in groups if group.part == "company"], rates),
    )


def rates_of(member: Member, when: Moment) -> Exchange:
    """The rates at which a backlog is told in the workspace's currency: those of its day."""
    return Exchange(member.workspace, day=when.on, known=when.known_at)


def order_ids(member: Member, when: Moment) -> list[int]:
    """Orders of which something was owed at the end of a day, withdrawn ones too, in no order."""
    query = f"""
        WITH {ledger.stood(ALL, at="%(at)s", known=when.known_at, is_quantity_only=True)}
        SELECT DISTINCT order_id FROM stood WHERE quantity > 0
    """  # noqa: S608 -- fragments of this room; values are parameters
    return [row[0] for row in rows.ask(query, _params(member, when, ALL))]


def daily(
    member: Member, window: Window, *, known: date | None = None, only: OrderFilter = ALL
) -> Daily:
    """The backlog at the end of each day of a window, and its peak, from one query."""
    orders, params = ledger.orders(member, only)
    known_at = None if known is None else end_of(known, zone=window.zone)
    query = f"""
        WITH d (order_id, currency, company_id) AS ({orders}),
             {ledger.stood(only, at="%(first)s", known=known_at)}, {ledger.happened(only)},
             moved AS (SELECT order_id, line_id, %(before)s AS day, quantity, value FROM stood
                       UNION ALL
                       SELECT order_id, line_id, (occurred_at AT TIME ZONE %(zone)s)::date,
                              sum(quantity), sum(value)
                       FROM happened GROUP BY 1, 2, 3),
             added AS (SELECT order_id, line_id, day,
                              sum(quantity) OVER line AS quantity, sum(value) OVER line AS value
                       FROM moved WINDOW line AS (PARTITION BY line_id ORDER BY day)),
             owed AS (SELECT order_id, line_id, day, (quantity > 0)::int AS n,
                             CASE WHEN quantity > 0 THEN value ELSE 0 END AS value FROM added),
             changed AS (SELECT order_id, day, sum(n) AS n, sum(value) AS value
                         FROM (SELECT order_id, day, n - coalesce(lag(n) OVER line, 0) AS n,
                                      value - coalesce(lag(value) OVER line, 0) AS value
                               FROM owed WINDOW line AS (PARTITION BY line_id ORDER BY day)) lines
                         GROUP BY 1, 2),
             opened AS (SELECT order_id, day, value, (sum(n) OVER orders > 0)::int AS is_open
                        FROM changed WINDOW orders AS (PARTITION BY order_id ORDER BY day))
        SELECT day, currency, sum(is_open - was_open), sum(value)
        FROM (SELECT opened.*, coalesce(lag(is_open) OVER (PARTITION BY order_id ORDER BY day), 0) AS was_open
              FROM opened) steps JOIN d USING (order_id)
        GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= ledger.params(member, only) | rows.times(at=window.stop, known=known_at)
    params |= {"zone": window.zone.key, "before": window.first - timedelta(days=1)}
    params["first"] = window.start
    days = _series(window, rows.ask(query, params))
    return Daily(window=window, days=days, peak=max(days, key=lambda day: day.n_orders))


def _series(window: Window, steps: Sequence[tuple[date, str, int, Decimal]]) -> tuple[DayEnd, ...]:
    """Add the changes of each day up."""
    ends: list[DayEnd] = []
    n_orders, value, left = 0, dict.fromkeys(sorted({step[1] for step in steps}), ZERO), list(steps)
    for number in range(window.n_days):
        day = window.first + timedelta(days=number)
        while left and left[0][0] <= day:
            _day, currency, n, change = left.pop(0)
            n_orders, value[currency] = n_orders + n, value[currency] + change
        ends.append(DayEnd(day=day, n_orders=n_orders, value=dict(value)))
    return tuple(ends)


def _now(member: Member, when: Moment, only: OrderFilter) -> list[_Group]:
    """All parts of the answer from what is kept on lines, orders and items."""
    # An order of which something is left has no day of fulfilment: the queue's index holds few others.
    found = Order.objects.visible_to(member).open().filter(fulfilled_at=None)
    if only.company is not None:
        found = found.filter(company=only.company)
    if only.pipeline is not None:
        found = found.filter(item__pipeline=only.pipeline)
    orders, params = rows.embedded(
        found.values_list(
            "item_id", "currency", "company_id", "accepted_at", "item__stage_id", "promised_on"
        )
    )
    query = f"""
        WITH owed AS (
                SELECT order_id, count(*) AS n, sum(remaining_value) AS value,
                       coalesce(sum(remaining_value) FILTER (WHERE sort = 'charge'), 0) AS charges,
                       coalesce(sum(remaining_hours), 0) AS hours,
                       count(*) FILTER (WHERE remaining_hours IS NULL AND sort <> 'charge') AS n_without
                FROM ({ledger.rest(only)}) l WHERE remaining_quantity > 0 GROUP BY 1),
             o AS MATERIALIZED (
                SELECT owed.*, d.currency, d.company_id, d.accepted_at, d.stage_id,
                       coalesce(d.promised_on < %(on)s, false) AS is_overdue
                FROM owed JOIN ({orders}) d (order_id, currency, company_id, accepted_at, stage_id, promised_on)
                USING (order_id))
        {_PARTS}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return [_Group(*row) for row in rows.ask(query, params | _params(member, when, only))]


def _then(member: Member, when: Moment, only: OrderFilter) -> list[_Group]:
    """All parts of the answer from the ledger and the append-only rows."""
    orders, params = ledger.orders(member, only, "accepted_at")
    query = f"""
        WITH d (order_id, currency, company_id, accepted_at) AS NOT MATERIALIZED ({orders}),
             {ledger.stood(only, at="%(at)s", known=when.known_at, is_quantity_only=True)},
             lines AS MATERIALIZED (
                SELECT l.order_id, l.sort, stood.quantity, e.value, e.hours
                FROM stood
                JOIN backlog_line l ON l.id = stood.line_id
                JOIN LATERAL (
                    SELECT sum(r.value) AS value, sum(r.hours) AS hours FROM backlog_entry r
                    WHERE r.line_id = stood.line_id
                      AND {rows.counting("backlog_entry")}) e ON true),
             owed AS (
                SELECT order_id, count(*) AS n, sum(value) AS value,
                       coalesce(sum(value) FILTER (WHERE sort = 'charge'), 0) AS charges,
                       coalesce(sum(hours), 0) AS hours,
                       count(*) FILTER (WHERE hours IS NULL AND sort <> 'charge') AS n_without
                FROM lines WHERE quantity > 0 GROUP BY 1),
             o AS MATERIALIZED (
                SELECT owed.*, d.currency, d.company_id, d.accepted_at, place.value AS stage_id,
                       coalesce(promise.value::date < %(on)s, false) AS is_overdue
                FROM owed JOIN d USING (order_id)
                LEFT JOIN LATERAL ({rows.last("flow_transition", "stage_id", of="owed.order_id")}) place ON true
                LEFT JOIN LATERAL ({rows.field("promised_on", of="owed.order_id")}) promise ON true)
        {_PARTS}
        UNION ALL
        SELECT 'impossible', NULL, false, currency, 0, count(*), sum(value), 0, 0, 0, NULL
        FROM lines JOIN d USING (order_id) WHERE quantity < 0 GROUP BY currency
    """  # noqa: S608 -- fragments of this room; values are parameters
    return [_Group(*row) for row in rows.ask(query, params | _params(member, when, only))]


_SUMS = "count(*), sum(n)::bigint, sum(value), sum(charges), sum(hours), sum(n_without)::bigint"
#: The answer from the CTE ``o``, the orders that are owed.
_PARTS = f"""
    SELECT 'stage', stage_id, is_overdue, currency, {_SUMS}, NULL::timestamptz[]
    FROM o GROUP BY stage_id, is_overdue, currency
    UNION ALL
    SELECT 'company', company_id, false, currency, {_SUMS}, NULL
    FROM o WHERE coalesce(company_id, 0) IN (
        SELECT coalesce(company_id, 0) FROM o GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MOST_COMPANIES})
    GROUP BY company_id, currency
    UNION ALL
    SELECT 'all', NULL, false, '', count(accepted_at), 0, 0, 0, 0, 0, {rows.cuts("accepted_at")} FROM o
"""  # noqa: S608 -- fragments of this room; values are parameters


def _params(member: Member, when: Moment, only: OrderFilter) -> rows.Params:
    return (
        ledger.params(member, only) | rows.times(at=when.at, known=when.known_at) | {"on": when.on}
    )


def _owed(groups: Sequence[_Group], rates: Exchange) -> Owed:
    value = ledger.money((group.currency, group.value) for group in groups)
    return Owed(
        n_orders=sum(group.n_orders for group in groups),
        n_lines=sum(group.n_lines for group in groups),
        value=value,
        goods=ledger.money((group.currency, group.value - group.charges) for group in groups),
        charges=ledger.money((group.currency, group.charges) for group in groups),
        hours=sum((group.hours for group in groups), start=ZERO),
        n_lines_without_hours=sum(group.n_lines_without_hours for group in groups),
        in_one=rates.of(value),
    )


def _by_stage(groups: Sequence[_Group], rates: Exchange) -> tuple[GroupOwed, ...]:
    stages = Stage.objects.filter(pk__in={group.key for group in groups})
    return tuple(
        GroupOwed(
            group_id=stage.pk,
            name=stage.label,
            owed=_owed([group for group in groups if group.key == stage.pk], rates),
        )
        for stage in stages.order_by("pipeline__position", "position", "id")
    )


def _by_company(groups: Sequence[_Group], rates: Exchange) -> tuple[GroupOwed, ...]:
    mine: dict[int | None, list[_Group]] = {}
    for group in groups:
        mine.setdefault(group.key, []).append(group)
    names = Company.objects.in_bulk([pk for pk in mine if pk is not None])
    found = (
        GroupOwed(group_id=pk, name=names[pk].name if pk in names else "", owed=_owed(parts, rates))
        for pk, parts in mine.items()
    )
    return tuple(sorted(found, key=lambda group: (-group.owed.n_orders, group.name)))
