"""The board and the list as they were on a day."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from penstock.flow import dating
from penstock.flow.models import Item
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    """Opened on 2 March for 1,000; in proposal since the 4th; 9,000 and won by now."""
    deal = make.deal(
        workspace,
        amount="1000",
        company=make.company(workspace),
        at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    deals.move(deal, to=make.stage(workspace, "proposal"), by=None, at=at)
    deals.change(deal, by=None, amount=Decimal(9000))
    deals.win(deal, by=None)
    return deal


def columns(browser: Browser, **asked: str) -> dict[str, tuple[str, str]]:
    page = browser.get("pipeline", **asked).context["page"]
    return {one.name: (one.n, one.sum) for one in page.columns if one.n != "0"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-01", {}),
        ("2026-03-02", {"Lead generation": ("1", "€1,000")}),
        ("2026-03-04", {"Proposal": ("1", "€1,000")}),
    ],
)
def test_board_shows_where_deals_stood(
    owner: Browser, deal: Deal, day: str, expected: dict[str, tuple[str, str]]
) -> None:
    assert columns(owner, on=day) == expected


def test_board_counts_only_what_was_known(owner: Browser, deal: Deal) -> None:
    assert columns(owner, on="2026-03-04", known="2026-03-04") == {}


def test_board_as_known_then_shows_deals_of_imports_taken_back_since(
    owner: Browser, workspace: Workspace
) -> None:
    with dating.lived(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        deal = make.deal(workspace, amount="1000")
    Item.objects.filter(pk=deal.pk).update(withdrawn_at=datetime(2026, 3, 10, tzinfo=UTC))

    then = columns(owner, on="2026-03-04", known="2026-03-04")
    later = columns(owner, on="2026-03-04", known="2026-03-12")

    assert then == {"Lead generation": ("1", "€1,000")}
    assert later == {}
    assert columns(owner, on="2026-03-04") == {}


def test_board_of_the_past_is_read_only_and_says_so(owner: Browser, deal: Deal) -> None:
    answer = owner.get("pipeline", on="2026-03-04")

    page = answer.context["page"]
    (card,) = (card for column in page.columns for card in column.cards)
    assert (card.is_fixed, card.company, page.has_zones) == (True, "Acme", False)
    assert card.url.endswith("?on=2026-03-04")
    assert "Nothing can be changed here" in answer.content.decode()


def test_list_shows_the_deals_of_the_day(owner: Browser, deal: Deal) -> None:
    page = owner.get("pipeline", view="list", on="2026-03-04", sort="-amount").context["page"]

    assert [(line.stage, line.amount, line.age_days) for line in page.lines] == [
        ("Proposal", "€1,000", 0)
    ]


def test_board_of_a_day_that_has_not_come_is_refused(owner: Browser) -> None:
    answer = owner.get("pipeline", on="2999-01-01")

    assert answer.status_code == 422
    assert "has not come yet" in answer.content.decode()


def test_filters_of_the_past_hold(owner: Browser, deal: Deal) -> None:
    me = make.owner_of(deal.workspace)

    assert columns(owner, on="2026-03-04", owner=str(me.pk)) == {}
    assert len(columns(owner, on="2026-03-04", company=str(deal.company_id))) == 1
