"""Won and lost, on a page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from penstock.flow.dating import lived
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def close(workspace: Workspace, *, month: int, is_won: bool) -> None:
    with lived(datetime(2026, month, 3, 9, tzinfo=UTC)):
        deal = make.deal(workspace, amount="1000", title=f"Wheel {month}")
        deals.change(deal, by=None, channel="Fair")
    with lived(datetime(2026, month, 20, 9, tzinfo=UTC)):
        if is_won:
            deals.win(deal, by=None)
        else:
            deals.lose(deal, reason=make.loss_reason(workspace), by=None)


@pytest.fixture
def year(workspace: Workspace) -> Workspace:
    close(workspace, month=1, is_won=True)
    close(workspace, month=2, is_won=True)
    close(workspace, month=2, is_won=False)
    return workspace


@pytest.mark.parametrize("by", ["month", "quarter", "owner", "team", "channel", "nonsense"])
def test_page_says_how_many_were_won_however_it_is_divided(
    owner: Browser, year: Workspace, by: str
) -> None:
    page = owner.get(f"pipeline/closed?first=2026-01-01&last=2026-03-31&by={by}")

    assert page.status_code == 200
    assert page.context["page"].answer.startswith("2 deals were won, worth €2,000. 66.7%")
    assert page.context["lines"][-1].n_won == "2"
    assert page.context["lines"][-1].is_total


def test_months_are_told_apart_and_open_their_deals(owner: Browser, year: Workspace) -> None:
    page = owner.get("pipeline/closed?first=2026-01-01&last=2026-02-28&by=month")

    months = [(line.n_won, line.n_lost) for line in page.context["lines"][:-1]]
    assert months == [("1", "0"), ("1", "1")]
    assert [deal.title for deal in page.context["won"]] == ["Wheel 2", "Wheel 1"]
    assert [deal.reason for deal in page.context["lost"]] == ["Price"]
    assert Decimal(page.context["n_won"]) == 2


def test_window_without_closed_deals_says_so(owner: Browser, year: Workspace) -> None:
    page = owner.get("pipeline/closed?first=2025-01-01&last=2025-02-28")

    assert page.context["page"].answer == "No deal was won or lost in this window."


def test_window_the_wrong_way_round_is_refused(owner: Browser, year: Workspace) -> None:
    page = owner.get("pipeline/closed?first=2026-03-01&last=2026-02-01")

    assert page.status_code == 422


def test_stranger_finds_no_closed_deals(stranger: Browser, year: Workspace) -> None:
    page = stranger.client.get(reverse("closed-deals", args=[year.slug]))

    assert page.status_code == 404
