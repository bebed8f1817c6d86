"""CRM Sales Opportunities, Maven Analytics: a pipeline as it stood on 30 September 2017."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.base.calendar import Window
from penstock.intake.models import ChangeSet
from penstock.reports import movements, pipeline
from penstock.users.models import Member
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


def test_all_is_the_same_when_imported_again(deals: ChangeSet, bring: Bring) -> None:
    again = bring(
        "maven_crm/sales_pipeline_asof_2017-09-30.csv",
        "deals",
        source="maven",
        options={"amount_from_price": True},
    )

    assert again.counts == {"same": 7135}
