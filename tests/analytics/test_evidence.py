"""How well something is known: against printed numbers, and what must always hold."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics.evidence import (
    LIVE,
    STATES,
    Rule,
    Standing,
    Statement,
    ask_next,
    holds,
    standing,
    weight,
)

RULE = Rule(half_life_days=90, tolerance=0.2, is_relative=True)


def said(key: int = 1, source: str = "Anna", **details: object) -> Statement:
    values = {"age_days": 0, "confidence": 0.6, **details}
    return Statement(key=key, source=source, **values)


statements = st.builds(
    Statement,
    key=st.integers(1, 10**6),
    source=st.sampled_from(["Anna", "Boris", "Clara"]),
    age_days=st.floats(0, 400),
    confidence=st.floats(0, 1),
    is_for=st.booleans(),
    is_guess=st.booleans(),
    is_document=st.booleans(),
    about=st.sampled_from([None, "x"]),
    value=st.none() | st.floats(0, 1000),
)
many = st.lists(statements, max_size=8, unique_by=lambda one: one.key)


def test_independent_sources_add_up_as_printed() -> None:
    found = standing([said(1, confidence=0.6), said(2, "Boris", confidence=0.5)], rule=RULE)

    assert (found.state, round(found.support, 10)) == ("confirmed", 0.8)


def test_one_source_counts_once() -> None:
    found = standing([said(1), said(2), said(3)], rule=RULE)

    assert (found.state, round(found.support, 10)) == ("stated", 0.6)


def test_nothing_is_unknown() -> None:
    assert standing([], rule=RULE) == Standing("unknown", 0.0, is_against=False, n=0, n_live=0)


def test_a_guess_stays_a_guess_however_sure() -> None:
    assert standing([said(confidence=1, is_guess=True)], rule=RULE).state == "guessed"


def test_a_document_confirms() -> None:
    assert standing([said(confidence=0.9, is_document=True)], rule=RULE).state == "confirmed"


def test_a_budget_that_is_not_approved_is_only_stated() -> None:
    paper = said(confidence=0.9, is_document=True, is_final=False)

    assert standing([paper], rule=RULE).state == "stated"


def test_what_is_old_is_stale() -> None:
    # 0.6 is below a fifth after log2(3) half-lives, that is 142.6 days.
    assert standing([said(age_days=142)], rule=RULE).state == "stated"
    assert standing([said(age_days=143)], rule=RULE).state == "stale"


def test_yes_and_no_contradict() -> None:
    found = standing([said(1), said(2, "Boris", is_for=False)], rule=RULE)

    assert (found.state, found.leading, found.disputing) == ("contradicted", (1,), ((2,),))


def test_a_weak_no_does_not_contradict() -> None:
    found = standing(
        [said(1, confidence=0.9), said(2, "B", confidence=0.4, is_for=False)], rule=RULE
    )

    assert (found.state, found.is_against) == ("stated", False)


def test_a_strong_no_speaks_against() -> None:
    found = standing(
        [said(1, confidence=0.3), said(2, "B", confidence=0.9, is_for=False)], rule=RULE
    )

    assert (found.state, found.is_against, holds(found, at_least="stated")) == (
        "stated",
        True,
        False,
    )


def test_values_contradict_beyond_the_tolerance() -> None:
    near = standing([said(1, value=40), said(2, "Boris", value=48)], rule=RULE)
    far = standing([said(1, value=40), said(2, "Boris", value=60)], rule=RULE)

    assert (near.state, far.state) == ("confirmed", "contradicted")


def test_what_has_no_value_agrees_with_the_strongest_value() -> None:
    found = standing([said(1, value=40), said(2, "Boris")], rule=RULE)

    assert (found.state, found.leading) == ("confirmed", (1, 2))


def test_only_statements_about_one_subject_contradict() -> None:
    rows = [said(1, about="Olga"), said(2, "Boris", about="Max", is_for=False)]

    assert standing(rows, rule=RULE).state == "stated"


def test_the_topic_that_the_gate_wants_is_asked_first() -> None:
    found = {
        "need": Standing("unknown", 0, is_against=False, n=0, n_live=0),
        "budget": Standing("stated", 0.6, is_against=False, n=1, n_live=1),
    }

    assert ask_next(found, wanted={"budget"}) == "budget"
    assert ask_next(found) == "need"
    assert ask_next({"need": Standing("confirmed", 0.9, False, 2, 2)}) is None


def test_the_future_has_no_weight() -> None:
    with pytest.raises(ValueError, match="past"):
        weight(said(age_days=-1), half_life_days=90)


@given(many, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(rows: list[Statement], rng: random.Random) -> None:
    shuffled = rng.sample(rows, len(rows))

    assert standing(shuffled, rule=RULE) == standing(rows, rule=RULE)


@given(many, st.floats(0, 1))
def test_who_repeats_the_leading_statement_never_weakens_it(
    rows: list[Statement], confidence: float
) -> None:
    before = standing(rows, rule=RULE)
    # A contradiction may be settled by it, for what is only guessed too.
    if not before.leading or before.disputing:
        return
    leading = next(one for one in rows if one.key == before.leading[0])
    more = dataclasses.replace(
        leading, key=10**6 + 1, source="Dora", age_days=0, confidence=confidence
    )

    after = standing([*rows, more], rule=RULE)

    assert after.support >= before.support - 1e-12
    assert STATES.index(after.state) >= STATES.index(before.state)


@given(
    many.map(lambda rows: [dataclasses.replace(r, is_for=True, value=None) for r in rows]),
    st.floats(0, 200),
)
def test_without_contradiction_time_never_strengthens(rows: list[Statement], days: float) -> None:
    later = [dataclasses.replace(one, age_days=one.age_days + days) for one in rows]

    now, then = standing(rows, rule=RULE), standing(later, rule=RULE)

    # With several subjects another one may lead later, known less well and supported more.
    if len({one.about for one in rows}) == 1:
        assert then.support <= now.support + 1e-12
    assert STATES.index(then.state) <= STATES.index(now.state)


@given(many)
def test_what_no_longer_speaks_changes_nothing(rows: list[Statement]) -> None:
    live = [one for one in rows if weight(one, half_life_days=90) >= LIVE]
    if live:
        left = dataclasses.replace(standing(rows, rule=RULE), n=len(live))

        assert standing(live, rule=RULE) == left
