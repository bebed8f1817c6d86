"""Numbers as people type or paste them."""

from __future__ import annotations

import pytest
from django.utils import translation

from penstock.web.forms.widgets import as_typed


@pytest.mark.parametrize("typed", ["1234,5", "1 234,5", "1\u00a0234,5", "1\u202f234,5", "1234.5"])
def test_number_is_understood_when_a_russian_types_it(typed: str) -> None:
    with translation.override("ru"):
        assert as_typed(typed) == "1234.5"


@pytest.mark.parametrize("typed", ["1234.5", "1,234.5", " 1 234.5 "])
def test_number_is_understood_when_it_is_typed_in_english(typed: str) -> None:
    with translation.override("en"):
        assert as_typed(typed) == "1234.5"


def test_number_is_not_guessed_when_its_comma_groups_nothing() -> None:
    with translation.override("en"):
        assert as_typed("1,5") == "1,5"


def test_minus_is_understood_when_it_is_copied_from_a_page() -> None:
    assert as_typed("−3") == "-3"
