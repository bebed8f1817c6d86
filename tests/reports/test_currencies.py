"""Figures in several currencies: open deals at the day asked, closed ones at the day they ended."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.base.calendar import Window
from penstock.catalog import rates
from penstock.flow.dating import lived, today
from penstock.reports import movements, pipeline
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


def say(owner: Member, days_ago: int, rate: str, *, known_days_ago: int | None = None) -> None:
    known = None if known_days_ago is None else timezone.now() - timedelta(days=known_days_ago)
    rates.enter(
        owner.workspace,
        currency="USD",
        day=today(owner.workspace) - timedelta(days=days_ago),
        rate=Decimal(rate),
        by=None,
        known=known,
    )


def dollars(owner: Member, *, days_ago: int) -> Deal:
    with lived(timezone.now() - timedelta(days=days_ago)):
        return deals.change(make.deal(owner.workspace), by=None, currency="USD")


def past(owner: Member) -> Window:
    day = today(owner.workspace)
    return Window(day - timedelta(days=30), day - timedelta(days=10), owner.workspace.zone)


def test_closed_period_does_not_move_when_todays_rate_does(owner: Member) -> None:
    say(owner, 25, "0.9", known_days_ago=25)
    deal = dollars(owner, days_ago=24)
    with lived(timezone.now() - timedelta(days=20)):
        deals.win(deal, by=None)

    before = movements.in_window(owner, past(owner)).won_in_one
    say(owner, 0, "0.1")
    after = movements.in_window(owner, past(owner)).won_in_one

    assert before == after
    assert (after.total, after.parts) == (Decimal(900), {"USD": Decimal(1000)})


def test_correction_of_an_old_rate_shows_and_what_was_known_stays(owner: Member) -> None:
    say(owner, 25, "0.9", known_days_ago=25)
    deal = dollars(owner, days_ago=24)
    with lived(timezone.now() - timedelta(days=20)):
        deals.win(deal, by=None)
    say(owner, 25, "0.5")

    yesterday = today(owner.workspace) - timedelta(days=1)
    now = movements.in_window(owner, past(owner)).won_in_one
    then = movements.in_window(owner, past(owner), known=yesterday).won_in_one

    assert (now.total, then.total) == (Decimal(500), Decimal(900))


def test_channels_take_the_rate_of_the_closing_day(owner: Member) -> None:
    say(owner, 25, "0.9", known_days_ago=25)
    deal = dollars(owner, days_ago=24)
    with lived(timezone.now() - timedelta(days=20)):
        deals.win(deal, by=None)
    say(owner, 0, "0.1")

    found = movements.by_channel(owner)

    assert [one.won_in_one and one.won_in_one.total for one in found] == [Decimal(900)]
    total = movements.total_of(found, name="Total").won_in_one
    assert total == found[0].won_in_one


def test_open_deals_take_the_rate_of_the_day_that_is_asked(owner: Member) -> None:
    make.deal(owner.workspace)
    dollars(owner, days_ago=24)
    say(owner, 25, "0.9", known_days_ago=25)
    say(owner, 3, "0.8", known_days_ago=3)

    now = pipeline.on_day(owner).total.in_one
    then = pipeline.on_day(owner, on=today(owner.workspace) - timedelta(days=10)).total.in_one

    assert (now.total, then.total) == (Decimal(1800), Decimal(900))


def test_amount_without_a_rate_is_counted_apart(owner: Member) -> None:
    make.deal(owner.workspace)
    dollars(owner, days_ago=24)

    found = pipeline.on_day(owner).total.in_one

    assert (found.total, found.missing, found.n_missing) == (
        Decimal(1000),
        {"USD": Decimal(1000)},
        1,
    )
