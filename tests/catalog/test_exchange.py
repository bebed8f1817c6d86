"""Several currencies as one sum: exact, at named rates, and nothing taken as one to one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.catalog import exchange, rates
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.catalog.rates import DayRate
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

FIRST, LATER = date(2026, 1, 10), date(2026, 2, 10)


@pytest.fixture
def workspace() -> Workspace:
    workspace = make.workspace()
    for day, rate in ((FIRST, "0.9"), (LATER, "0.8")):
        rates.enter(workspace, currency="USD", day=day, rate=Decimal(rate), by=None)
    return workspace


def test_each_part_is_converted_at_its_day_and_the_missing_stands_apart(
    workspace: Workspace,
) -> None:
    parts = [
        Part("EUR", Decimal("100.0000"), 1),
        Part("USD", Decimal("33.3333"), 2, FIRST),
        Part("USD", Decimal("10.0000"), 1),
        Part("GBP", Decimal("7.0000"), 3),
    ]

    found = Exchange(workspace, day=LATER).in_one(parts)

    assert found == InOne(
        currency="EUR",
        day=LATER,
        total=Decimal("138.0000"),
        parts={"EUR": Decimal("100.0000"), "GBP": Decimal("7.0000"), "USD": Decimal("43.3333")},
        missing={"GBP": Decimal("7.0000")},
        n_missing=3,
        stated=(FIRST, LATER),
        is_closed=True,
    )


def test_one_currency_asks_for_no_rate(
    workspace: Workspace, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # -- a context manager
        found = Exchange(workspace, day=LATER).of({"EUR": Decimal(5)})

    assert (found.total, found.is_mixed, found.stated) == (Decimal(5), False, None)


def test_sums_of_parts_are_the_sum_of_all(workspace: Workspace) -> None:
    one = Exchange(workspace, day=LATER)
    parts = [Part("USD", Decimal(10), 1, FIRST), Part("GBP", Decimal(1), 1)]

    assert exchange.together([one.in_one([part]) for part in parts]) == one.in_one(parts)
    assert exchange.together([]) is None


def test_revaluation_is_what_stands_less_what_stood() -> None:
    before, after = DayRate(Decimal("0.333333333"), FIRST), DayRate(Decimal("0.4"), LATER)

    assert exchange.revalued(Decimal("10.0005"), before=before, after=after) == Decimal("0.6667")
