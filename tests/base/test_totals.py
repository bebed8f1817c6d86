"""Documents that tie out to the coin."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from penstock.base.money import minor_places, payable
from penstock.base.totals import Position, added_up, line_value

shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
amounts = st.decimals("0", "99999", places=4)
positions = st.builds(
    Position,
    quantity=st.decimals("0.0001", "999", places=4),
    unit_price=amounts,
    discount_share=shares,
    tax_share=st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.1900"), Decimal("0.2")]),
    counts=st.booleans(),
)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])


@given(st.lists(positions, max_size=8), currencies)
def test_printed_lines_add_up_to_the_printed_total(lines: list[Position], currency: str) -> None:
    total = added_up(lines, currency=currency)

    counted = [line for line in lines if line.counts]
    assert total.net == sum((line_value(line, currency) for line in counted), Decimal(0))
    assert total.net == sum((tax.net for tax in total.taxes), Decimal(0))
    assert total.gross == total.net + sum((tax.tax for tax in total.taxes), Decimal(0))
    assert total.n == len(counted)
    for figure in (total.net, total.tax, total.gross, total.discount):
        assert figure == payable(figure, currency)


@given(st.lists(positions, max_size=8), currencies)
def test_tax_of_a_rate_is_that_of_the_sum_of_its_lines(
    lines: list[Position], currency: str
) -> None:
    half = Decimal(1).scaleb(-minor_places(currency)) / 2

    for tax in added_up(lines, currency=currency).taxes:
        assert abs(tax.tax - tax.net * tax.share) <= half


@given(st.lists(positions, max_size=6), st.randoms())
def test_order_of_lines_changes_no_total(lines: list[Position], random: object) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # -- a random.Random

    assert added_up(lines, currency="EUR") == added_up(shuffled, currency="EUR")


def test_half_a_coin_goes_up() -> None:
    assert payable(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert payable(Decimal("-0.125"), "EUR") == Decimal("-0.13")
    assert payable(Decimal("0.5"), "JPY") == Decimal(1)


def test_example_of_the_standard() -> None:
    """Three rates: each taxed on its sum, as in the tables of EN 16931."""
    lines = [
        Position(Decimal(5), Decimal("12.00"), tax_share=Decimal("0.25")),
        Position(Decimal(1), Decimal("99.99"), Decimal("0.1"), tax_share=Decimal("0.15")),
        Position(Decimal(2), Decimal("10.00")),
    ]

    total = added_up(lines, currency="EUR")

    assert [(tax.net, tax.tax) for tax in total.taxes] == [
        (Decimal("20.00"), Decimal("0.00")),
        (Decimal("89.99"), Decimal("13.50")),
        (Decimal("60.00"), Decimal("15.00")),
    ]
    assert (total.net, total.gross) == (Decimal("169.99"), Decimal("198.49"))
