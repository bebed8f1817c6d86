"""Shapley and Owen values: the axioms, and drawn orders against all orders."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import shapley

NAMES = ("a", "b", "c", "d")
SETS = [frozenset(some) for size in range(5) for some in combinations(NAMES, size)]
games = st.lists(st.integers(-1000, 1000), min_size=16, max_size=16).map(
    lambda worths: dict(zip(SETS, worths, strict=True))
)


@given(games)
def test_shares_sum_to_the_change_exactly(game: dict[frozenset[str], int]) -> None:
    shares = shapley.exact(game.__getitem__, NAMES)

    assert sum(shares.values()) == game[frozenset(NAMES)] - game[frozenset()]


@given(games, games)
def test_shares_of_a_sum_are_sums_of_shares(
    one: dict[frozenset[str], int], two: dict[frozenset[str], int]
) -> None:
    apart = [shapley.exact(game.__getitem__, NAMES) for game in (one, two)]

    together = shapley.exact(lambda on: one[on] + two[on], NAMES)

    assert together == {name: apart[0][name] + apart[1][name] for name in NAMES}


@given(games)
def test_names_and_their_order_do_not_matter(game: dict[frozenset[str], int]) -> None:
    turned = dict(zip(NAMES, NAMES[1:] + NAMES[:1], strict=True))
    back = {new: old for old, new in turned.items()}

    renamed = shapley.exact(
        lambda on: game[frozenset(back[name] for name in on)], [turned[name] for name in NAMES]
    )

    assert {
        turned[name]: share for name, share in shapley.exact(game.__getitem__, NAMES[::-1]).items()
    } == renamed


@given(games)
def test_factor_without_effect_has_nothing_and_equals_have_the_same(
    game: dict[frozenset[str], int],
) -> None:
    def value(on: frozenset[str]) -> int:
        # "d" does nothing; "a" and "b" count only by how many of them there are.
        a_and_b = frozenset(NAMES[: len(on & {"a", "b"})])
        return game[a_and_b | (on & {"c"})]

    shares = shapley.exact(value, NAMES)

    assert shares["d"] == 0
    assert shares["a"] == shares["b"]


@given(games)
def test_split_inside_a_group_moves_nothing_between_groups(
    game: dict[frozenset[str], int],
) -> None:
    split = shapley.owen(game.__getitem__, {"one": ("a",), "rest": ("b", "c", "d")})
    whole = shapley.exact(
        lambda on: game[
            frozenset({"a"} & on) | (frozenset("bcd") if "rest" in on else frozenset())
        ],
        ["a", "rest"],
    )

    assert split["a"] == whole["a"]
    assert split["b"] + split["c"] + split["d"] == whole["rest"]


@given(games)
def test_drawn_orders_sum_to_the_change_exactly(game: dict[frozenset[str], int]) -> None:
    found = shapley.sampled(game.__getitem__, NAMES, n_pairs=3, rng=np.random.default_rng(1))

    whole = sum((one.share for one in found.values()), Fraction(0))
    assert whole == game[frozenset(NAMES)] - game[frozenset()]


def test_drawn_orders_come_near_all_orders_within_their_error() -> None:
    names = [f"f{number}" for number in range(9)]

    def value(on: frozenset[str]) -> int:
        return max(
            0, sum((number - 3) ** 2 for number, name in enumerate(names) if name in on) - 20
        )

    exact = shapley.exact(value, names)
    found = shapley.sampled(value, names, n_pairs=400, rng=np.random.default_rng(7))

    for name in names:
        off = abs(float(found[name].share - exact[name]))
        assert off <= 4 * found[name].standard_error + 1e-9


def test_twenty_factors_are_answered_by_drawing() -> None:
    names = [str(number) for number in range(20)]

    found = shapley.sampled(
        lambda on: sum(int(name) for name in on), names, n_pairs=2, rng=np.random.default_rng(0)
    )

    assert [one.share for one in found.values()] == list(range(20))


@pytest.mark.parametrize("names", [["a", "a"], [str(number) for number in range(13)]])
def test_names_that_cannot_be_answered_are_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match="factor"):
        shapley.exact(len, names)


def test_one_pair_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="standard error"):
        shapley.sampled(len, ["a"], n_pairs=1, rng=np.random.default_rng(0))


@given(st.lists(st.fractions(-50, 50, max_denominator=7), min_size=1, max_size=6))
def test_rounded_shares_still_add_up(shares: list[Fraction]) -> None:
    whole = Fraction(round(sum(shares)))
    named = {str(number): share for number, share in enumerate(shares)}
    named["rest"] = whole - sum(shares)

    rounded = shapley.in_whole(named, places=Decimal(1))

    assert sum(rounded.values()) == whole
    assert all(abs(Fraction(rounded[name]) - share) < 1 for name, share in named.items())
