"""When orders are done: schedules by hand, queues by formula, and what always holds."""

from __future__ import annotations

from itertools import permutations
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import promising, whatif
from penstock.analytics.promising import Floats, Hours
from tests.analytics import closed_forms as forms

SURE = (0.50, 0.85, 0.95)


def _line(*hours: float) -> Floats:
    """One path, one stage."""
    return np.array(hours)[:, None, None]


def _stages(*jobs: tuple[float, ...]) -> Floats:
    return np.array(jobs, dtype=float)[:, :, None]


def _cuts(times: Floats) -> list[float]:
    return [float(cut) for cut in np.quantile(times, SURE, method="inverted_cdf")]


def test_seven_jobs_on_three_teams() -> None:
    done = promising.schedule(_line(*[2.0] * 7), teams=[3])

    assert done[:, 0].tolist() == [2, 2, 2, 4, 4, 4, 6]


def test_two_stages_and_the_order_of_johnson() -> None:
    jobs = [(3, 2), (1, 4), (2, 2)]
    done = promising.schedule(_stages(*jobs), teams=[1, 1])
    johnson = promising.schedule(_stages((1, 4), (3, 2), (2, 2)), teams=[1, 1])
    best = min(
        promising.schedule(_stages(*order), teams=[1, 1]).max() for order in permutations(jobs)
    )

    assert done[:, 0].tolist() == [5, 9, 11]
    assert johnson.max() == best == 9


def test_twentieth_job_of_an_exponential_server() -> None:
    work = np.random.default_rng(1).exponential(1, (20, 1, 20_000))

    done = promising.schedule(work, teams=[1])[-1]

    assert _cuts(done) == pytest.approx([19.668, 24.622, 27.879], abs=0.25)


def test_fiftieth_order_at_ten_a_week() -> None:
    work = np.random.default_rng(2).exponential(0.1, (50, 1, 20_000))

    done = promising.schedule(work, teams=[1])[-1]

    assert (done <= 5).mean() == pytest.approx(0.51881, abs=4 * sqrt(0.25 / 20_000))
    assert _cuts(done) == pytest.approx([4.967, 5.733, 6.217], abs=0.05)


@pytest.mark.parametrize(("load", "n_teams"), [(0.8, 1), (2.5, 3)])
def test_wait_with_arrivals_is_that_of_the_queue(load: float, n_teams: int) -> None:
    rng = np.random.default_rng(3)
    n, n_paths = 600, 300
    comes = np.cumsum(rng.exponential(1 / load, (n, n_paths)), axis=0)
    work = rng.exponential(1, (n, 1, n_paths))

    done = promising.schedule(work, teams=[n_teams], release=comes)

    waits = (done - comes - work[:, 0])[200:].mean(axis=0)
    expected = forms.waits(load, n_teams) / (n_teams - load)
    assert waits.mean() == pytest.approx(expected, abs=4 * waits.std() / sqrt(n_paths))


def test_steady_queue_agrees_with_simpy() -> None:
    simpy = pytest.importorskip("simpy")
    rng = np.random.default_rng(4)
    comes, work = np.cumsum(rng.exponential(0.4, 40)), rng.exponential(1, (40, 2))
    world = simpy.Environment()
    stages = [simpy.Resource(world, capacity=n) for n in (3, 1)]
    ends: dict[int, float] = {}

    def passes(job: int):  # type: ignore[no-untyped-def]  # -- a process of SimPy
        yield world.timeout(comes[job])
        with stages[0].request() as team:
            yield team
            yield world.timeout(work[job, 0])
        ends[job] = world.now

    for job in range(40):
        world.process(passes(job))
    world.run()

    done = promising.schedule(work[:, :1, None], teams=[3], release=comes)[:, 0]
    assert done.tolist() == pytest.approx([ends[job] for job in range(40)])


def test_dice_decide_when_twenty_are_done() -> None:
    exact = np.zeros(21)
    left = np.eye(21)[20]
    for week in range(1, 21):
        after = np.zeros(21)
        for rest in range(1, 21):
            for die in range(1, 7):
                after[max(rest - die, 0)] += left[rest] / 6
        exact[week], after[0], left = after[0], 0.0, after
        left[0] = 0.0
    rolls = np.random.default_rng(5).integers(1, 7, (20_000, 20)).astype(float)

    found = whatif.cleared(whatif.walk(20, np.zeros_like(rolls), rolls))

    assert exact[4:10].round(4).tolist() == [0.0540, 0.2512, 0.3317, 0.2259, 0.0983, 0.0303]
    assert forms.mean_of(exact) == pytest.approx(6.1902, abs=5e-5)
    assert found.weeks == tuple(forms.quantiles(exact, SURE)) == (6, 7, 8)
    assert found.mean == pytest.approx(6.1902, abs=0.04)


@pytest.mark.parametrize(
    ("history", "mean", "weeks"),
    [
        ((1, 3, 5, 3, 7, 8), 11.646, (12, 14, 15)),
        ((1, 3, 5, 3, 7, 8, 0, 0, 0, 4), 16.868, (17, 21, 23)),
    ],
)
def test_fifty_at_the_rates_of_past_weeks_with_those_of_nothing(
    history: tuple[int, ...], mean: float, weeks: tuple[int, ...]
) -> None:
    drawn = np.random.default_rng(6).choice(np.array(history, dtype=float), (20_000, 60))

    found = whatif.cleared(whatif.walk(50, np.zeros_like(drawn), drawn))

    assert found.weeks == weeks
    assert found.mean == pytest.approx(mean, abs=0.1)


def test_time_that_is_left_grows_with_the_age() -> None:
    places = np.array(SURE)

    fresh, aged = (
        promising.remaining_lognormal(median=4, sigma=0.8, age=age, places=places) for age in (0, 5)
    )

    assert fresh == pytest.approx([4.000, 9.165, 14.912], abs=5e-4)
    assert aged == pytest.approx([2.955, 9.015, 15.853], abs=5e-4)


def test_time_that_is_left_is_drawn_from_those_that_lasted_longer() -> None:
    rng = np.random.default_rng(7)
    durations = np.exp(rng.normal(np.log(4), 0.8, 40_000)).tolist()

    found = promising.remaining(durations, age=5, n=20_000, rng=rng)

    assert _cuts(found) == pytest.approx([2.955, 9.015, 15.853], rel=0.05)


def test_older_than_all_before_is_said_with_caution() -> None:
    found = promising.remaining([1, 2, 3], age=9, n=4000, rng=np.random.default_rng(0))

    assert found.mean() == pytest.approx(9, rel=0.1)


def test_later_arrivals_stretch_what_they_overtake() -> None:
    rng = np.random.default_rng(8)
    comes = np.cumsum(rng.exponential(1 / 0.6, (20_000, 60)), axis=1)
    work = rng.exponential(0.5, comes.shape)

    found = promising.overtaken(np.full((1, 20_000), 10.0), comes=comes, work=work)[0]

    assert found.mean() == pytest.approx(14.2857, abs=0.1)
    assert found.var() == pytest.approx(8.746, rel=0.06)


def test_order_with_parts_leaves_with_its_last_or_in_shipments() -> None:
    done = np.array([[1.0], [4.0], [6.0], [2.0]])

    whole = promising.together(done, orders=[1, 1, 1, 2])
    parts = promising.in_parts(done[:3], quantities=[2, 1, 1], at_least=2)

    assert (whole[1].tolist(), whole[2].tolist()) == ([6.0], [2.0])
    assert parts[:, 0].tolist() == [1.0, 6.0, 6.0]


def test_deal_that_is_signed_today_moves_others() -> None:
    weeks = {"A": 2.0, "B": 3.0, "C": 1.5, "D": 2.5}

    def done(order: str) -> dict[str, float]:
        ends = promising.schedule(_line(*(weeks[name] for name in order)), teams=[1])
        return dict(zip(order, ends[:, 0].tolist(), strict=True))

    assert done("ABC") == {"A": 2, "B": 5, "C": 6.5}
    assert done("ADBC") == {"A": 2, "D": 4.5, "B": 7.5, "C": 9}
    assert done("ABCD")["D"] == 9
    late = {name: max(0, done("ADBC")[name] - due) for name, due in (("B", 6), ("C", 8))}
    assert late == {"B": 1.5, "C": 1.0}
    assert 4 * late["B"] + 1 * late["C"] == 7


def test_hold_without_an_end_has_no_date_and_lets_others_pass() -> None:
    done = promising.schedule(_line(2, 3), teams=[1], release=np.array([inf, 0.0]))

    assert done[:, 0].tolist() == [inf, 3.0]
    assert promising.promised(done[0]).hours == (None, None, None)


def test_stage_without_teams_never_finishes_but_others_pass_by() -> None:
    done = promising.schedule(_stages((1, 2), (3, 0)), teams=[1, 0])

    assert done[:, 0].tolist() == [inf, 4.0]


def test_order_beyond_the_horizon_says_how_likely_it_is_within() -> None:
    found = promising.promised(np.array([5.0, 20.0, 30.0, 40.0]), horizon=10)

    assert found.hours == (None, None, None)
    assert found.within == 0.25


def test_stage_with_hours_of_its_own_waits_for_the_morning() -> None:
    days = np.arange(4) * 24.0
    at = np.sort(np.concatenate([days, days + 8]))
    clock = Hours(at=at, worked=np.repeat(np.arange(5) * 8.0, 2)[1:-1])

    done = promising.schedule(_line(8, 1, 8, 40), teams=[1], hours={0: clock})

    assert done[:, 0].tolist() == [8, 25, 49, inf]


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="teams"):
        promising.schedule(_line(1), teams=[1, 1])
    with pytest.raises(ValueError, match="0 or more"):
        promising.schedule(_line(-1), teams=[1])
    with pytest.raises(ValueError, match="no paths"):
        promising.promised(np.array([]))


jobs = st.lists(st.floats(0.1, 20), min_size=1, max_size=8)


@given(jobs, st.integers(1, 3))
def test_one_more_team_never_delays_the_last(work: list[float], n_teams: int) -> None:
    before, after = (
        promising.schedule(_line(*work), teams=[n]).max() for n in (n_teams, n_teams + 1)
    )

    assert after <= before + 1e-9


@given(jobs, st.data())
def test_who_moves_up_is_never_later(work: list[float], data: st.DataObject) -> None:
    mine = data.draw(st.integers(0, len(work) - 1))
    up = data.draw(st.integers(0, mine))
    moved = [*work[:up], work[mine], *work[up:mine], *work[mine + 1 :]]

    before = promising.schedule(_line(*work), teams=[2])[mine, 0]
    after = promising.schedule(_line(*moved), teams=[2])[up, 0]

    assert after <= before + 1e-9


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50).map(np.array))
def test_surer_is_later(done: Floats) -> None:
    likely, sure, surest = promising.promised(done).hours

    assert likely <= sure <= surest  # type: ignore[operator]  # -- finite, so none of them is None
