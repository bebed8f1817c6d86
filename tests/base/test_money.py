"""Money keeps four places, and its parts sum to the whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.money import LARGEST, exact, net_value, portion

amounts = st.decimals(0, Decimal("1e10"), places=4)
parts = st.lists(st.decimals(Decimal("0.0001"), 10**6, places=4), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("1", "1.0000"),
        ("0.00005", "0.0000"),
        ("0.00015", "0.0002"),
        ("-0.00025", "-0.0002"),
        (3, "3.0000"),
        ("1e14", "100000000000000.0000"),
    ],
)
def test_exact_keeps_four_places_half_to_even(value: Decimal | int | str, stored: str) -> None:
    assert str(exact(value)) == stored


@pytest.mark.parametrize(
    "value", ["", "abc", "NaN", "Infinity", "1e15", "-1e15", "999999999999999.99999"]
)
def test_exact_refuses_what_cannot_be_stored(value: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|cannot be stored"):
        exact(value)


@given(amount=st.decimals(-LARGEST + 1, LARGEST - 1, allow_nan=False))
def test_exact_is_near_and_stays(amount: Decimal) -> None:
    stored = exact(amount)

    assert abs(stored - amount) <= Decimal("0.00005")
    assert exact(stored) == stored


@given(total=amounts, parts=parts)
def test_portions_sum_to_the_total(total: Decimal, parts: list[Decimal]) -> None:
    left, whole = total, sum(parts, start=Decimal(0))

    for part in parts:
        taken = portion(left, part=part, whole=whole)
        assert 0 <= taken <= left
        left, whole = left - taken, whole - part

    assert left == 0


def test_portion_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no value"):
        portion(Decimal(1), part=Decimal(0), whole=Decimal(0))


@given(quantity=amounts, price=st.decimals(0, 10**4, places=4))
def test_net_value_falls_with_the_discount(quantity: Decimal, price: Decimal) -> None:
    full = net_value(quantity=quantity, unit_price=price)
    half = net_value(quantity=quantity, unit_price=price, discount_share=Decimal("0.5"))
    free = net_value(quantity=quantity, unit_price=price, discount_share=Decimal(1))

    assert 0 == free <= half <= full
    assert abs(full - 2 * half) <= Decimal("0.0002")
