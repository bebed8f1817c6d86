"""Who holds the flow up: the printed example of shifting bottlenecks, a simulated line, and what makes a verdict."""

from __future__ import annotations

import doctest
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as some

from penstock.analytics import active_periods, bottleneck
from penstock.analytics.active_periods import Spell
from penstock.analytics.bottleneck import Signs

MACHINES = [
    [(0.0, 4.0), (5.0, 9.0), (10.0, 20.0)],
    [(1.0, 8.0), (9.0, 12.0), (13.0, 17.0)],
    [(0.0, 2.0), (3.0, 6.0), (7.0, 16.0), (18.0, 20.0)],
]
LINE = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])

spans = some.lists(
    some.tuples(some.integers(0, 40), some.integers(1, 10)).map(lambda one: (one[0], sum(one))),
    max_size=8,
)


@pytest.mark.parametrize("module", [active_periods, bottleneck], ids=lambda module: module.__name__)
def test_examples_of_docstrings_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0


def test_bottleneck_moves_as_in_the_example_of_three_machines() -> None:
    found = active_periods.shifting(MACHINES, start=0, stop=20)

    assert [turn.resource for turn in found.chain] == [0, 1, 2, 0]
    assert found.sole == (5, 3, 2)
    assert found.shifting == (9, 4, 7)


def test_nobody_active_has_no_turn() -> None:
    found = active_periods.shifting([[], []], start=0, stop=5)

    assert (found.chain, found.sole, found.shifting) == ((), (0, 0), (0, 0))


def test_spells_outside_the_window_do_not_count() -> None:
    found = active_periods.shifting([[(-9, 2)], [(1, 30)]], start=0, stop=4)

    assert found.sole == (1, 2)
    assert found.shifting == (1, 1)


@given(some.lists(spans, min_size=1, max_size=4))
def test_turns_cover_the_time_in_which_anybody_is_active(resources: list[list[Spell]]) -> None:
    found = active_periods.shifting(resources, start=0, stop=50)

    covered = active_periods.union((turn.start, turn.stop) for turn in found.chain)
    anybody = active_periods.union(spell for spells in resources for spell in spells)
    assert covered == anybody
    length = sum(turn.stop - turn.start for turn in found.chain)
    assert sum(found.sole) + sum(found.shifting) == pytest.approx(length)


@given(spans, some.integers(1, 3))
def test_all_busy_is_when_as_many_run_at_once(spells: list[Spell], n: int) -> None:
    found = active_periods.all_busy(spells, n=n)

    for tick in range(52):
        at = tick + 0.5
        running = sum(begin <= at < end for begin, end in spells)
        assert (running >= n) == any(begin <= at < end for begin, end in found)


def test_middle_of_a_simulated_line_is_its_bottleneck() -> None:
    rates, hours = (1.2, 1.0, 1.3), 20_000.0
    spells = _line(rates, arrivals=0.8, room=3, hours=hours, seed=5)

    found = active_periods.shifting(spells, start=0, stop=hours)

    busy = [sum(end - begin for begin, end in one) / hours for one in spells]
    assert busy == pytest.approx([0.69, 0.78, 0.61], abs=0.04)
    # The printed run was a short one; of a long one the middle has yet more of the time to itself.
    assert [one / hours for one in found.sole] == pytest.approx([0.24, 0.36, 0.11], abs=0.08)
    assert [one / hours for one in found.shifting] == pytest.approx([0.18, 0.24, 0.14], abs=0.02)
    assert max(range(3), key=lambda place: found.sole[place] + found.shifting[place]) == 1


def _line(
    rates: tuple[float, ...], *, arrivals: float, room: int, hours: float, seed: int
) -> list[list[Spell]]:
    """Machines in a row with room between them; blocked or without work is not active."""
    rng = np.random.default_rng(seed)
    world = simpy.Environment()
    stores = [simpy.Store(world), *(simpy.Store(world, capacity=room) for _rate in rates[1:])]
    spells: list[list[Spell]] = [[] for _rate in rates]

    def source() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(rng.exponential(1 / arrivals))
            yield stores[0].put(1)

    def machine(place: int) -> Generator[Any, Any, None]:
        while True:
            yield stores[place].get()
            begin = world.now
            yield world.timeout(rng.exponential(1 / rates[place]))
            spells[place].append((begin, world.now))
            if place + 1 < len(rates):
                yield stores[place + 1].put(1)

    world.process(source())
    for place in range(len(rates)):
        world.process(machine(place))
    world.run(until=hours)
    return spells


def _signs(
    busy: float, grown: float, active: float, *, n: int = 12, available: float = 40
) -> Signs:
    return Signs(*(np.full(n, value) for value in (busy, available, grown, active)))


def _asked(*signs: Signs) -> bottleneck.Verdict:
    return bottleneck.verdict(signs, rng=np.random.default_rng(1))


def test_two_signs_that_agree_every_week_name_it() -> None:
    found = _asked(_signs(38, -1, 30), _signs(20, 2, 5))

    assert (found.code, found.resource, found.share) == (bottleneck.FOUND, 0, 1.0)
    assert found.named == (0, 1, 0)


def test_signs_that_name_three_different_ones_name_none() -> None:
    found = _asked(_signs(38, 0, 1), _signs(20, 5, 2), _signs(20, 0, 30))

    assert (found.code, found.resource) == (bottleneck.DISAGREE, None)
    assert found.named == (0, 1, 2)


def test_signs_that_change_from_week_to_week_are_unstable() -> None:
    half = np.arange(12) < 6
    one = Signs(np.where(half, 39.0, 20), np.full(12, 40.0), np.zeros(12), np.where(half, 30.0, 0))
    other = Signs(
        np.where(half, 20, 38.0), np.full(12, 40.0), np.zeros(12), np.where(half, 0, 29.0)
    )

    found = bottleneck.verdict([one, other], rng=np.random.default_rng(1))

    assert (found.code, found.resource) == (bottleneck.UNSTABLE, None)
    assert found.share is not None
    assert found.share < bottleneck.SURE_SHARE


def test_unknown_hours_leave_the_other_two_signs() -> None:
    unknown = float("nan")

    found = _asked(_signs(38, 1, 30, available=unknown), _signs(20, -1, 5, available=unknown))

    assert (found.code, found.resource) == (bottleneck.FOUND, 0)
    assert found.by_busy is None


@pytest.mark.parametrize(
    ("signs", "code"),
    [
        ([_signs(38, 1, 30)], bottleneck.ALONE),
        ([_signs(38, 1, 30, n=7), _signs(1, 0, 0, n=7)], bottleneck.TOO_FEW),
        ([_signs(0, 0, 0), _signs(0, -1, 0)], bottleneck.IDLE),
    ],
)
def test_no_verdict_says_why(signs: list[Signs], code: str) -> None:
    found = _asked(*signs)

    assert (found.code, found.resource) == (code, None)


def test_slope_of_sen_and_of_too_few() -> None:
    found = bottleneck.slope([9, 15, 19, 20, 45, 55, 78], at=[1, 2, 3, 4, 10, 12, 18])

    assert found.slope == 4
    assert found.is_rising
    assert bottleneck.slope([1, 2, 3]).slope is None
    assert not bottleneck.slope([3, 1, 2, 3, 1, 2]).is_rising


@given(some.lists(some.integers(-50, 50), min_size=4, max_size=20), some.integers(-9, 9))
def test_slope_moves_with_a_line_that_is_added(levels: list[int], per_step: int) -> None:
    tilted = [level + per_step * place for place, level in enumerate(levels)]

    plain, found = bottleneck.slope(levels), bottleneck.slope(tilted)

    assert plain.slope is not None
    assert found.slope == pytest.approx(plain.slope + per_step)


def test_more_of_the_bottleneck_brings_more_and_of_others_nothing() -> None:
    demand = np.zeros((10, 3))
    demand[:, 0] = 100
    capacity = np.tile([120.0, 90.0, 130.0], (10, 1))

    first, middle, last = bottleneck.gains(np.zeros(3), demand, capacity, routing=LINE)

    assert first.before.done == 900
    assert (first.done, last.done) == (0, 0)
    assert middle.done == pytest.approx(90)
    assert middle.before.p85_weeks is not None
    assert middle.after.p85_weeks is not None
    assert middle.after.p85_weeks < middle.before.p85_weeks


def test_work_that_is_sent_back_is_done_in_the_next_week() -> None:
    again = np.array([[0.0, 1.0], [0.5, 0.0]])
    demand, capacity = np.array([[8.0, 0.0], [0.0, 0.0]]), np.full((2, 2), 100.0)

    found = bottleneck.through(np.zeros(2), demand, capacity, routing=again)

    # Half of eight is done in the first week, half of the four that came back in the second.
    assert (found.done, found.inside) == (6, 3)


def test_nothing_to_do_takes_no_time() -> None:
    found = bottleneck.through(np.zeros(3), np.zeros((4, 3)), np.ones((4, 3)), routing=LINE)

    assert (found.done, found.inside, found.p85_weeks) == (0, 0, None)


@given(
    some.lists(some.integers(0, 20), min_size=3, max_size=12),
    some.tuples(*[some.integers(1, 15)] * 3),
    some.integers(0, 2),
)
def test_what_comes_in_is_done_or_inside(
    comes: list[int], rates: tuple[int, int, int], place: int
) -> None:
    demand = np.zeros((len(comes), 3))
    demand[:, 0] = comes
    capacity = np.tile(np.array(rates, dtype=float), (len(comes), 1))

    found = bottleneck.gains(np.zeros(3), demand, capacity, routing=LINE)[place]

    assert found.done >= -1e-9
    assert found.before.done <= sum(comes) + 1e-9
