"""Why the backlog changed: the printed cases, the axioms, and disruptions that are not rescaled."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import backlog_change, shapley
from penstock.analytics.backlog_change import Course, Loss

amounts = st.decimals(0, 200, places=4)
weeks = st.lists(amounts, min_size=4, max_size=4)
courses = st.builds(
    Course,
    opening=amounts,
    demand=weeks,
    capacity=weeks,
    cancelled=weeks,
    changed=st.lists(st.decimals(-50, 50, places=4), min_size=4, max_size=4),
)


def _flat(demand: int, capacity: int) -> Course:
    return Course(Decimal(0), demand=[Decimal(demand)] * 10, capacity=[Decimal(capacity)] * 10)


def _series(*numbers: int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("was", "now", "change", "demand", "capacity"),
    [
        ((100, 100), (110, 100), 100, 100, 0),
        ((100, 100), (100, 90), 100, 0, 100),
        ((100, 100), (110, 90), 200, 100, 100),
        ((90, 100), (105, 95), 100, 75, 25),
    ],
)
def test_printed_cases(
    was: tuple[int, int], now: tuple[int, int], change: int, demand: int, capacity: int
) -> None:
    found = backlog_change.attribute(_flat(*now), baseline=_flat(*was))

    assert found.change == change
    assert (found.shares["demand"], found.shares["capacity"]) == (demand, capacity)
    assert [found.shares[name] for name in ("opening", "cancelled", "changed")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("order", "demand", "capacity"),
    [(("demand", "capacity"), 50, 50), (("capacity", "demand"), 100, 0)],
)
def test_one_order_alone_would_tell_another_story(
    order: tuple[str, ...], demand: int, capacity: int
) -> None:
    shares = backlog_change.by_sequence(_flat(105, 95), baseline=_flat(90, 100), order=order)

    assert shares == {"demand": demand, "capacity": capacity}


def test_both_orders_agree_where_effects_do_not_meet() -> None:
    first, second = (
        backlog_change.by_sequence(_flat(110, 90), baseline=_flat(100, 100), order=order)
        for order in (("demand", "capacity"), ("capacity", "demand"))
    )

    assert first == second == {"demand": 100, "capacity": 100}


def _recorded(*losses: Loss) -> tuple[Course, Course]:
    base = Course(
        Decimal(0), demand=_series(100, 100, 100, 80, 100, 100), capacity=_series(*[100] * 6)
    )
    left = [
        capacity - sum(loss.taken[week] for loss in losses)
        for week, capacity in enumerate(base.capacity)
    ]
    return replace(base, capacity=left), base


THREE = (
    Loss("press", _series(0, 30, 0, 0, 0, 0)),
    Loss("supplier", _series(0, 0, 20, 0, 0, 0)),
    Loss("absence", _series(0, 0, 0, 0, 10, 0)),
)


def test_recorded_disruptions_share_the_change_and_leave_nothing() -> None:
    actual, base = _recorded(*THREE)

    found = backlog_change.attribute_with_causes(actual, baseline=base, losses=THREE)

    assert found.change == 40
    assert [found.shares[name] for name in ("press", "supplier", "absence")] == [20, 10, 10]
    assert found.shares["unexplained"] == 0


def test_taking_one_disruption_away_at_a_time_does_not_add_up() -> None:
    actual, _base = _recorded(*THREE)
    whole = backlog_change.closing(actual)

    saved = [
        whole
        - backlog_change.closing(
            replace(
                actual,
                capacity=[
                    left + loss for left, loss in zip(actual.capacity, one.taken, strict=True)
                ],
            )
        )
        for one in THREE
    ]

    assert saved == [30, 20, 10]
    assert sum(saved) != whole


def test_losses_beyond_what_was_recorded_stay_unexplained() -> None:
    actual, base = _recorded(*THREE)

    found = backlog_change.attribute_with_causes(actual, baseline=base, losses=THREE[:1])

    assert found.shares["press"] + found.shares["unexplained"] == 40
    assert found.shares["unexplained"] > 0


def test_more_recorded_than_was_lost_is_unexplained_with_the_other_sign() -> None:
    actual, base = _recorded(Loss("press", _series(0, 30, 0, 0, 0, 0)))
    told = [Loss("press", _series(0, 50, 0, 0, 0, 0))]

    found = backlog_change.attribute_with_causes(actual, baseline=base, losses=told)

    assert found.shares["unexplained"] < 0
    assert found.shares["press"] + found.shares["unexplained"] == found.change


def test_disruption_where_there_was_room_has_no_share() -> None:
    base = Course(Decimal(0), demand=_series(50, 50, 50), capacity=_series(100, 100, 100))
    loss = Loss("press", _series(0, 40, 0))
    actual = replace(base, capacity=_series(100, 60, 100))

    found = backlog_change.attribute_with_causes(actual, baseline=base, losses=[loss])

    assert found.shares["press"] == 0


def test_capacity_as_a_product_is_shared_exactly() -> None:
    was = {
        "hours": Fraction(400),
        "up": Fraction("0.90"),
        "pace": Fraction(1),
        "per": 1 / Fraction("3.6"),
    }
    now = {
        "hours": Fraction(400),
        "up": Fraction("0.85"),
        "pace": Fraction("0.96"),
        "per": 1 / Fraction("3.8"),
    }

    shares = backlog_change.attribute_product(now, baseline=was)

    assert [round(float(share), 4) for share in shares.values()] == [0, -5.3021, -3.7875, -5.0156]
    assert round(float(sum(shares.values())), 4) == -14.1053


def test_logarithmic_means_give_nearly_the_same() -> None:
    old, new = 100.0, 400 * 0.85 * 0.96 / 3.8
    mean = (new - old) / log(new / old)

    parts = [mean * log(ratio) for ratio in (0.85 / 0.9, 0.96, 3.6 / 3.8)]

    assert [round(part, 4) for part in parts] == [-5.3025, -3.7870, -5.0157]


@given(courses, courses)
def test_shares_sum_to_the_change_to_the_last_place(actual: Course, baseline: Course) -> None:
    found = backlog_change.attribute(actual, baseline=baseline)

    assert sum(found.shares.values()) == Fraction(found.change)
    assert sum(shapley.in_whole(found.shares).values()) == found.change


@given(courses, courses, weeks)
def test_causes_sum_to_the_share_of_capacity(
    actual: Course, baseline: Course, lost: list[Decimal]
) -> None:
    plain = backlog_change.attribute(actual, baseline=baseline)

    split = backlog_change.attribute_with_causes(
        actual, baseline=baseline, losses=[Loss("press", lost)]
    )

    assert split.shares["press"] + split.shares["unexplained"] == plain.shares["capacity"]
    assert split.shares["demand"] == plain.shares["demand"]


@given(courses)
def test_nothing_changed_has_no_shares(course: Course) -> None:
    found = backlog_change.attribute(course, baseline=course)

    assert set(found.shares.values()) == {0}


@given(courses, courses)
def test_backlog_is_never_below_nothing(actual: Course, baseline: Course) -> None:
    assert min(backlog_change.course_of(actual)) >= 0


def test_independent_lines_add_up() -> None:
    lines = [((90, 100), (105, 95)), ((100, 100), (110, 90))]
    found = [backlog_change.attribute(_flat(*now), baseline=_flat(*was)) for was, now in lines]

    both = shapley.exact(
        lambda on: sum(
            backlog_change.closing(
                Course(
                    Decimal(0),
                    demand=_flat(*(now if "demand" in on else was)).demand,
                    capacity=_flat(*(now if "capacity" in on else was)).capacity,
                )
            )
            for was, now in lines
        ),
        ["demand", "capacity"],
    )

    assert both["demand"] == sum(one.shares["demand"] for one in found) == 175


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (Course(Decimal(-1), demand=[], capacity=[]), "below nothing"),
        (Course(Decimal(0), demand=_series(1, 2), capacity=_series(1)), "as many weeks"),
    ],
)
def test_impossible_courses_are_refused(course: Course, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        backlog_change.course_of(course)


def test_courses_of_different_length_are_refused() -> None:
    short = Course(Decimal(0), demand=_series(1), capacity=_series(1))

    with pytest.raises(ValueError, match="align"):
        backlog_change.attribute(_flat(1, 1), baseline=short)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (Loss("demand", _series(*[1] * 10)), "name of a factor"),
        (Loss("press", _series(*[-1] * 10)), "0 or more"),
        (Loss("press", _series(1)), "every week"),
    ],
)
def test_impossible_losses_are_refused(loss: Loss, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        backlog_change.attribute_with_causes(_flat(1, 1), baseline=_flat(1, 1), losses=[loss])


def test_baseline_is_aligned_by_working_days_and_a_holiday_week_takes_none() -> None:
    aligned = backlog_change.aligned(_series(50, 50), days=[5, 5], onto=[5, 0])

    assert aligned == _series(50, 0)
    assert backlog_change.aligned(_series(0), days=[0], onto=[5, 5]) == _series(0, 0)
