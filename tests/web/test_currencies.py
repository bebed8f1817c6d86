"""Totals of several currencies on pages: one figure, its native parts on demand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.catalog import rates
from penstock.flow.dating import lived, today
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(workspace: Workspace) -> Workspace:
    make.deal(workspace)
    deals.change(make.deal(workspace), by=None, currency="USD")
    return workspace


def enter(workspace: Workspace, rate: str) -> None:
    rates.enter(workspace, currency="USD", day=today(workspace), rate=Decimal(rate), by=None)


def first_column(owner: Browser, **query: str) -> object:
    return owner.get("pipeline", **query).context["page"].columns[0].sum


def test_column_shows_one_sum_and_its_parts(owner: Browser, mixed: Workspace) -> None:
    enter(mixed, "0.5")

    found = first_column(owner)

    assert str(found) == "€1,500"
    assert found.note.startswith("€1,000 + $1,000 at the rates of ")
    assert "€1,500 (€1,000 + $1,000 at the rates of" in owner.get("pipeline").context["page"].answer
    assert "€1,500 (" in owner.get("pipeline", view="list").context["page"].answer


def test_what_has_no_rate_stands_beside_the_sum(owner: Browser, mixed: Workspace) -> None:
    found = first_column(owner)

    assert str(found) == "€1,000 + $1,000"
    assert found.note == "€1,000 + $1,000; 1 without a rate of USD"


def test_won_and_lost_take_the_day_of_their_end(owner: Browser, mixed: Workspace) -> None:
    enter(mixed, "0.5")
    for deal in list(mixed_deals(mixed)):
        deals.win(deal, by=None)

    for path, query in (("pipeline", {"view": "list", "state": "won"}), ("pipeline/closed", {})):
        answer = owner.get(path, **query).context["page"].answer
        assert "€1,500 (€1,000 + $1,000, each at the rate of the day it was closed)" in answer


def mixed_deals(workspace: Workspace) -> list[deals.Deal]:
    return list(deals.Deal.objects.filter(workspace=workspace))


def test_outlook_shows_one_sum(owner: Browser, mixed: Workspace) -> None:
    enter(mixed, "0.5")

    assert "€1,500 (" in owner.get("outlook").context["page"].answer


def test_companies_show_one_sum_and_its_parts(owner: Browser, workspace: Workspace) -> None:
    enter(workspace, "0.5")
    company = make.company(workspace)
    make.deal(workspace, company=company)
    deals.change(make.deal(workspace, company=company), by=None, currency="USD")

    line = owner.get("companies").context["page"].lines[0]
    page = owner.get(f"companies/{company.pk}").context["page"]

    assert (str(line.open_sum), line.won_sum) == ("€1,500", "")
    assert line.open_sum.note.startswith("€1,000 + $1,000 at the rates of ")
    assert "2 deals are open: €1,500 (" in page.answer
    assert page.tiles[1].value == "€1,500"


def test_what_a_company_bought_does_not_move_with_todays_rate(
    owner: Browser, workspace: Workspace
) -> None:
    company = make.company(workspace)
    rates.enter(
        workspace,
        currency="USD",
        day=today(workspace) - timedelta(days=20),
        rate=Decimal("0.5"),
        by=None,
    )
    with lived(timezone.now() - timedelta(days=10)):
        deal = deals.change(make.deal(workspace, company=company), by=None, currency="USD")
        deals.win(deal, by=None)

    before = str(owner.get("companies").context["page"].lines[0].won_sum)
    enter(workspace, "0.1")

    assert before == str(owner.get("companies").context["page"].lines[0].won_sum) == "€500"


def test_backlog_shows_one_sum_everywhere(owner: Browser, workspace: Workspace) -> None:
    enter(workspace, "0.5")
    make.order(workspace)
    make.order(workspace, currency="USD")

    queue = owner.get("backlog")
    board = owner.get("backlog/board").context["columns"]
    table = owner.get("backlog/statement").context["statement"]

    assert (
        "2 orders are owed, worth €75 (€50 + $50 at the rates of " in queue.context["page"].answer
    )
    assert queue.context["tiles"][0].name.endswith(", all in EUR")
    assert "All in EUR" in table.heads
    assert [cell.text for cell in table.rows[-1].cells][3] == "€75"
    assert "€75" in [str(column.sum) for column in board]


def test_losses_show_one_sum(owner: Browser, mixed: Workspace) -> None:
    enter(mixed, "0.5")
    for deal in mixed_deals(mixed):
        deals.lose(deal, reason=make.loss_reason(mixed), by=None)

    answer = owner.get("insights/losses")

    assert "2 deals were lost, worth €1,500 (" in answer.context["page"].answer
    assert b"$1,000" in answer.content
