"""Credit for leads sums to their number, exactly; a cost is spread over its days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics.attribution import LINEAR, RULES, Part, cost_within, credit, shares

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


@given(st.integers(1, 50), st.sampled_from(RULES))
def test_shares_of_one_lead_sum_to_one(n: int, rule: str) -> None:
    assert sum(shares(n, rule)) == 1


def test_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rule"):
        shares(2, "magic")


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from("abc"), min_size=1, max_size=6),
            st.sampled_from(["won", "open"]),
            st.decimals(0, 10_000, places=2),
        )
    )
)
def test_credit_of_all_keys_is_the_whole(
    leads: list[tuple[list[str], str, Decimal]],
) -> None:
    parts = [
        Part(channel, len(touches), 1, kind, value)
        for touches, kind, value in leads
        for channel in touches
    ]

    found = credit(parts)

    assert sum((one.n for one in found.values()), Fraction()) == len(leads)
    for kind in ("won", "open"):
        whole = sum((value for _touches, its, value in leads if its == kind), Decimal())
        got = sum((one.value.get(kind, Fraction()) for one in found.values()), Fraction())
        assert got == Fraction(whole)


@given(DAYS, st.integers(0, 90), DAYS, st.integers(0, 90), st.decimals(0, 9999, places=2))
def test_cost_of_two_windows_is_that_of_both(
    first: date, n: int, start: date, length: int, amount: Decimal
) -> None:
    period = (first, first + timedelta(days=n))
    cut = start + timedelta(days=length // 2)
    whole = (start, start + timedelta(days=length))

    one = cost_within(amount, of=period, window=(start, cut))
    rest = (
        cost_within(amount, of=period, window=(cut + timedelta(days=1), whole[1]))
        if cut < whole[1]
        else Fraction()
    )

    assert one + rest == cost_within(amount, of=period, window=whole)
    assert cost_within(amount, of=period, window=period) == Fraction(amount)


def test_nothing_earns_nothing() -> None:
    assert (credit([]), shares(0, LINEAR)) == ({}, [])
