"""The order of Today is what its page says: pressing times at stake, and always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import priority
from penstock.analytics.priority import PRESSING, Matter, rank

MATTERS = st.lists(
    st.builds(
        Matter,
        kind=st.sampled_from(sorted(PRESSING)),
        late_days=st.floats(-5, 400),
        value=st.none() | st.floats(0, 1e9),
        is_high=st.booleans(),
        key=st.integers(1, 10**6),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)


def test_worked_example_of_its_page() -> None:
    matters = [
        Matter(kind="step", late_days=0, value=10_000, key=1),
        Matter(kind="step", late_days=3, value=10_000, key=2),
        Matter(kind="no_step", late_days=10, value=30_000, key=3),
        Matter(kind="unhappy", late_days=0, value=None, key=4),
    ]

    ranked = rank(matters)

    assert [(one.matter.key, round(one.score, 3)) for one in ranked] == [
        (3, 1.875),
        (4, 1.6),
        (2, 1.5),
        (1, 1.0),
    ]


def test_nothing_comes_out_of_nothing() -> None:
    assert rank([]) == []


@given(MATTERS)
def test_order_depends_on_the_matters_alone(matters: list[Matter]) -> None:
    assert rank(matters) == rank(list(reversed(matters)))


@given(MATTERS, st.floats(0.01, 1000))
def test_order_does_not_depend_on_the_currency(matters: list[Matter], rate: float) -> None:
    known = [one for one in matters if one.value is None or one.value > 1]
    turned = [
        Matter(
            kind=one.kind,
            late_days=one.late_days,
            value=None if one.value is None else one.value * rate,
            is_high=one.is_high,
            key=one.key,
        )
        for one in known
    ]

    scores = [round(one.score, 6) for one in rank(known)]

    assert [round(one.score, 6) for one in rank(turned)] == scores


@given(st.sampled_from(sorted(PRESSING)), st.floats(0, 100), st.floats(0, 100))
def test_waiting_longer_never_makes_it_less_pressing(
    kind: str, first: float, second: float
) -> None:
    sooner, later = sorted((first, second))

    assert (
        0 < priority.urgency(kind, late_days=sooner) <= priority.urgency(kind, late_days=later) <= 1
    )


def test_unknown_value_weighs_as_the_usual() -> None:
    assert priority.weight(None, usual=500) == pytest.approx(priority.weight(500, usual=500))
