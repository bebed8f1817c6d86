"""A statement in the workspace's currency: every change at the rate of its day, and what rates alone did."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal

from penstock.base.calendar import end_of
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, Part
from penstock.reports import ledger, rows
from penstock.reports.filters import OrderFilter
from penstock.reports.statement import ALL, Account, Statement, asked_params
from penstock.users.models import Member

Change = tuple[str, str, date, Decimal]
_ENDS = ("opening", "closing", "rates", "left_out")
_KINDS = tuple(part.name for part in fields(Account) if part.name not in _ENDS)


@dataclass(frozen=True, slots=True)
class Own:
    """The account of all currencies as one, which ties out too; ``missing`` have no rate on some day.

    A missing currency is in no figure of the account.
    """

    currency: str
    account: Account
    missing: tuple[str, ...]


def own(member: Member, found: Statement, *, only: OrderFilter = ALL) -> Own | None:
    """The value of a statement in the workspace's currency; None where it is in no other one.

    The opening is taken at the rates of the day before the window, the closing at those of its last day,
    each change at that of its day. What then lacks between them is what the rates did to what stood.
    """
    currency = member.workspace.currency
    foreign = set(found.value) - {currency}
    if not foreign:
        return None
    changes = _changes(member, found, only=only)
    window = found.window
    days = {"opening": window.first - timedelta(days=1), "closing": window.last}
    rates = Exchange(
        member.workspace,
        day=window.last,
        known=None if found.known is None else end_of(found.known, zone=window.zone),
    )
    rates.learn(
        [
            *(Part(code, ZERO, day=day) for code in foreign for day in days.values()),
            *(Part(code, ZERO, day=day) for code, _kind, day, _value in changes),
        ]
    )
    missing = _missing(rates, found, changes, days)
    account = found.value.get(currency, Account())
    for code in sorted(foreign - missing):
        one = _turned(rates, code, found.value[code], changes, days)
        account = _added(account, one)
    return Own(currency, account, tuple(sorted(missing)))


def _changes(member: Member, found: Statement, *, only: OrderFilter) -> list[Change]:
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS ({orders}), {ledger.happened(only)}
        SELECT currency, kind, (occurred_at AT TIME ZONE %(zone)s)::date, sum(value)
        FROM happened JOIN d USING (order_id) WHERE currency <> %(own)s GROUP BY 1, 2, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= asked_params(member, found.window, known=found.known, only=only)
    params |= {"zone": str(found.window.zone), "own": member.workspace.currency}
    return [(code, kind, day, value) for code, kind, day, value in rows.ask(query, params)]


def _missing(
    rates: Exchange, found: Statement, changes: list[Change], days: dict[str, date]
) -> set[str]:
    asked = {(code, day) for code, _kind, day, value in changes if value}
    asked |= {
        (code, day)
        for code, account in found.value.items()
        for name, day in days.items()
        if getattr(account, name)
    }
    return {code for code, day in asked if rates.rate_of(Part(code, ZERO, day=day)) is None}


def _turned(
    rates: Exchange, code: str, account: Account, changes: list[Change], days: dict[str, date]
) -> Account:
    """The account of one currency in the workspace's."""

    def worth(value: Decimal, day: date) -> Decimal:
        return exact(value * (rates.rate_of(Part(code, ZERO, day=day)) or ZERO))

    sums = dict.fromkeys(_KINDS, ZERO)
    for other, kind, day, value in changes:
        if other == code:
            sums[kind] += worth(value, day)
    told = Account(
        opening=worth(account.opening, days["opening"]),
        closing=worth(account.closing, days["closing"]),
        left_out=worth(account.left_out, days["closing"]),
        **sums,
    )
    return replace(told, rates=told.closing - told.opening - sum(told.changes, ZERO))


def _added(one: Account, other: Account) -> Account:
    return Account(
        **{
            part.name: getattr(one, part.name) + getattr(other, part.name)
            for part in fields(Account)
        }
    )
