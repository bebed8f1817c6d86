"""Keys for people, keys for sorting, keys for recognising."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.errors import PenstockError, RuleBroken
from penstock.base.keys import format_key, match_key, parse_key, sort_key


@given(
    prefix=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=8),
    number=st.integers(1, 10**18 - 1),
)
def test_key_that_is_written_is_read(prefix: str, number: int) -> None:
    assert parse_key(format_key(prefix, number).lower()) == (prefix, number)


@pytest.mark.parametrize("text", ["", "DEAL", "DEAL-0", "DEAL-01", "D-1", "DEAL-1x", "СДЕЛКА-1"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert parse_key(text) is None


def test_names_sort_as_in_a_russian_dictionary() -> None:
    names = ["жук", "ёж", "Ель", "ей", "Ещё", "еда", "яма", "йод", "игра", "Иго", "Ёлка"]

    assert sorted(names, key=sort_key) == [
        "еда",
        "ей",
        "Ель",
        "Ещё",
        "ёж",
        "Ёлка",
        "жук",
        "Иго",
        "игра",
        "йод",
        "яма",
    ]


def test_sorting_ignores_case_accents_and_spaces() -> None:
    assert sort_key("  Émile   ZOLA ") == "emile zola"


@pytest.mark.parametrize(
    ("one", "other"), [("ООО «Ёлка»", "ооо елка"), ("A.C.M.E.", "acme"), ("Straße", "STRASSE")]
)
def test_spellings_of_one_name_match(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@given(name=st.text(max_size=400))
def test_keys_fit_their_columns(name: str) -> None:
    assert len(sort_key(name)) <= 200
    assert len(match_key(name)) <= 200


def test_error_says_its_code_its_sentence_and_what_it_needs() -> None:
    error = RuleBroken("deals.amount", "Enter the amount.", needs=["amount"])

    assert (error.code, str(error), error.needs) == (
        "deals.amount",
        "Enter the amount.",
        ("amount",),
    )
    assert isinstance(error, PenstockError)
