"""Brazilian E-Commerce and Marketing Funnel, Olist: leads by channel, and orders with their dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.base.calendar import Window
from penstock.intake.models import ChangeSet
from penstock.reports import backlog, movements, quality, statement
from penstock.users.models import Member
from tests.real_data.conftest import Bring

pytestmark = pytest.mark.real_data
AS_OF = date(2018, 12, 31)


@pytest.fixture(scope="module")
def funnel(bring: Bring) -> tuple[ChangeSet, ChangeSet]:
    leads = bring("olist/olist_marketing_qualified_leads_dataset.csv", "deals", source="olist")
    won = bring(
        "olist/olist_closed_deals_dataset.csv",
        "deals",
        source="olist",
        mapping={"status": "=won", "owner": ""},
    )
    return leads, won


@pytest.fixture(scope="module")
def orders(bring: Bring) -> tuple[ChangeSet, ChangeSet]:
    heads = bring(
        "olist/olist_orders_asof_2018-05-01.csv", "orders", source="olist", mapping={"company": ""}
    )
    lines = bring(
        "olist/olist_order_items_dataset.csv",
        "order_lines",
        source="olist",
        mapping={"product": ""},
    )
    return heads, lines


def test_leads_and_what_became_of_them(funnel: tuple[ChangeSet, ChangeSet], member: Member) -> None:
    leads, won = funnel

    channels = movements.by_channel(member, on=AS_OF)

    assert leads.counts == {"create": 8000}
    assert won.counts == {"update": 842}
    assert sum(channel.n_leads for channel in channels) == 8000
    assert sum(channel.n_won for channel in channels) == 842
    shares = {channel.channel: round(channel.n_won / channel.n_leads, 3) for channel in channels}
    assert shares["paid_search"] == 0.123
    assert shares["organic_search"] == 0.118
    assert shares["direct_traffic"] == 0.112
    assert shares["referral"] == 0.085
    assert shares["social"] == 0.056
    assert shares["display"] == 0.051
    assert shares["email"] == 0.030


def test_what_happens_to_orders_without_acceptance(orders: tuple[ChangeSet, ChangeSet]) -> None:
    heads, lines = orders

    assert heads.counts == {"create": 14722, "reject": 66}
    assert heads.made["reasons"]["no_acceptance"] == 3
    assert heads.made["reasons"]["not_accepted"] == 63
    assert lines.counts == {"create": 16636, "reject": 57}


@pytest.mark.parametrize(
    ("day", "n", "value", "goods"),
    [
        (date(2017, 11, 24), 723, None, None),
        (date(2017, 11, 30), 1_019, "156173.50", "131531.75"),
        (date(2017, 12, 3), 1_096, None, None),
    ],
)
def test_orders_owed_on_a_day(
    orders: tuple[ChangeSet, ChangeSet],
    member: Member,
    day: date,
    n: int,
    value: str | None,
    goods: str | None,
) -> None:
    owed = backlog.on_day(member, on=day).owed

    assert owed.n_orders == n
    if value and goods:
        assert list(owed.value.values()) == [Decimal(value)]
        assert list(owed.goods.values()) == [Decimal(goods)]


def test_peak_of_the_backlog(orders: tuple[ChangeSet, ChangeSet], member: Member) -> None:
    window = Window(date(2017, 1, 1), date(2018, 4, 30), member.workspace.zone)

    peak = backlog.daily(member, window).peak

    assert (peak.day, peak.n_orders) == (date(2017, 12, 3), 1_096)


def test_statement_of_november_net(orders: tuple[ChangeSet, ChangeSet], member: Member) -> None:
    window = Window(date(2017, 11, 1), date(2017, 11, 30), member.workspace.zone)

    net = statement.statement(member, window).orders_net

    assert (net.opening, net.accepted, net.fulfilled, net.closing) == (432, 1_524, -937, 1_019)


def test_impossible_dates_are_counted(orders: tuple[ChangeSet, ChangeSet], member: Member) -> None:
    found = {row.code: row.n for row in quality.findings(member)}

    assert found["shipped_before_accepted"] == 89
    assert found["fulfilled_before_accepted"] == 3
    assert found["no_acceptance"] == 3
    assert found["cancelled_though_fulfilled"] == 2
