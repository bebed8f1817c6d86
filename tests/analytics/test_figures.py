"""Shares, ages and ratios give the numbers that were published."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.analytics import ageing, backlog, conversion

HENDERSON = [
    ("9.0", "5.0", ".5556", "50.00"),
    ("9.5", "4.0", ".4211", "37.89"),
    ("9.6", "3.5", ".3646", "32.81"),
]


@pytest.mark.parametrize(
    "module", [ageing, backlog, conversion], ids=lambda module: module.__name__
)
def test_examples_of_docstrings_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(("sales", "owed", "ratio", "days"), HENDERSON)
def test_ratio_and_days_of_henderson_mills(sales: str, owed: str, ratio: str, days: str) -> None:
    found = backlog.ratio(Decimal(owed), sales=Decimal(sales))
    lasts = backlog.days_of_sales(Decimal(owed), sales=Decimal(sales), n_days=90)

    assert (f"{found:.4f}"[1:], f"{lasts:.2f}") == (ratio, days)


@pytest.mark.parametrize(
    ("bookings", "billings", "expected"), [("1.314", "1.276", "1.03"), ("1.67", "1.58", "1.06")]
)
def test_book_to_bill_of_semi(bookings: str, billings: str, expected: str) -> None:
    found = backlog.book_to_bill(Decimal(bookings), billings=Decimal(billings))

    assert f"{found:.2f}" == expected


@pytest.mark.parametrize(
    ("opening", "ordered", "closed", "closing"),
    [(2875, 2358, 1725, 3508), (3508, 2250, 2139, 3619), (2875, 8089, 8531, 2433)],
)
def test_statement_of_meritage_ties(opening: int, ordered: int, closed: int, closing: int) -> None:
    changes = [Decimal(ordered), Decimal(-closed)]

    assert backlog.closing(Decimal(opening), changes=changes) == closing
    assert backlog.ties(Decimal(opening), changes=changes, closed_at=Decimal(closing))
    assert not backlog.ties(Decimal(opening), changes=changes, closed_at=Decimal(closing + 1))


def test_ratio_without_sales_is_none() -> None:
    assert backlog.ratio(Decimal(5), sales=Decimal(0)) is None
    assert backlog.days_of_sales(Decimal(5), sales=Decimal(0), n_days=90) is None


def test_share_of_no_cases_is_none() -> None:
    assert conversion.closed(0, 0) == conversion.Share(0, 0, None, None, None)


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_interval_of_newcombe_table_one(n: int, of: int, low: float, high: float) -> None:
    found = conversion.share(n, of=of)

    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(some.integers(0, 500), some.integers(0, 500))
def test_share_lies_inside_its_interval(n_won: int, n_lost: int) -> None:
    found = conversion.closed(n_won, n_lost)

    assert found.share is None or 0 <= found.low <= found.share <= found.high <= 1


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3)])
def test_share_of_impossible_counts_is_refused(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        conversion.share(n, of=of)


def test_ages_of_nothing_are_none() -> None:
    assert ageing.ages([]) == ageing.Ages(0, None, None, None, None)


@given(some.lists(some.floats(0, 1e6), min_size=1))
def test_percentiles_are_ordered_and_real_ages(days: list[float]) -> None:
    found = ageing.ages(days)

    cuts = [found.median_days, found.p85_days, found.p95_days, found.oldest_days]
    assert cuts == sorted(cuts)
    assert set(cuts) <= set(days)
    assert found.oldest_days == max(days)


def test_weeks_of_capacity_in_the_backlog() -> None:
    assert backlog.coverage_weeks(0, capacity=[]) == 0
    assert backlog.coverage_weeks(80, capacity=[40, 40, 40]) == 2
    assert backlog.coverage_weeks(80.5, capacity=[40, 40, 40]) == 3
    assert backlog.coverage_weeks(0.3, capacity=[0.1, 0.1, 0.1]) == 3
    assert backlog.coverage_weeks(121, capacity=[40, 40, 40]) is None


@given(some.floats(0, 500), some.lists(some.floats(0, 50), max_size=20), some.integers(0, 19))
def test_more_capacity_never_covers_later(hours: float, weeks: list[float], place: int) -> None:
    more = [week + 5 * (number == place) for number, week in enumerate(weeks)]

    plain, found = (backlog.coverage_weeks(hours, capacity=one) for one in (weeks, more))

    assert plain is None or (found is not None and found <= plain)


def test_cancellation_rates_of_what_was_accepted_and_of_what_was_owed() -> None:
    assert backlog.cancel_rate(Decimal(30), of=Decimal(200)) == Decimal("0.15")
    assert backlog.cancel_rate(Decimal(30), of=Decimal(0)) is None
