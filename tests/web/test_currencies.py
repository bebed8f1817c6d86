"""Totals of several currencies on pages: one figure, its native parts on demand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.catalog import rates
from penstock.flow.dating import today
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
