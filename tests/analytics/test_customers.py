"""New against existing customers: planted purchases come out as they were planted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import counts, customers
from penstock.analytics.customers import Purchases
from penstock.analytics.eventlog import UNKNOWN

Row = tuple[int, int, int]
rows = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, UNKNOWN]), st.integers(0, 900), st.integers(0, 9)),
    max_size=30,
)


def bought(told: Sequence[Row]) -> Purchases:
    columns = np.array(told, dtype=np.int64).reshape(-1, 3).T
    return customers.purchases(*columns)


def test_kind_is_new_on_the_first_day_only() -> None:
    found = bought([(7, 20, 1), (7, 3, 1), (7, 3, 1), (8, 9, 1), (UNKNOWN, 1, 1)])

    kinds = dict(zip(found.place.tolist(), found.kind.tolist(), strict=True))

    assert kinds == {
        0: customers.EXISTING,
        1: customers.NEW,
        2: customers.NEW,
        3: customers.NEW,
        4: customers.NOBODY,
    }


def test_kind_of_a_part_is_that_of_the_whole() -> None:
    whole = bought([(7, 3, 1), (7, 20, 1)])

    part = whole.where(whole.day == 20)

    assert part.kind.tolist() == [customers.EXISTING]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([950], customers.FIRST),
        ([100, 950], customers.RETURNED),
        ([640, 990], customers.REGULAR),
        ([600], customers.DORMANT),
        ([200], customers.GONE),
        # Every 50 days, so a rest of 100: quiet for 120 it is dormant, for 220 gone.
        ([780, 830, 880], customers.DORMANT),
        ([680, 730, 780], customers.GONE),
        ([850, 900, 950], customers.REGULAR),
        # Twice on a day is one day of purchase: no rhythm yet.
        ([850, 850, 900, 900], customers.REGULAR),
    ],
)
def test_standing(days: list[int], expected: int) -> None:
    found = customers.standing(bought([(1, day, 1) for day in days]), first=940, last=1000)

    assert found.code.tolist() == [expected]


@given(told=rows, last=st.integers(0, 900))
def test_every_customer_stands_in_one_place(told: list[Row], last: int) -> None:
    found = customers.standing(bought(told), first=last - 30, last=last)

    assert found.customer.tolist() == sorted(
        {one for one, day, _amount in told if one != UNKNOWN and day <= last}
    )
    assert set(found.code.tolist()) <= {0, 1, 2, 3, 4}


@given(told=rows)
def test_kinds_share_out_all_that_was_sold(told: list[Row]) -> None:
    found = bought(told)

    parts = [int(found.where(found.kind == kind).amount.sum()) for kind in (0, 1, 2)]

    assert sum(parts) == sum(amount for _customer, _day, amount in told)


def test_concentration_of_equal_customers_is_their_number() -> None:
    found = customers.concentration(bought([(number, 0, 50) for number in range(20)]))

    assert found.effective == pytest.approx(20)
    assert (found.top_1, found.top_5, found.top_10) == (0.05, 0.25, 0.5)


def test_concentration_of_nothing_is_none() -> None:
    assert customers.concentration(bought([(UNKNOWN, 0, 50), (3, 0, 0)])).top_1 is None


def _arrivals(rng: np.random.Generator, *, per_day: Sequence[float]) -> list[Row]:
    days = np.repeat(np.arange(len(per_day)), rng.poisson(per_day))
    return [(number, int(day), 1) for number, day in enumerate(days)]


def test_drought_is_seen_where_it_is_planted() -> None:
    seen = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        told = _arrivals(rng, per_day=[0.2] * 910 + [0.05] * 90)
        seen += customers.drought(bought(told), begins=0, last=999).is_drying_up

    assert seen >= 90


def test_drought_is_hardly_ever_seen_where_there_is_none() -> None:
    seen = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        told = _arrivals(rng, per_day=[0.2] * 1000)
        seen += customers.drought(bought(told), begins=0, last=999).is_drying_up

    assert seen <= 400 * 0.04


def test_drought_is_not_taken_from_the_youth_of_a_record() -> None:
    # A hundred customers, all there from the beginning, who each buy every 60 days or so: nobody is new
    # but by the record, which shows ever fewer first purchases.
    rng = np.random.default_rng(5)
    told = [
        (one, int(day), 1)
        for one in range(100)
        for day in np.cumsum(rng.exponential(60, 40))
        if day < 700
    ]
    firsts = np.sort([min(day for who, day, _n in told if who == one) for one in range(100)])

    found = customers.drought(bought(told), begins=0, last=699)

    naive = counts.change(
        int((firsts >= 610).sum()), days=90, n_before=int((firsts < 610).sum()), days_before=365
    )
    assert naive.has_fallen
    assert not found.is_drying_up


def test_drought_is_not_taken_from_a_weak_season() -> None:
    # Every year 40 new customers in nine months, none in the last three.
    told = [
        (year * 100 + number, year * 365 + number * 6, 1)
        for year in range(3)
        for number in range(40)
    ]

    found = customers.drought(bought(told), begins=0, last=3 * 365 - 1)

    assert found.change is not None
    assert found.change.has_fallen
    assert not found.is_drying_up


def test_change_covers_the_true_ratio_as_often_as_it_says() -> None:
    held = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        now, before = int(rng.poisson(9)), int(rng.poisson(60))
        found = counts.change(now, days=90, n_before=before, days_before=365)
        truth = (9 / 90) / (60 / 365)
        held += (found.low or 0) <= truth <= (found.high or np.inf)

    assert held / 400 >= 0.95


def test_change_of_nothing_claims_nothing() -> None:
    found = counts.change(0, days=90, n_before=0, days_before=365)

    assert (found.ratio, found.low, found.high, found.can_tell) == (None, None, None, False)
    assert not found.has_fallen
    assert not found.has_risen


def test_change_cannot_tell_from_a_handful() -> None:
    assert not counts.change(0, days=90, n_before=5, days_before=365).can_tell
    assert counts.change(0, days=90, n_before=30, days_before=365).has_fallen
    assert counts.change(30, days=90, n_before=30, days_before=365).has_risen
