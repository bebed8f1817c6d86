"""Exchange rates from files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.catalog import rates
from penstock.catalog.models import Rate
from penstock.intake import changesets
from penstock.users.models import Member
from tests import make
from tests.intake import build

DAY = date(2026, 1, 10)


@pytest.fixture
def owner(db: None) -> Member:
    return make.owner_of(make.workspace())


def value(owner: Member, currency: str = "USD") -> Decimal | None:
    found = rates.on(owner.workspace, DAY, [currency])[currency]
    return found.rate if found else None


def test_rates_come_in_with_units_and_either_way_round(owner: Member) -> None:
    text = "Date,From,To,Nominal,Rate\n2026-01-10,JPY,EUR,100,0.5512345\n2026-01-10,EUR,USD,,1.25\n"

    change_set = build.applied(owner, "rates", text)

    assert change_set.counts == {"create": 2}
    assert (value(owner, "JPY"), value(owner)) == (Decimal("0.005512345"), Decimal("0.8"))
    assert Rate.objects.filter(source="crm", is_assumed=True).count() == 2


def test_file_that_comes_again_changes_only_what_differs(owner: Member) -> None:
    text = "day,currency,rate\n2026-01-09,USD,0.91\n2026-01-10,USD,0.92\n"
    build.applied(owner, "rates", text)

    again = build.applied(owner, "rates", text.replace("0.92", "0.93"))

    assert build.verdicts(again) == [(1, "same", ""), (2, "update", "")]
    assert value(owner) == Decimal("0.93")


def test_wrong_rows_are_refused_with_a_reason(owner: Member) -> None:
    text = (
        "day,currency,rate\n2026-01-10,USD,0\n2026-01-10,US,1\n2099-01-01,USD,1\n"
        "2026-01-10,EUR,1\n2026-01-11,GBP,1.1\n2026-01-12,GBP,\n"
    )

    change_set = build.applied(owner, "rates", text)

    assert [(number, reason) for number, _verdict, reason in build.verdicts(change_set)] == [
        (1, "catalog.rate_not_positive"),
        (2, "catalog.currency"),
        (3, "catalog.rate_future"),
        (4, "catalog.rate_pair"),
        (5, ""),
        (6, "missing"),
    ]


def test_reverted_file_brings_back_what_it_corrected(owner: Member) -> None:
    rates.enter(owner.workspace, currency="USD", day=DAY, rate=Decimal("0.9"), by=None)
    text = "day,currency,rate\n2026-01-10,USD,0.5\n2026-01-10,GBP,1.2\n"
    change_set = build.applied(owner, "rates", text)
    assert (value(owner), value(owner, "GBP")) == (Decimal("0.5"), Decimal("1.2"))

    changesets.revert_now(change_set, by=owner)

    assert (value(owner), value(owner, "GBP")) == (Decimal("0.9"), None)
    assert build.applied(owner, "rates", text).counts == {"update": 2}


def test_column_per_currency_is_what_one_euro_buys(owner: Member) -> None:
    text = "Date,USD,JPY,BGN,\n2026-01-10,1.25,160,N/A,\n2026-01-09,1.6,,1.9558,\n"

    change_set = build.applied(owner, "rates", text)

    assert change_set.counts == {"create": 4}
    assert (value(owner), value(owner, "JPY")) == (Decimal("0.8"), Decimal("0.00625"))


def test_column_per_currency_is_turned_by_the_column_of_the_workspace(db: None) -> None:
    owner = make.owner_of(make.workspace(currency="USD"))

    build.applied(owner, "rates", "Date,USD,JPY\n2026-01-10,1.25,160\n")

    assert (value(owner, "EUR"), value(owner, "JPY")) == (Decimal("1.25"), Decimal("0.0078125"))


def test_column_per_currency_is_the_price_of_its_unit(owner: Member) -> None:
    build.applied(owner, "rates", "День;USD;JPY\n2026-01-10;0,8;0,00625\n")

    assert (value(owner), value(owner, "JPY")) == (Decimal("0.8"), Decimal("0.00625"))


def test_cell_that_is_no_number_is_refused_with_its_row(owner: Member) -> None:
    days = "".join(f"2026-01-{number},1.25,160\n" for number in range(10, 20))

    change_set = build.applied(owner, "rates", f"Date,USD,JPY\n{days}2026-01-20,1.25,many\n")

    assert change_set.counts == {"create": 21, "reject": 1}
    assert (value(owner), value(owner, "JPY")) == (Decimal("0.8"), Decimal("0.00625"))


def test_column_per_currency_of_another_currency_is_refused_row_by_row(db: None) -> None:
    owner = make.owner_of(make.workspace(currency="GEL"))

    change_set = build.applied(owner, "rates", "Date,USD,JPY\n2026-01-10,1.25,160\n")

    assert [verdict for _number, verdict, _reason in build.verdicts(change_set)] == ["reject"] * 2
    assert not Rate.objects.exists()
