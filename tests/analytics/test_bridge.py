"""The bridge balances for every story, between any two moments, in any slice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.analytics import bridge
from penstock.analytics.bridge import Held, Told
from penstock.analytics.eventlog import UNKNOWN, Facts, facts, in_force, inserted, member_of

moments = st.integers(0, 30)
cases = st.integers(1, 4)


def _told(values: st.SearchStrategy[int]) -> st.SearchStrategy[Facts]:
    rows = st.lists(st.tuples(cases, moments, values), max_size=14)
    return rows.map(
        lambda found: facts(
            *(np.array([row[at] for row in found], dtype=np.int64) for at in range(3))
        )
    )


@st.composite
def stories(draw: st.DrawFn) -> Told:
    """Random facts of four cases, all kinds of them at the same and at other moments."""
    amounts = st.sampled_from([UNKNOWN, 0, 1, 100, 333, 9_999_999_999])
    known = sorted(draw(st.sets(cases)))
    opened = facts(
        np.array(known, dtype=np.int64),
        np.array([draw(moments) for _case in known], dtype=np.int64),
        np.ones(len(known), dtype=np.int64),
    )
    return Told(
        opened=opened,
        outcome=draw(_told(st.sampled_from([0, 1, 2, 3, 9]))),
        parked_until=draw(_told(st.sampled_from([UNKNOWN, 3, 12, 25, 40]))),
        amount=draw(_told(amounts)),
        currency=draw(_told(st.sampled_from([UNKNOWN, 5, 6]))),
        close_on=draw(_told(st.sampled_from([UNKNOWN, 1, 2, 3]))),
        kept=draw(
            st.sampled_from([{}, {"owner": (draw(_told(st.sampled_from([7, 8]))), np.array([7]))}])
        ),
        due=draw(st.sampled_from([None, (2, 3)])),
    )


@settings(max_examples=300, deadline=None)
@given(stories(), moments, moments)
def test_opening_and_lines_come_to_the_closing(told: Told, one: int, other: int) -> None:
    start, stop = sorted((one, other))

    walk = bridge.walk(told)
    opening, closing = walk.held(start), walk.held(stop)
    steps = walk.steps.between(start, stop)
    parts = [steps.of(name) for name in bridge.LINES]

    sums = dict(opening.sums)
    for part in parts:
        for currency, amount in part.sums.items():
            sums[currency] = sums.get(currency, 0) + amount
    assert {name: total for name, total in sums.items() if total} == closing.sums
    assert len(opening.case) + sum(part.n_entered for part in parts) == len(closing.case)
    assert sum(len(part.case) for part in parts) == len(steps.case)


@settings(max_examples=300, deadline=None)
@given(stories(), moments, moments)
def test_what_matters_from_a_moment_on_tells_the_same(told: Told, one: int, other: int) -> None:
    start, stop = sorted((one, other))
    whole, cut = bridge.walk(told), bridge.walk(told.since(start))

    for moment in (start, stop):
        assert _rows(whole.held(moment)) == _rows(cut.held(moment))
    assert _rows(whole.steps.between(start, stop)) == _rows(cut.steps.between(start, stop))


def _rows(found: Held | bridge.Steps) -> list[list[int]]:
    return [getattr(found, name).tolist() for name in found.__slots__]


@settings(max_examples=200, deadline=None)
@given(stories(), moments)
def test_held_is_what_a_slow_reading_of_the_facts_says(told: Told, moment: int) -> None:
    held = bridge.walk(told).held(moment)

    assert dict(zip(held.case.tolist(), held.amount.tolist(), strict=True)) == _slowly(told, moment)


def _slowly(told: Told, moment: int) -> dict[int, int]:
    found = {}
    for case in range(1, 5):
        opened, outcome, until, amount, close_on = (
            _last(part, case, moment)
            for part in (told.opened, told.outcome, told.parked_until, told.amount, told.close_on)
        )
        belongs = all(
            _last(part, case, moment) in wanted.tolist() for part, wanted in told.kept.values()
        )
        is_due = told.due is None or told.due[0] <= close_on <= told.due[1]
        waits = until >= moment
        if opened != UNKNOWN and outcome in (UNKNOWN, 0) and not waits and belongs and is_due:
            found[case] = 0 if amount == UNKNOWN else amount
    return found


def _last(part: Facts, case: int, moment: int) -> int:
    kept = (part.case == case) & (part.at < moment)
    return int(part.value[kept][-1]) if kept.any() else UNKNOWN


def test_corrected_names_what_is_known_otherwise() -> None:
    def held(*rows: tuple[int, int]) -> Held:
        case, amount = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
        return Held(case, amount, np.full(len(rows), UNKNOWN), np.ones(len(rows), dtype=bool))

    gone, come = bridge.corrected(held((1, 10), (2, 20)), held((1, 10), (2, 25), (3, 30)))

    assert (gone.case.tolist(), gone.amount.tolist()) == ([2], [20])
    assert (come.case.tolist(), come.amount.tolist()) == ([2, 3], [25, 30])


@given(
    told=st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, 10**9, 2**62]),
            st.sampled_from([0, 1, 5, 10**15, -(10**15)]),
        ),
        max_size=20,
    )
)
def test_facts_in_one_number_are_sorted_as_one_after_the_other(
    told: list[tuple[int, int]],
) -> None:
    case, at = np.array(told, dtype=np.int64).reshape(-1, 2).T
    number = np.arange(len(told))

    found = facts(case, at, number)

    by = np.lexsort((number, at, case))
    assert found.value.tolist() == by.tolist()


@given(told=_told(st.integers(0, 9)), moment=moments, more=_told(st.integers(10, 19)))
def test_facts_are_cut_found_and_put_in_as_a_slow_reading_says(
    told: Facts, moment: int, more: Facts
) -> None:
    every = np.arange(0, 6)

    cut, both = told.since(moment), inserted(told, more)

    assert in_force(every, told, before=moment).tolist() == [
        _last(told, case, moment) for case in every.tolist()
    ]
    assert [_last(cut, case, at) for case in range(6) for at in range(moment, 32)] == [
        _last(told, case, at) for case in range(6) for at in range(moment, 32)
    ]
    rows = [*_listed(told), *_listed(more)]
    assert _listed(both) == sorted(rows, key=lambda row: row[:2])


def _listed(told: Facts) -> list[tuple[int, int, int]]:
    return list(zip(told.case.tolist(), told.at.tolist(), told.value.tolist(), strict=True))


@given(values=st.lists(st.integers(-5, 5)), known=st.sets(st.integers(-5, 10**12)))
def test_members_are_those_of_the_set(values: list[int], known: set[int]) -> None:
    found = member_of(np.array(values, dtype=np.int64), np.array(sorted(known), dtype=np.int64))

    assert found.tolist() == [value in known for value in values]
