"""The backlog on a day, its statement and its ratios."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as some

from penstock.analytics.ageing import ages
from penstock.backlog import dates, ledger, orders, standing
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import PenstockError
from penstock.flow import dating, items
from penstock.flow.dating import today
from penstock.reports import backlog, periods, ratios, statement
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import moment
from penstock.users.models import Member, Workspace
from tests import make
from tests.reports.days import day, noon, window

pytestmark = pytest.mark.django_db


def test_backlog_says_orders_lines_value_and_hours() -> None:
    workspace = make.workspace()
    make.order(workspace, lines=[make.line(), make.line("2", price="7", hours=None)], at=noon(1))
    make.order(workspace, lines=[make.line(), _freight("9")], at=noon(1))

    owed = backlog.on_day(make.owner_of(workspace), on=day(1)).owed

    assert (owed.n_orders, owed.n_lines, owed.hours, owed.n_lines_without_hours) == (2, 4, 40, 1)
    assert (owed.value, owed.goods, owed.charges) == ({"EUR": 123}, {"EUR": 114}, {"EUR": 9})


def test_golden_history_as_of_and_as_known() -> None:
    workspace = make.workspace()
    first, second = _order(workspace, at=1, quantity="100"), _order(workspace, at=6, quantity="50")
    _write(first, "fulfilled", "-40", at=5)
    _write(first, "fulfilled", "-30", at=7, known=10)
    _write(second, "cancelled", "-10", at=8, known=12)
    _write(first, "reversed", "5", at=11)
    me = make.owner_of(workspace)

    found = [
        backlog.on_day(me, on=day(on), known=day(known)).owed.value["EUR"]
        for on, known in ((9, 9), (9, 15), (15, 15))
    ]

    assert found == [110, 70, 75]


def test_superseded_and_void_entries_do_not_count() -> None:
    workspace = make.workspace()
    order = _order(workspace, at=1, quantity="10")
    wrong = _write(order, "fulfilled", "-4", at=2)
    _write(order, "fulfilled", "-1", at=2, known=5, supersedes=wrong)
    gone = _write(order, "cancelled", "-2", at=2)
    _write(order, "cancelled", "-2", at=2, known=6, supersedes=gone, is_void=True)
    me = make.owner_of(workspace)

    found = [
        backlog.on_day(me, on=day(3), known=day(known)).owed.value["EUR"] for known in (4, 5, 6)
    ]

    assert found == [4, 7, 9]


def test_impossible_line_is_left_out_and_counted() -> None:
    workspace = make.workspace()
    _order(workspace, at=1, quantity="3")
    early = _order(workspace, at=9, quantity="10")
    _write(early, "fulfilled", "-10", at=5)
    me = make.owner_of(workspace)

    found = backlog.on_day(me, on=day(6))
    account = statement.statement(me, window(2, 6, workspace=workspace))

    assert (found.owed.n_orders, found.owed.value) == (1, {"EUR": 3})
    assert (found.impossible.n_lines, found.impossible.value) == (1, {"EUR": -10})
    value = account.value["EUR"]
    assert (value.opening, value.fulfilled, value.left_out, value.closing) == (3, -10, 10, 3)
    assert (account.orders.opening, account.orders.closing) == (1, 1)


def test_overdue_follows_the_promise_in_force() -> None:
    workspace = make.workspace()
    order = make.order(workspace, at=noon(1), promised_on=day(5))
    orders.change_dates(order, by=None, at=noon(7), why=dates.Why("customer"), promised_on=day(9))
    make.order(workspace, at=noon(1))
    me = make.owner_of(workspace)

    found = [backlog.on_day(me, on=day(on)).overdue for on in (5, 6, 7, 10)]

    assert [(one.n_orders, one.value) for one in found] == [
        (0, {}),
        (1, {"EUR": 50}),
        (0, {}),
        (1, {"EUR": 50}),
    ]


def test_ages_count_from_acceptance() -> None:
    workspace = make.workspace()
    for at in (1, 2, 9):
        make.order(workspace, at=noon(at))

    found = backlog.on_day(make.owner_of(workspace), on=day(9)).ages

    assert (found.n, found.median_days, found.oldest_days) == (3, 7.5, 8.5)


def test_stages_and_companies_add_up() -> None:
    workspace = make.workspace()
    acme = make.company(workspace)
    make.order(workspace, at=noon(1), company=acme)
    order = make.order(workspace, at=noon(1), company=acme)
    ledger.fulfil(order.lines.get(), quantity=Decimal(4), act=ledger.Act(by=None, at=noon(3)))
    make.order(workspace, at=noon(1), lines=[make.line(hours=None)])
    me = make.owner_of(workspace)

    found = backlog.on_day(me, on=day(3))

    assert [(one.name, one.owed.n_orders) for one in found.by_stage] == [
        ("Accepted", 1),
        ("Ready", 1),
        ("In work", 1),
    ]
    assert [(one.name, one.owed.n_orders) for one in found.by_company] == [("Acme", 2), ("", 1)]
    assert [(one.group_id, one.owed.value["EUR"]) for one in found.by_company] == [
        (acme.pk, 80),
        (None, 50),
    ]


def test_filters_narrow_to_a_company_and_a_sort_of_line() -> None:
    workspace = make.workspace()
    acme = make.company(workspace)
    make.order(workspace, at=noon(1), company=acme, lines=[make.line(), _freight("9")])
    make.order(workspace, at=noon(1))
    me = make.owner_of(workspace)

    assert _value(me, OrderFilter(company=acme)) == 59
    assert _value(me, OrderFilter(sort="charge")) == 9
    assert _value(me, OrderFilter(sort="goods")) == 100
    goods = statement.statement(
        me, window(1, 2, workspace=workspace), only=OrderFilter(sort="goods")
    )
    assert goods.value["EUR"].accepted == 100


def test_statement_names_every_kind_of_change() -> None:
    workspace = make.workspace()
    order = make.order(workspace, at=noon(1))
    line = order.lines.get()
    for verb, amount, at in (
        (ledger.amend, "4", 3),
        (ledger.amend, "-2", 4),
        (ledger.fulfil, "6", 5),
        (ledger.reverse, "1", 6),
        (ledger.return_goods, "2", 7),
        (ledger.cancel, "3", 8),
        (ledger.reinstate, "1", 9),
    ):
        verb(line, quantity=Decimal(amount), act=ledger.Act(by=None, at=noon(at)))
    ledger.revalue(line, unit_price=Decimal(6), act=ledger.Act(by=None, at=noon(10)))

    found = statement.statement(make.owner_of(workspace), window(2, 10, workspace=workspace))

    assert found.value["EUR"] == statement.Account(
        *map(Decimal, (50, 0, 20, -10, 5, 5, 10, -30, -15, 7, 0, 0, 0, 42))
    )
    assert (found.hours.opening, found.hours.closing) == (20, 14)
    assert (found.orders.opening, found.orders.closing) == (1, 1)


def test_orders_enter_and_leave_by_the_entry_that_did_it() -> None:
    workspace = make.workspace()
    for closing in (ledger.fulfil, ledger.cancel):
        line = make.order(workspace, at=noon(2)).lines.get()
        closing(line, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(3)))
    ledger.reinstate(line, quantity=Decimal(5), act=ledger.Act(by=None, at=noon(4)))

    found = statement.statement(make.owner_of(workspace), window(1, 9, workspace=workspace)).orders

    assert (found.accepted, found.fulfilled, found.cancelled, found.reinstated) == (2, -1, -1, 1)
    assert (found.opening, found.closing) == (0, 1)


def test_order_cancelled_at_its_acceptance_is_in_gross_only() -> None:
    workspace = make.workspace()
    make.order(workspace, at=noon(2))
    line = make.order(workspace, at=noon(2)).lines.get()
    ledger.cancel(line, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(2)))

    found = statement.statement(make.owner_of(workspace), window(1, 9, workspace=workspace))

    assert (found.orders.accepted, found.orders.cancelled, found.orders.closing) == (2, -1, 1)
    assert (found.orders_net.accepted, found.orders_net.cancelled, found.n_at_once) == (1, 0, 1)


def test_order_of_several_lines_leaves_with_the_last() -> None:
    workspace = make.workspace()
    order = make.order(workspace, at=noon(1), lines=[make.line(), make.line()])
    for line, at in zip(order.lines.all(), (3, 5), strict=True):
        ledger.fulfil(line, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(at)))
    me = make.owner_of(workspace)

    found = [
        statement.statement(me, window(first, last, workspace=workspace)).orders.fulfilled
        for first, last in ((1, 4), (5, 5))
    ]

    assert found == [0, -1]


def test_daily_series_equals_the_backlog_of_each_day() -> None:
    workspace = make.workspace()
    _random_ledger(workspace, [(0, 3, 2), (1, 5, 3), (2, 2, 4), (3, 1, 5), (0, 9, 6), (4, 2, 9)])
    me = make.owner_of(workspace)

    found = backlog.daily(me, window(2, 10, workspace=workspace))

    for end in found.days:
        owed = backlog.on_day(me, on=end.day).owed
        assert (end.n_orders, end.value.get("EUR", 0)) == (owed.n_orders, owed.value.get("EUR", 0))
    assert found.peak.n_orders == max(end.n_orders for end in found.days)
    assert len(found.days) == 9


def test_duplicate_of_a_source_key_changes_nothing() -> None:
    workspace = make.workspace()
    line = make.order(workspace, at=noon(1)).lines.get()
    for _time in range(2):
        ledger.fulfil(
            line, quantity=Decimal(4), act=ledger.Act(by=None, at=noon(2), source_key="a")
        )

    assert backlog.on_day(make.owner_of(workspace), on=day(2)).owed.value == {"EUR": 30}


def test_ratios_name_window_and_count() -> None:
    workspace = make.workspace()
    line = make.order(workspace, at=noon(1)).lines.get()
    ledger.fulfil(line, quantity=Decimal(8), act=ledger.Act(by=None, at=noon(10)))
    make.order(workspace, at=noon(11))

    (found,) = ratios.on_day(make.owner_of(workspace), on=day(20)).by_currency

    assert (found.ratio.numerator, found.ratio.denominator, found.ratio.n) == (60, 40, 1)
    assert (found.ratio.value, found.days_of_sales.value) == (Decimal("1.5"), 135)
    assert found.ratio.label == "Backlog to sales of 90 days"
    assert (found.ratio.window.last, found.ratio.window.n_days) == (day(20), 90)
    assert (found.book_to_bill.numerator, found.book_to_bill.value) == (100, Decimal("2.5"))


def test_ratio_without_sales_says_why_not() -> None:
    workspace = make.workspace()
    make.order(workspace, at=noon(1))

    (found,) = ratios.on_day(make.owner_of(workspace), on=day(5)).by_currency

    assert found.ratio.value is None
    assert found.ratio.note == "This cannot be computed: there were no sales in the window."


STEPS = some.lists(
    some.tuples(some.integers(0, 8), some.integers(1, 12), some.integers(1, 20)), max_size=20
)


@given(STEPS, some.integers(1, 20), some.integers(0, 19))
def test_statement_ties_between_any_two_days(
    steps: Sequence[tuple[int, int, int]], first: int, length: int
) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    _random_ledger(workspace, steps)
    span = window(first, first + length, workspace=workspace)

    found = statement.statement(me, span)

    before, after = (
        backlog.on_day(me, on=when).owed for when in (span.first - timedelta(1), span.last)
    )
    for currency, account in found.value.items():
        assert account.opening == before.value.get(currency, 0)
        assert account.closing == after.value.get(currency, 0)
    assert (found.hours.opening, found.hours.closing) == (before.hours, after.hours)
    for orders_account in (found.orders, found.orders_net):
        assert orders_account.opening == before.n_orders
        assert orders_account.closing == after.n_orders
        assert orders_account.ties


@given(STEPS)
def test_current_remainders_equal_the_ledger(steps: Sequence[tuple[int, int, int]]) -> None:
    workspace = make.workspace()
    _random_ledger(workspace, steps)

    owed = backlog.on_day(make.owner_of(workspace)).owed

    found = Order.objects.filter(workspace=workspace, lines__remaining_quantity__gt=0)
    lines = [line for order in found.distinct() for line in order.lines.all() if line.is_open]
    assert owed.n_orders == found.distinct().count()
    assert owed.value.get("EUR", 0) == sum(line.remaining_value for line in lines)


@given(STEPS)
def test_backlog_of_now_equals_the_replayed_one(steps: Sequence[tuple[int, int, int]]) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    _random_ledger(workspace, steps)

    when = moment(workspace)
    kept = backlog._now(me, when, OrderFilter())
    replayed = backlog._then(me, replace(when, known=when.on), OrderFilter())

    assert sorted(map(str, kept)) == sorted(map(str, replayed))


@given(STEPS, some.integers(1, 20), some.integers(0, 9))
def test_day_told_backwards_from_now_equals_the_day_summed_from_the_beginning(
    steps: Sequence[tuple[int, int, int]], first: int, length: int
) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    _random_ledger(workspace, steps)
    span, known = window(first, first + length, workspace=workspace), today(workspace)
    weeks = periods.weeks_until(span, n=2)

    def told(known: date | None) -> list[object]:
        when = moment(workspace, on=span.last, known=known)
        return [
            replace(backlog.on_day(me, on=span.last, known=known), moment=moment(workspace)),
            set(backlog.order_ids(me, when)),
            backlog.daily(me, span, known=known),
            replace(statement.statement(me, span, known=known), known=None),
            statement.flows(me, weeks, known=known),
            ratios.on_day(me, on=span.last, known=known).by_currency,
        ]

    assert told(None) == told(known)


def test_flows_count_what_the_statement_says_crossed() -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    for at in (2, 2, 9):
        line = make.order(workspace, at=noon(at)).lines.get()
        ledger.fulfil(line, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(at + 1)))
    line = make.order(workspace, at=noon(3)).lines.get()
    ledger.cancel(line, quantity=Decimal(10), act=ledger.Act(by=None, at=noon(3)))

    found = statement.flows(me, periods.weeks_until(window(1, 14, workspace=workspace), n=2))

    assert [(flow.n_in, flow.n_out) for flow in found] == [(2, 2), (1, 1)]


def test_ages_are_those_of_the_analytics() -> None:
    workspace = make.workspace()
    made = [make.order(workspace, at=noon(at, minute=at)) for at in (1, 2, 2, 5, 8, 13, 19)]

    found = backlog.on_day(make.owner_of(workspace), on=day(20))

    at = found.moment.at
    assert found.ages == ages(
        [(at - order.accepted_at).total_seconds() / 86400 for order in made if order.accepted_at]
    )


def test_withdrawn_orders_are_in_no_figure() -> None:
    workspace = make.workspace()
    make.order(workspace, at=noon(1))
    gone = make.order(workspace, at=noon(1)).item
    gone.withdrawn_at = noon(5)
    gone.save()
    me = make.owner_of(workspace)

    found = [backlog.on_day(me, on=when).owed.n_orders for when in (None, day(2))]

    assert found == [1, 1]
    assert statement.statement(me, window(1, 2, workspace=workspace)).orders.accepted == 1


def _random_ledger(workspace: Workspace, steps: Sequence[tuple[int, int, int]]) -> None:
    """Two orders, one of two lines, and whatever of the steps the verbs allow."""
    made = [make.order(workspace, at=noon(1), lines=[make.line(), make.line("3", price="7")])]
    made.append(make.order(workspace, at=noon(4), lines=[make.line(hours=None)]))
    lines = [line for order in made for line in order.lines.all()]
    for act, amount, at in steps:
        _try(lines[(act + amount) % 3], act=act, amount=Decimal(amount), at=at)


def _try(line: Line, *, act: int, amount: Decimal, at: int) -> None:
    said = ledger.Act(by=None, at=noon(at))
    verbs = (
        _take_back,
        ledger.fulfil,
        ledger.amend,
        ledger.cancel,
        ledger.reverse,
        ledger.reinstate,
        ledger.return_goods,
        lambda line, quantity, act: ledger.revalue(line, unit_price=quantity, act=act),
        lambda line, quantity, act: ledger.amend(line, quantity=-quantity, act=act),
    )
    try:
        verbs[act](line, quantity=amount, act=said)
    except (PenstockError, ValueError, IntegrityError):
        return


def _take_back(line: Line, *, quantity: Decimal, act: ledger.Act) -> None:
    """Void an entry, as taking an import back does."""
    rows = list(standing.counting(line.entries.exclude(kind="accepted")))
    if not rows:
        return
    row = rows[int(quantity) % len(rows)]
    values = {name: getattr(row, name) for name in ("order", "kind", "quantity", "value", "hours")}
    with transaction.atomic():
        item = items.lock(line.order_id)
        line.entries.create(
            workspace=line.workspace, supersedes=row, is_void=True, occurred_at=row.occurred_at,
            known_at=row.known_at, **values,
        )  # fmt: skip
        left = standing.counting(line.entries.all()).aggregate(
            remaining_quantity=Sum("quantity"),
            remaining_value=Sum("value"),
            remaining_hours=Sum("hours"),
        )
        type(line).objects.filter(pk=line.pk).update(**left)
        standing.settle(item, by=None, times=dating.when(act.at))


def _order(workspace: Workspace, *, at: int, quantity: str) -> Order:
    """An order of one line at a price of 1, accepted and known on a day, as an import writes it."""
    order = make.order(workspace, lines=[make.line("1", price="1")])
    line = order.lines.get()
    accepted = line.entries.get()
    _entry(order, "accepted", quantity, at=at, known=at)
    _entry(order, "accepted", "1", at=1, known=1, supersedes=accepted, is_void=True)
    return order


def _write(
    order: Order, kind: str, quantity: str, *, at: int, known: int = 0, **more: object
) -> Entry:
    return _entry(order, kind, quantity, at=at, known=known or at, **more)


def _entry(order: Order, kind: str, quantity: str, *, at: int, known: int, **more: object) -> Entry:
    """An entry that no verb would write; the line keeps the sum of what counts, as after any import."""
    line = order.lines.get()
    entry = Entry.objects.create(
        workspace=order.workspace,
        order=order,
        line=line,
        kind=kind,
        quantity=Decimal(quantity),
        value=Decimal(quantity),
        occurred_at=noon(at),
        known_at=noon(known),
        **more,
    )
    left = standing.counting(line.entries.all()).aggregate(n=Sum("quantity"), worth=Sum("value"))
    order.lines.update(remaining_quantity=left["n"] or 0, remaining_value=left["worth"] or 0)
    return entry


def _freight(price: str) -> orders.NewLine:
    return orders.NewLine(title="Freight", unit_price=Decimal(price), sort="charge")


def _value(me: Member, only: OrderFilter) -> Decimal:
    return backlog.on_day(me, on=day(2), only=only).owed.value["EUR"]
