"""Backlog, statement, ratios and losses of several currencies, told in the workspace's: each at the rate of its day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.backlog import ledger
from penstock.catalog import rates
from penstock.reports import backlog, losses, ratios, statement, statement_own
from penstock.sales import deals
from penstock.users.models import Member
from tests import make
from tests.reports.days import day, noon, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


def say(owner: Member, on: int, rate: str, currency: str = "USD") -> None:
    rates.enter(
        owner.workspace, currency=currency, day=day(on), rate=Decimal(rate), by=None, known=noon(on)
    )


def dollars(owner: Member, *, at: int) -> None:
    """An order of 50 dollars, of which 20 are delivered on day 5."""
    order = make.order(owner.workspace, at=noon(at), currency="USD")
    line = order.lines.get()
    ledger.fulfil(line, quantity=Decimal(4), act=ledger.Act(by=None, at=noon(5)))


def test_each_change_takes_the_rate_of_its_day_and_rates_are_a_line(owner: Member) -> None:
    for on, rate in ((1, "0.9"), (5, "0.8"), (8, "1.0")):
        say(owner, on, rate)
    dollars(owner, at=2)
    make.order(owner.workspace, at=noon(3))

    found = statement.statement(owner, window(2, 9, workspace=owner.workspace))
    told = statement_own.own(owner, found)

    assert told is not None
    account = told.account
    # 50 dollars at 0.9 and 50 euros in; 20 dollars at 0.8 out; 30 dollars at 1.0 and 50 euros are left.
    assert (account.opening, account.accepted) == (Decimal(0), Decimal(95))
    assert (account.fulfilled, account.closing) == (Decimal(-16), Decimal(80))
    assert (account.rates, account.ties, told.missing) == (Decimal(1), True, ())


def test_closed_window_does_not_move_with_later_rates(owner: Member) -> None:
    say(owner, 1, "0.9")
    dollars(owner, at=2)
    found = statement.statement(owner, window(2, 9, workspace=owner.workspace))

    before = statement_own.own(owner, found)
    say(owner, 10, "5")

    assert statement_own.own(owner, found) == before


def test_currency_without_a_rate_is_named_and_in_no_figure(owner: Member) -> None:
    dollars(owner, at=2)
    make.order(owner.workspace, at=noon(3))

    told = statement_own.own(
        owner, statement.statement(owner, window(2, 9, workspace=owner.workspace))
    )

    assert told is not None
    assert (told.missing, told.account.closing) == (("USD",), Decimal(50))


def test_one_currency_needs_no_account_of_all(owner: Member) -> None:
    make.order(owner.workspace, at=noon(3))
    found = statement.statement(owner, window(2, 9, workspace=owner.workspace))

    assert statement_own.own(owner, found) is None


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    said=st.lists(
        st.tuples(st.integers(1, 9), st.decimals("0.01", "90", places=4)), min_size=1, max_size=4
    ),
    accepted=st.lists(st.integers(1, 8), min_size=1, max_size=3),
    first=st.integers(2, 6),
)
def test_account_of_all_ties_out_whatever_the_rates(
    owner: Member, said: list[tuple[int, Decimal]], accepted: list[int], first: int
) -> None:
    say(owner, 1, "0.5")
    for on, rate in said:
        say(owner, on, str(rate))
    for at in accepted:
        make.order(owner.workspace, at=noon(at), currency="USD")

    found = statement.statement(owner, window(first, 9, workspace=owner.workspace))
    told = statement_own.own(owner, found)

    assert told is not None
    assert told.account.ties


def test_what_is_owed_is_told_at_the_rates_of_the_day(owner: Member) -> None:
    say(owner, 1, "0.9")
    say(owner, 4, "0.5")
    dollars(owner, at=2)

    then, later = (
        backlog.on_day(owner, on=day(3)).owed.in_one,
        backlog.on_day(owner, on=day(4)).owed.in_one,
    )

    assert (then.total, later.total) == (Decimal(45), Decimal(25))


def test_ratios_of_all_take_each_sale_at_its_own_day(owner: Member) -> None:
    for on, rate in ((1, "0.9"), (5, "0.8"), (8, "1.0")):
        say(owner, on, rate)
    dollars(owner, at=2)

    found = ratios.on_day(owner, on=day(9))

    assert found.in_one is not None
    assert (found.in_one.currency, found.missing) == ("EUR", ())
    # 30 dollars are owed at 1.0; 20 were sold at 0.8, of 50 that were booked at 0.9.
    assert (found.in_one.ratio.numerator, found.in_one.ratio.denominator) == (30, 16)
    assert found.in_one.book_to_bill.numerator == 45
    assert [one.currency for one in found.by_currency] == ["USD"]


def test_ratios_of_one_currency_are_told_once(owner: Member) -> None:
    make.order(owner.workspace, at=noon(3))

    assert ratios.on_day(owner, on=day(9)).in_one is None


def test_losses_take_the_day_of_each_loss(owner: Member) -> None:
    say(owner, 1, "0.9")
    say(owner, 5, "0.5")
    for at in (3, 6):
        deal = deals.change(
            make.deal(owner.workspace, amount="100", at=noon(2)),
            by=None,
            currency="USD",
            at=noon(2),
        )
        deals.lose(deal, reason=make.loss_reason(owner.workspace), by=None, at=noon(at))

    found = losses.in_window(owner, window(1, 9, workspace=owner.workspace))

    assert (found.value, found.in_one.total) == ({"USD": Decimal(200)}, Decimal(140))
    assert [one.in_one.total for one in found.by_reason] == [Decimal(140)]
    assert found.in_one.stated == (day(1), day(1) + timedelta(days=4))
