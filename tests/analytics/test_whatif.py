"""What if: the line by hand, the fan against closed forms, and scenarios that differ by what was changed."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import whatif
from penstock.analytics.weeks import Draws, Floats
from penstock.analytics.whatif import Costs, Crew, Queue, Scenario, Stop
from tests.analytics import closed_forms as forms

NOTHING = Scenario()


def _flat(demand: float, capacity: float, *, n: int = 10) -> tuple[Floats, Floats]:
    return np.full(n, demand), np.full(n, capacity)


def _draws(demand: Floats, capacity: Floats) -> Draws:
    return Draws(demand, capacity, "blocks", 30, ())


@pytest.mark.parametrize(
    ("demand", "capacity", "closing"), [(110, 100, 100), (100, 90, 100), (110, 90, 200)]
)
def test_line_of_steady_weeks(demand: float, capacity: float, closing: float) -> None:
    assert whatif.walk(0, *_flat(demand, capacity))[-1] == closing


def test_time_to_clear_and_to_wait() -> None:
    assert whatif.weeks_to_clear(100, demand=110, capacity=120) == 10
    assert whatif.weeks_to_clear(100, demand=110, capacity=100) == inf
    assert whatif.weeks_to_clear(0, demand=110, capacity=100) == 0
    assert whatif.weeks_to_wait(100, capacity=np.full(4, 100.0)) == 1.0
    assert whatif.weeks_to_wait(150, capacity=np.array([100.0, 0.0, 100.0])) == 2.5
    assert whatif.weeks_to_wait(0, capacity=np.array([])) == 0


def test_random_demand_of_one_against_a_capacity_of_one() -> None:
    rng = np.random.default_rng(2)
    demand = rng.poisson(0.9, (4000, 600)).astype(float)

    ends = whatif.walk(0, demand, np.ones_like(demand))[:, -1]

    assert ends.mean() == pytest.approx(0.9**2 / (2 * 0.1), abs=4 * ends.std() / sqrt(4000))


def test_random_demand_against_a_hundred() -> None:
    rng = np.random.default_rng(3)
    demand = rng.poisson(95, (6000, 160)).astype(float)

    ends = whatif.walk(0, demand, np.full_like(demand, 100))[:, -1]

    assert ends.mean() == pytest.approx(5.077, abs=4 * ends.std() / sqrt(6000))
    cuts = np.quantile(ends, (0.5, 0.85, 0.95), method="inverted_cdf")
    assert cuts == pytest.approx([0, 13, 23], abs=1.5)


def test_overload_spreads_as_a_difference_of_counts() -> None:
    rng = np.random.default_rng(4)
    shape = (20_000, 10)
    draws = _draws(rng.poisson(110, shape).astype(float), rng.poisson(100, shape).astype(float))

    found = whatif.outcome(500, draws, scenario=NOTHING)

    assert [row[-1] for row in found.fan[2:]] == pytest.approx([600, 647, 675], abs=3)
    assert found.mean[-1] == pytest.approx(600, abs=4 * 45.83 / sqrt(20_000))


def test_overload_from_nothing_is_held_up_by_the_floor() -> None:
    rng = np.random.default_rng(5)
    shape = (20_000, 10)
    draws = _draws(rng.poisson(110, shape).astype(float), rng.poisson(100, shape).astype(float))

    found = whatif.outcome(0, draws, scenario=NOTHING)

    assert found.mean[-1] == pytest.approx(104.2, abs=1.3)
    assert [row[-1] for row in found.fan[2:]] == pytest.approx([103, 149, 177], abs=3)


def test_time_to_clear_spreads_as_printed_and_keeps_the_exact_relation() -> None:
    rng = np.random.default_rng(6)
    shape = (20_000, 80)
    steps = rng.poisson(110, shape).astype(float) - rng.poisson(120, shape)
    found = whatif.cleared(whatif.walk(100, np.maximum(steps, 0), np.maximum(-steps, 0)))

    assert found.weeks == (10, 16, 21)
    assert found.share == 1.0
    assert found.mean == pytest.approx(11.1, abs=0.15)
    # Wald: the mean time times the drift is the backlog and what is done beyond it in the last week.
    sums = 100 + np.cumsum(steps, axis=1)
    last = (sums <= 0).argmax(axis=1)
    beyond = -sums[np.arange(len(sums)), last].mean()
    assert found.mean * 10 == pytest.approx(100 + beyond, rel=0.02)


def test_inverse_gaussian_time_to_clear_is_near_for_small_steps() -> None:
    assert whatif.weeks_to_clear(100, demand=110, capacity=120) == 10
    assert sqrt(100 * 230 / 10**3) == pytest.approx(4.80, abs=0.005)


def test_customers_who_leave_hold_an_overload_down() -> None:
    left = 0.0
    for _week in range(2000):
        left = float(whatif.walk(left * 0.98, *_flat(110, 100, n=1))[-1])

    # In weeks of one step: what is left after 2 % are gone; the limit of ever shorter steps is 500.
    assert left == pytest.approx(500, rel=0.03)


def test_team_from_a_date_on_helps_by_what_it_does() -> None:
    draws = _draws(*(np.full((40, 10), rate) for rate in (110.0, 100.0)))
    team = Scenario(crews=(Crew(since=4, per_week=30, ramp=(0.5,), cost_per_week=7),))

    found = whatif.outcome(0, draws, scenario=team)

    assert found.line == (10, 20, 30, 40, 35, 15, 0, 0, 0, 0)
    assert found.cost == 42


def test_stop_and_overtime_and_what_they_cost() -> None:
    draws = _draws(*(np.full((40, 3), rate) for rate in (100.0, 100.0)))
    scenario = Scenario(stops=(Stop(0, 0, 0.5),), overtime=0.5)

    found = whatif.outcome(0, draws, scenario=scenario, costs=Costs(overtime=2))

    # Overtime is paid for what is worked: half of the week stood still.
    assert found.line == (25, 0, 0)
    assert found.cost == 0.5 * (50 + 100 + 100) * 2


def test_overdue_is_what_was_promised_and_is_not_done() -> None:
    draws = _draws(*(np.full((20, 3), rate) for rate in (0.0, 10.0)))

    due = Queue(
        ends=np.array([10.0, 25.0, 30.0, 60.0]),
        amounts=np.array([10.0, 15.0, 5.0, 30.0]),
        due=np.array([0, 0, 1, 4]),
    )

    found = whatif.outcome(60, draws, scenario=NOTHING, queue=due, costs=Costs(overdue=1))

    assert found.overdue == (15, 20, 0)
    assert found.cost == 35


def test_what_is_promised_first_and_done_last_is_overdue_longest() -> None:
    rate = np.full((1, 4), 10.0)
    behind = Queue(ends=np.array([40.0]), amounts=np.array([10.0]), due=np.array([-1]))
    before = Queue(ends=np.array([10.0]), amounts=np.array([10.0]), due=np.array([-1]))

    assert whatif.overdue(behind, rate).tolist() == [[10, 10, 10, 0]]
    assert whatif.overdue(before, rate).tolist() == [[0, 0, 0, 0]]


def test_held_orders_come_back_and_cancelled_ones_do_not() -> None:
    draws = _draws(*(np.full((20, 3), 10.0) for _ in "ab"))

    held = whatif.outcome(50, draws, scenario=Scenario(held=20, until=1))
    gone = whatif.outcome(50, draws, scenario=Scenario(taken_out=20))

    assert held.line == (30, 50, 50)
    assert gone.line == (30, 30, 30)


def test_no_more_is_held_than_there_is() -> None:
    draws = _draws(*(np.full((20, 2), 10.0) for _ in "ab"))

    found = whatif.outcome(50, draws, scenario=Scenario(taken_out=40, held=30, until=1))

    assert found.line == (0, 10)


def test_threshold_has_a_chance() -> None:
    demand = np.zeros((100, 1))
    demand[:30] = 50

    found = whatif.outcome(0, _draws(demand, np.zeros((100, 1))), scenario=NOTHING, threshold=40)

    assert found.passes == 0.3


def test_same_draws_tell_two_scenarios_apart_without_luck() -> None:
    rng = np.random.default_rng(8)
    draws = _draws(rng.poisson(95, (400, 12)) * 1.0, rng.poisson(100, (400, 12)) * 1.0)

    as_is, more = (
        whatif.outcome(300, draws, scenario=one) for one in (NOTHING, Scenario(capacity=0.1))
    )
    again = whatif.outcome(300, draws, scenario=NOTHING)

    assert again == as_is
    assert all(
        less <= before
        for rows in zip(more.fan, as_is.fan, strict=True)
        for less, before in zip(*rows, strict=True)
    )


rates = st.lists(st.floats(0, 50), min_size=5, max_size=5).map(np.array)


@given(st.floats(0, 200), rates, rates, st.floats(0, 1))
def test_more_capacity_never_leaves_more(
    opening: float, demand: Floats, capacity: Floats, more: float
) -> None:
    before = whatif.walk(opening, demand, capacity)

    after = whatif.walk(opening, demand, capacity * (1 + more))

    assert (after <= before + 1e-9).all()


@given(st.floats(0, 200), rates, rates)
def test_levers_that_are_not_touched_change_nothing(
    opening: float, demand: Floats, capacity: Floats
) -> None:
    found = whatif.changed(NOTHING, demand, capacity, opening=opening)

    assert np.array_equal(found[0], demand)
    assert np.array_equal(found[1], capacity)


@pytest.mark.parametrize(
    "fields",
    [{"demand": -1.5}, {"stops": (Stop(0, 1, 1.2),)}, {"held": -1.0}],
)
def test_impossible_scenarios_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 1|0 or more|no more than all"):
        Scenario(**fields)  # type: ignore[arg-type]  # -- wrong on purpose


def test_paths_are_enough_for_the_outer_percentile() -> None:
    assert all(10 / (1 - share) <= whatif.N_PATHS for share in whatif.FAN)


def test_closed_form_of_a_random_week_is_that_of_an_even_server() -> None:
    assert forms.one_server(0.9, variation=0).waiting == pytest.approx(4.05)
