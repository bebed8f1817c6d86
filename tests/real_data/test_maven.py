"""CRM Sales Opportunities, Maven Analytics: a pipeline as it stood on 30 September 2017."""

from __future__ import annotations

import statistics
from datetime import date
from decimal import Decimal

import pytest

from penstock.base.calendar import Window
from penstock.flow.models import Item
from penstock.intake.models import ChangeSet
from penstock.reports import funnel, movements, pipeline
from penstock.reports.moment import Moment
from penstock.users.models import Member
from tests.real_data.by_hand import median
from tests.real_data.conftest import Bring

pytestmark = pytest.mark.real_data
AS_OF = date(2017, 9, 30)


@pytest.fixture(scope="module")
def deals(bring: Bring) -> ChangeSet:
    bring("maven_crm/accounts.csv", "companies", source="maven")
    bring("maven_crm/products.csv", "products", source="maven")
    bring("maven_crm/sales_teams.csv", "members", source="maven")
    return bring(
        "maven_crm/sales_pipeline_asof_2017-09-30.csv",
        "deals",
        source="maven",
        options={"amount_from_price": True},
    )


def test_every_row_becomes_a_deal(deals: ChangeSet) -> None:
    assert deals.counts == {"create": 7135}
    assert deals.made == {"reasons": {}, "deals": 7135}


def test_open_deals_are_counted_at_list_prices(deals: ChangeSet, member: Member) -> None:
    total = pipeline.on_day(member, on=AS_OF).total

    assert total.n == 2409
    assert list(total.sums.values()) == [Decimal(5_763_490)]


@pytest.mark.parametrize(
    ("first", "last", "n", "amount"),
    [
        (date(2017, 1, 1), date(2017, 3, 31), 531, 1_134_672),
        (date(2017, 4, 1), date(2017, 6, 30), 1_254, 3_086_111),
        (date(2017, 7, 1), date(2017, 9, 30), 1_257, 2_982_255),
    ],
)
def test_deals_won_by_quarter(
    deals: ChangeSet, member: Member, first: date, last: date, n: int, amount: int
) -> None:
    won = movements.in_window(member, Window(first, last, member.workspace.zone))

    assert won.n_won == n
    assert list(won.won.values()) == [Decimal(amount)]


def test_win_rate_of_closed_deals(deals: ChangeSet, member: Member) -> None:
    window = Window(date(2016, 1, 1), AS_OF, member.workspace.zone)

    closed = movements.in_window(member, window)

    assert round(closed.n_won / (closed.n_won + closed.n_lost), 4) == 0.6437


def test_open_deals_are_older_than_any_that_closed(deals: ChangeSet, member: Member) -> None:
    items = Item.objects.filter(workspace=member.workspace)
    closed = [
        (decided - opened).days
        for opened, decided in items.exclude(outcome="").values_list("opened_at", "decided_at")
    ]
    running = items.filter(outcome="").values_list("opened_at", flat=True)

    n_older = sum((AS_OF - opened.date()).days > max(closed) for opened in running)

    assert (max(closed), n_older) == (138, 530)


def test_cycle_counts_running_deals_where_closed_ones_alone_look_quick(
    deals: ChangeSet, member: Member
) -> None:
    window = Window(date(2016, 1, 1), AS_OF, member.workspace.zone)
    moment = Moment(on=AS_OF, known=None, is_now=False, zone=member.workspace.zone)
    items = Item.objects.filter(workspace=member.workspace)
    days = [
        (((decided or moment.at) - opened).total_seconds() / 86400, decided is not None)
        for opened, decided in items.values_list("opened_at", "decided_at")
    ]

    found = funnel.funnel(member, window, moment=moment).cycle.to_end

    assert (found.n, found.n_ended) == (7135, 4726)
    assert found.median.days == pytest.approx(median(days), abs=1e-4)
    assert found.median.days == pytest.approx(77, abs=1)
    assert found.median.days > statistics.median(day for day, is_over in days if is_over)


def test_all_is_the_same_when_imported_again(deals: ChangeSet, bring: Bring) -> None:
    again = bring(
        "maven_crm/sales_pipeline_asof_2017-09-30.csv",
        "deals",
        source="maven",
        options={"amount_from_price": True},
    )

    assert again.counts == {"same": 7135}
