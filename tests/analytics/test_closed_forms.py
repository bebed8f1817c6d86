"""The formulas that simulations are held against give the numbers that are printed of them."""

from __future__ import annotations

import pytest

from tests.analytics import closed_forms as forms


def test_queues_with_one_server() -> None:
    random, even = forms.one_server(0.9, variation=1), forms.one_server(0.9, variation=0)
    mixed = forms.one_server(0.8, variation=0.5)

    assert (random.inside, random.sojourn, random.waiting, random.wait) == pytest.approx(
        (9, 10, 8.1, 9)
    )
    assert (even.wait, even.waiting, even.inside) == pytest.approx((4.5, 4.05, 4.95))
    assert (mixed.wait, mixed.inside) == pytest.approx((3, 3.2))


def test_time_in_the_system() -> None:
    found = [forms.sojourn_quantile(share, rate=0.9, service=1) for share in (0.5, 0.85, 0.95)]

    assert found == pytest.approx([6.931, 18.971, 29.957], abs=5e-4)


def test_three_servers() -> None:
    assert forms.waits(2.5, 3) == pytest.approx(0.70225, abs=5e-6)
    assert forms.waits(2.5, 3) / (3 - 2.5) == pytest.approx(1.40449, abs=1e-5)


def test_classes_wait_by_priority_but_the_load_waits_as_long() -> None:
    first, second = forms.priority_waits([0.3, 0.5])

    assert (first, second) == pytest.approx((1.1429, 5.7143), abs=5e-5)
    assert 0.3 * first + 0.5 * second == pytest.approx(0.8 * 4.0) == pytest.approx(3.2)


def test_priority_that_grows_with_the_wait() -> None:
    slow, fast = forms.accumulating_waits([0.5, 0.3], [1, 4])

    assert (slow, fast) == pytest.approx((5.1613, 2.0645), abs=5e-5)
    assert 0.5 * slow + 0.3 * fast == pytest.approx(3.2)


def test_overload_is_a_difference_of_two_counts() -> None:
    chances, start = forms.skellam(1100, 1000)

    found = forms.quantiles(chances, (0.5, 0.85, 0.95), start=500 + start)

    assert found == [600, 647, 675]


def test_backlog_of_ever_with_random_demand() -> None:
    near, far = (forms.steady(forms.poisson(mean, most=260), capacity=100) for mean in (95, 90))

    assert forms.mean_of(near) == pytest.approx(5.077, abs=5e-4)
    assert forms.quantiles(near, (0.5, 0.85, 0.95)) == [0, 13, 23]
    assert forms.mean_of(far) == pytest.approx(1.110, abs=5e-4)
    # Kingman: no more than the variance over twice the slack.
    assert forms.mean_of(near) < 95 / (2 * 5) == 9.5


def test_customers_who_leave() -> None:
    crowded, calm = forms.impatient(1.1, patience=0.1), forms.impatient(0.9, patience=0.1)

    assert crowded.leaves == pytest.approx(0.21937, abs=5e-6)
    assert crowded.waiting == pytest.approx(2.41307, abs=5e-6)
    assert crowded.busy == pytest.approx(0.85869, abs=5e-6)
    assert calm.leaves == pytest.approx(0.15783, abs=5e-6)
    assert 1.1 * crowded.leaves == pytest.approx(0.1 * crowded.waiting)


def test_error_of_a_simulated_mean_wait() -> None:
    assert forms.wait_error(0.8, 1) ** 2 == pytest.approx(1976, abs=1)
