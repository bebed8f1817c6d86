"""Why the backlog changed: the statement of a window, its charts, the entries behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.backlog import standing
from penstock.backlog.models import Entry
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.reports.backlog import Daily, Owed
from penstock.reports.holds import HeldOnDay
from penstock.reports.moment import Moment
from penstock.reports.statement import Account, Statement
from penstock.reports.statement_own import Own
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import hold_words
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import day_text, short_day_and_year, window_text

Of = Callable[[Account], Decimal]

GROSS: tuple[tuple[str, str, Any, Of], ...] = (
    ("in", "accepted", gettext_lazy("Accepted"), lambda account: account.accepted),
    ("in", "amended_up", gettext_lazy("Amended upwards"), lambda account: account.amended_up),
    ("in", "reversed", gettext_lazy("Deliveries reversed"), lambda account: account.reversed),
    ("in", "returned", gettext_lazy("Returned"), lambda account: account.returned),
    ("in", "reinstated", gettext_lazy("Reinstated"), lambda account: account.reinstated),
    ("out", "fulfilled", gettext_lazy("Delivered"), lambda account: account.fulfilled),
    ("out", "cancelled", gettext_lazy("Cancelled"), lambda account: account.cancelled),
    ("out", "amended_down", gettext_lazy("Amended downwards"), lambda one: one.amended_down),
    ("change", "revalued", gettext_lazy("Revalued"), lambda account: account.revalued),
    ("change", "moved", gettext_lazy("Split and merged"), lambda account: account.moved),
    ("change", "rates", gettext_lazy("Exchange rates"), lambda account: account.rates),
)  # fmt: skip

NET: tuple[tuple[str, str, Any, Of], ...] = (
    (
        "change",
        "booked",
        gettext_lazy("Booked, net of cancellations and amendments"),
        lambda account: account.accepted + account.amended_up + account.amended_down
        + account.reinstated + account.cancelled,
    ),
    (
        "change",
        "delivered",
        gettext_lazy("Delivered, net of returns and reversals"),
        lambda account: account.fulfilled + account.reversed + account.returned,
    ),
    ("change", "revalued", gettext_lazy("Revalued"), lambda account: account.revalued),
    ("change", "moved", gettext_lazy("Split and merged"), lambda account: account.moved),
    ("change", "rates", gettext_lazy("Exchange rates"), lambda account: account.rates),
)  # fmt: skip

BACKLOG, STATEMENT = gettext_lazy("Backlog"), gettext_lazy("Statement")
LEFT_OUT = gettext_lazy("Left out: histories that cannot be so")

KINDS: dict[str, Q] = {
    **{kind: Q(kind=kind) for kind in Entry.Kind.values},
    "amended_up": Q(kind="amended", quantity__gt=0),
    "amended_down": Q(kind="amended", quantity__lt=0),
    "booked": Q(kind__in=("accepted", "amended", "reinstated", "cancelled")),
    "delivered": Q(kind__in=("fulfilled", "reversed", "returned")),
}

NAMES: dict[str, Any] = {code: name for _kind, code, name, _of in (*GROSS, *NET)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the statement, with the way to the rows behind it."""

    text: str
    url: str = ""
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: opening, what came in, what went out, closing."""

    kind: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One measure: its head, its account, and how its figures are written."""

    head: str
    account: Account
    write: Callable[[Decimal], str]
    currency: str = ""
    is_hours: bool = False
    is_own: bool = False

    def part(self, owed: Owed) -> Decimal:
        """Its measure of a part of the backlog."""
        if self.is_hours:
            return owed.hours
        if self.is_own:
            return owed.in_one.total
        return owed.value.get(self.currency, ZERO) if self.currency else Decimal(owed.n_orders)


@dataclass(frozen=True, slots=True)
class Table:
    """The statement as ``components/ledger.html`` shows it."""

    title: str
    note: str
    heads: list[str]
    rows: list[Row]
    check: str


def head(state: Statement) -> Page:
    """Title and answer."""
    return Page(
        title=_("Backlog"),
        nav="backlog",
        answer=_answer(state),
        definition=Definition(
            text=_(
                "Opening, and what came in, less what went out, is the closing: per currency at "
                "the price of the lines, in hours, and in orders. An order enters when something "
                "of it begins to be owed, and leaves with the entry that ends this."
            ),
            window=window_text(state.window),
        ),
    )


def _answer(state: Statement) -> str:
    change = int(state.orders.closing - state.orders.opening)
    values = {"window": window_text(state.window), "n": figures.number(abs(change))}
    if change > 0:
        return (
            ngettext(
                "The backlog grew by %(n)s order in %(window)s.",
                "The backlog grew by %(n)s orders in %(window)s.",
                change,
            )
            % values
        )
    if change < 0:
        return (
            ngettext(
                "The backlog fell by %(n)s order in %(window)s.",
                "The backlog fell by %(n)s orders in %(window)s.",
                -change,
            )
            % values
        )
    return _("The backlog holds as many orders as before in %(window)s.") % values


def table(
    state: Statement,
    waiting: HeldOnDay,
    own: Own | None = None,
    *,
    slug: str,
    is_net: bool,
) -> Table:
    """The statement in one table: orders, each currency, all in one, hours; below it what of the closing waits."""
    columns = _columns(state, own, is_net=is_net)
    ties = all(column.account.ties for column in columns)
    return Table(
        title=window_text(state.window),
        note="; ".join(filter(None, (_note(state, is_net=is_net), _rates_note(own)))),
        heads=[column.head for column in columns],
        rows=[
            *_rows(state, columns, slug=slug, is_net=is_net),
            *_waiting(waiting, columns, slug=slug),
        ],
        check=_("Opening and all changes come to the closing, to the last digit.") if ties else "",
    )


def _rates_note(own: Own | None) -> str:
    if own is None:
        return ""
    said = _("%(currency)s in all: opening, closing and each change at the rate of its own day") % {
        "currency": own.currency
    }
    if not own.missing:
        return said
    apart = _("without %(codes)s: no rate") % {"codes": ", ".join(own.missing)}
    return f"{said}; {apart}"


def _note(state: Statement, *, is_net: bool) -> str:
    known = _("as it was known on %(day)s") % {"day": day_text(state.known)} if state.known else ""
    if not is_net or not state.n_at_once:
        return known
    at_once = ngettext(
        "%(n)s order that came and went at the same instant is left out",
        "%(n)s orders that came and went at the same instant are left out",
        state.n_at_once,
    ) % {"n": figures.number(state.n_at_once)}
    return "; ".join(part for part in (known, at_once) if part)


def _columns(state: Statement, own: Own | None, *, is_net: bool) -> list[Column]:
    orders = state.orders_net if is_net else state.orders
    return [
        Column(_("Orders"), orders, figures.number),
        *(
            Column(currency, account, _write_money(currency), currency)
            for currency, account in sorted(state.value.items())
        ),
        *_own_column(own),
        Column(
            _("Hours"), state.hours, lambda value: figures.number(value, places=1), is_hours=True
        ),
    ]


def _own_column(own: Own | None) -> list[Column]:
    if own is None:
        return []
    head = _("All in %(currency)s") % {"currency": own.currency}
    return [Column(head, own.account, _write_money(own.currency), is_own=True)]


def _write_money(currency: str) -> Callable[[Decimal], str]:
    return lambda value: figures.money(value, currency)


def _rows(state: Statement, columns: Sequence[Column], *, slug: str, is_net: bool) -> Iterator[Row]:
    window = state.window
    before = window.first - timedelta(days=1)
    yield _end("opening", _("Opening"), columns, slug=slug, on=before.isoformat())
    for kind, code, name, of in NET if is_net else GROSS:
        amounts = [of(column.account) for column in columns]
        if any(amounts) or code in ("accepted", "fulfilled", "booked", "delivered"):
            url = None if code == "rates" else _url(state, code, slug=slug)
            yield Row(kind, str(name), _cells(columns, amounts, kind, url))
    left_out = [column.account.left_out for column in columns]
    if any(left_out):
        yield Row("change", str(LEFT_OUT), _cells(columns, left_out, "change", None))
    yield _end("closing", _("Closing"), columns, slug=slug, on=window.last.isoformat())


def _waiting(waiting: HeldOnDay, columns: Sequence[Column], *, slug: str) -> Iterator[Row]:
    """The parts of the closing: what can be worked on, and what waits for whom."""
    if not waiting.held:
        return
    url = f"{reverse('backlog', args=[slug])}?on={waiting.moment.on.isoformat()}"
    yield _part(_("of this, workable"), waiting.workable, columns, url=url)
    for part in waiting.held:
        name = _("waits for %(side)s") % {"side": hold_words.side(part.side)}
        yield _part(name, part.owed, columns, url=f"{url}&held=1")


def _part(name: str, owed: Owed, columns: Sequence[Column], *, url: str) -> Row:
    cells = []
    for column in columns:
        amount = column.part(owed)
        cells.append(Cell(text=column.write(amount), url=url if amount else "", is_zero=not amount))
    return Row("part", name, cells)


def _end(kind: str, name: str, columns: Sequence[Column], *, slug: str, on: str) -> Row:
    url = f"{reverse('backlog', args=[slug])}?on={on}"
    cells = [Cell(text=column.write(getattr(column.account, kind)), url=url) for column in columns]
    return Row(kind, name, cells)


def _cells(
    columns: Sequence[Column],
    amounts: Sequence[Decimal],
    kind: str,
    url: Callable[[Column], str] | None,
) -> list[Cell]:
    return [
        Cell(
            text=_signed(amount, column.write) if kind == "change" else column.write(abs(amount)),
            url=url(column) if url and amount else "",
            is_zero=not amount,
        )
        for column, amount in zip(columns, amounts, strict=True)
    ]


def _signed(amount: Decimal, write: Callable[[Decimal], str]) -> str:
    if not amount:
        return write(amount)
    return f"{'+' if amount > 0 else '−'}\u202f{write(abs(amount))}"


def _url(state: Statement, code: str, *, slug: str) -> Callable[[Column], str]:
    def url(column: Column) -> str:
        query = QueryDict(mutable=True)
        query.update(
            {
                "kind": code,
                "first": state.window.first.isoformat(),
                "last": state.window.last.isoformat(),
            }
        )
        if column.currency:
            query["currency"] = column.currency
        if state.known:
            query["known"] = state.known.isoformat()
        return f"{reverse('backlog-entries', args=[slug])}?{query.urlencode()}"

    return url


def entries(
    member: Member, window: Window, *, kind: str, currency: str, moment: Moment
) -> QuerySet[Entry]:
    """The entries behind a figure, newest first."""
    found = standing.counting(
        Entry.objects.filter(
            KINDS.get(kind, Q()),
            workspace_id=member.workspace_id,
            order__item__withdrawn_at=None,
            occurred_at__gte=window.start,
            occurred_at__lt=window.stop,
        ),
        known=moment.known_at,
    )
    if currency:
        found = found.filter(order__currency=currency)
    return found.order_by("-occurred_at", "-id").values(  # type: ignore[return-value]  # -- rows, not instances
        "id", "kind", "quantity", "value", "hours", "occurred_at", "known_at", "by__name",
        "line__title", "order__item__key", "order__item__title", "order__currency",
        "order__company__name",
    )  # fmt: skip


def charts(daily: Daily) -> list[dict[str, Any]]:
    """The backlog at the end of each day: orders, and value per currency."""
    x = [short_day_and_year(day.day) for day in daily.days]
    currencies = sorted({currency for day in daily.days for currency in day.value})
    charted = [_orders_chart(daily, x)]
    if currencies:
        charted.append(_value_chart(daily, x, currencies))
    return charted


def _orders_chart(daily: Daily, x: list[str]) -> dict[str, Any]:
    peak = {"n": figures.number(daily.peak.n_orders), "day": day_text(daily.peak.day)}
    counts = [day.n_orders for day in daily.days]
    return {
        "id": "chart-orders",
        "title": _("Orders owed at the end of each day"),
        "summary": _("Most orders were owed on %(day)s: %(n)s.") % peak,
        "size": "short",
        "data": {"x": x, "series": [{"name": _("Orders"), "kind": "step", "values": counts}]},
        "heads": [_("Day"), _("Orders")],
        "rows": [[day, figures.number(n)] for day, n in zip(x, counts, strict=True)],
    }


def _value_chart(daily: Daily, x: list[str], currencies: list[str]) -> dict[str, Any]:
    values = {
        currency: [day.value.get(currency, Decimal(0)) for day in daily.days]
        for currency in currencies
    }
    series = [
        {"name": currency, "kind": "step", "values": [float(value) for value in values[currency]]}
        for currency in currencies
    ]
    rows = [
        [day, *(figures.money(values[currency][at], currency) for currency in currencies)]
        for at, day in enumerate(x)
    ]
    return {
        "id": "chart-value",
        "title": _("Value owed at the end of each day"),
        "summary": _("The value of what was owed at the end of each day, per currency."),
        "size": "short",
        "data": {"x": x, "series": series},
        "heads": [_("Day"), *currencies],
        "rows": rows,
    }
