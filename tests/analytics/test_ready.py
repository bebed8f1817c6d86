"""From planned hours to days: clocks, pace, and whether promises hold once they learn."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from penstock.analytics import calibration, promising, ready
from penstock.analytics.ready import Crew, Pace

STARTS = np.arange(0.0, 24.0 * 365, 24.0)
EIGHT = np.tile([8.0] * 5 + [0.0] * 2, 53)[: len(STARTS) - 1]


def _even(n_paths: int, n_weeks: int = 52) -> Pace:
    return Pace(np.ones((n_paths, n_weeks)), "blocks", 30, ())


def _done(work: list[list[float]], places: tuple[int, ...], **details: object) -> np.ndarray:
    hours = np.array(work)
    crew = Crew(places, np.array([EIGHT * n for n in places]))
    release = np.zeros(len(hours)) if details.get("release") is None else details["release"]
    return ready.done(hours[:, :, None], crew, release=release, starts=STARTS)


def test_seven_days_of_work_on_three_places_take_three_days() -> None:
    # Seven equal jobs on three places: done in the first, the second and the third round.
    found = _done([[8.0]] * 7, (3,))

    assert found[:, 0].tolist() == [24, 24, 24, 48, 48, 48, 72]


def test_free_days_bring_nothing() -> None:
    found = _done([[40.0], [8.0]], (1,))

    assert found[:, 0].tolist() == [120, 192]


def test_two_stages_follow_each_other_as_johnson_has_them() -> None:
    hours = [(1, 4), (3, 2), (2, 2)]
    crew = Crew((1, 1), np.full((2, len(STARTS) - 1), 24.0))
    work = np.array(hours, dtype=float)

    found = ready.done(work[:, :, None], crew, release=np.zeros(3), starts=STARTS)

    assert found[:, 0].tolist() == [5, 7, 9]


def test_team_without_hours_and_holds_without_an_end_are_never_done() -> None:
    nobody = Crew((2,), np.zeros((1, len(STARTS) - 1)))
    work = np.full((2, 1, 1), 8.0)

    never = ready.done(work, nobody, release=np.zeros(2), starts=STARTS)
    held = _done([[8.0], [8.0]], (1,), release=np.array([inf, 0.0]))

    assert never.tolist() == [[inf], [inf]]
    assert held[:, 0].tolist() == [inf, 24]


def test_half_the_pace_takes_twice_as_long_and_holds_still_hold() -> None:
    planned = np.array([[84.0, 84.0], [10.0, 10.0]])
    half = Pace(np.full((2, 60), 0.5), "blocks", 30, ())

    found = ready.warped(planned, half, release=np.array([0.0, 500.0]))

    assert found.tolist() == [[168.0, 168.0], [500.0, 500.0]]


def test_beyond_the_drawn_weeks_time_goes_on_at_the_mean_pace() -> None:
    found = ready.warped(
        np.array([[336.0]]), Pace(np.full((1, 1), 0.5), "", 9, ()), release=np.zeros(1)
    )

    assert found.tolist() == [[168.0 + (336.0 - 84.0) / 0.5]]


@pytest.mark.parametrize(("n", "method"), [(5, "assumed"), (12, "bayes"), (40, "blocks")])
def test_pace_is_drawn_from_as_much_as_there_is(n: int, method: str) -> None:
    told = ready.pace(
        np.full(n, 0.8), np.full(n, True), n_weeks=3, n_paths=50, rng=np.random.default_rng(1)
    )

    assert told.method == method
    assert told.share.shape == (50, 3)
    assert (told.n_history, bool(told.warnings)) == (n, method == "assumed")


def test_weeks_without_work_say_nothing_of_the_pace() -> None:
    brought = np.array([1.0] * 20 + [0.1] * 20)
    busy = np.array([True] * 20 + [False] * 20)

    told = ready.pace(brought, busy, n_weeks=8, n_paths=200, rng=np.random.default_rng(1))

    assert told.share.min() > 0.9


def _world(rng: np.random.Generator, level: float, n_worlds: int) -> list[bool]:
    """Promises in worlds whose work is off by more than the model takes it to be: whether each held."""
    held = []
    for _number in range(n_worlds):
        history = np.maximum(rng.normal(0.8, 0.15, 40), 0.1)
        hours = rng.uniform(4, 40, (12, 1))
        crew = Crew((2,), np.array([EIGHT * 2]))
        pace = ready.pace(history, np.full(40, True), n_weeks=52, n_paths=200, rng=rng)
        drawn = hours[:, :, None] * ready.off(12, 200, rng=rng)[:, None, :]
        planned = ready.done(drawn, crew, release=np.zeros(12), starts=STARTS)
        days = ready.warped(planned, pace, release=np.zeros(12))[-1]
        said = promising.promised(days, sure=(level,)).hours[0]
        truth = Pace(np.maximum(rng.normal(0.78, 0.15, (1, 52)), 0.1), "", 0, ())
        longer = np.exp(rng.normal(-0.125, 0.5, (12, 1)))
        real = ready.done(
            hours[:, :, None] * longer[:, None, :], crew, release=np.zeros(12), starts=STARTS
        )
        came = ready.warped(real, truth, release=np.zeros(12))[-1, 0]
        held.append(said is not None and bool(came <= said))
    return held


def test_promises_hold_as_often_as_said_once_they_have_learned() -> None:
    rng = np.random.default_rng(7)

    level, shift = 0.85, 0.0
    for _round in range(4):
        told = _world(rng, level, 300)
        shift += calibration.shift(300 - sum(told), n=300, level=0.85)
        level = calibration.recalibrated(0.85, by=shift)
    held = _world(rng, level, 400)

    low, high = calibration.usual(400, 0.15)
    assert 0.85 < level < 0.95
    assert low <= 400 - sum(held) <= high


def test_without_learning_the_same_promises_break_too_often() -> None:
    told = _world(np.random.default_rng(7), 0.85, 400)

    assert calibration.kept(400 - sum(told), n=400, level=0.85).is_off


def test_held_work_lets_others_go_first_and_takes_its_place_on_the_day() -> None:
    crew = Crew((1,), np.array([EIGHT]))
    work = np.full((4, 1), 8.0)
    release = np.array([40.0, np.inf, 0.0, 0.0])

    turns = ready.turns(work, crew, release=release, starts=STARTS)

    assert turns == [1, 2, 3, 0]
    assert ready.turns(work, crew, release=np.zeros(4), starts=STARTS) == [0, 1, 2, 3]


def test_hold_ends_on_its_day_however_much_an_hour_brings() -> None:
    half = Pace(np.full((1, 60), 0.5), "blocks", 30, ())
    release = np.array([300.0, np.inf])

    planned = ready.gained(release, half)

    assert planned.tolist() == [[150.0], [np.inf]]
    assert ready.warped(planned, half, release=release).tolist() == [[300.0], [np.inf]]


def test_deal_that_is_put_in_between_is_paid_for_by_those_behind_it() -> None:
    # Ten a week: A 20, B 30, C 15 are done in weeks 2, 5 and 6.5; D 25 after A makes it 4.5, 7.5 and 9.
    def weeks(*sizes: float) -> list[float]:
        work = np.array(sizes)[:, None, None] / 10
        return promising.schedule(work, teams=[1])[:, 0].tolist()

    before, after = weeks(20, 30, 15), weeks(20, 25, 30, 15)

    assert (before, after) == ([2, 5, 6.5], [2, 4.5, 7.5, 9])
    b = ready.harm(np.array(before[1:2]), np.array(after[2:3]), due=6)
    c = ready.harm(np.array(before[2:]), np.array(after[3:]), due=8)
    assert (b, c) == (1.5, 1.0)
    assert b * 4 + c * 1 == 7


def test_begun_work_takes_what_is_left_given_its_age() -> None:
    rng = np.random.default_rng(3)
    factors = np.exp(rng.normal(0, 0.8, 20_000))

    found = ready.left(4.0, age=5.0, factors=factors, rng=rng)

    # Lognormal with median 4: after five the middle has three more to go, not none.
    cuts = np.quantile(found, (0.5, 0.85, 0.95), method="inverted_cdf")
    assert cuts.tolist() == pytest.approx([2.955, 9.015, 15.853], rel=0.05)
    assert ready.left(4.0, age=0.0, factors=factors, rng=rng).tolist() == (4 * factors).tolist()


def test_begun_work_older_than_anything_drawn_still_ends() -> None:
    found = ready.left(4.0, age=900.0, factors=np.ones(50), rng=np.random.default_rng(3))

    assert 0 < found.min() <= found.max() <= 4.0


def test_people_who_follow_their_work_do_all_stages_of_it_at_once() -> None:
    work = np.full((2, 2, 1), 4.0)
    pooled = Crew((1,), np.array([EIGHT]))
    parted = Crew((1, 1), np.array([EIGHT / 2, EIGHT / 2]))

    one = ready.done(work, pooled, release=np.zeros(2), starts=STARTS)[:, 0]
    other = ready.done(work, parted, release=np.zeros(2), starts=STARTS)[:, 0]

    assert one.tolist() == [24, 48]
    assert other.tolist() == [48, 72]


def test_limited_crew_does_a_part_and_never_nothing() -> None:
    crew = Crew((4, 2), np.array([EIGHT, EIGHT]))

    few = crew.limited([0.25, 0.1])

    assert few.places == (1, 1)
    assert few.per_day[0].sum() == EIGHT.sum() / 4
