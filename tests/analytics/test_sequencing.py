"""In which order to work: the golden instance, printed problems, and brute force where there is no formula."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import promising, sequencing
from penstock.analytics.sequencing import Job
from tests.analytics import closed_forms as forms


def _jobs(*rows: tuple[float, ...]) -> list[Job]:
    """Work, weight, due of each; accepted in this order."""
    return [
        Job(key=n + 1, work=p, weight=w, due=d, since=n - 100) for n, (p, w, d) in enumerate(rows)
    ]


SIX = _jobs((5, 4, 10), (3, 1, 6), (8, 6, 14), (2, 2, 4), (6, 9, 12), (4, 3, 20))
ALL_ORDERS = list(permutations(SIX))


def _keys(order: list[Job] | tuple[Job, ...]) -> list[int]:
    return [job.key for job in order]


@pytest.mark.parametrize(
    ("policy", "order", "figures"),
    [
        ("fcfs", [1, 2, 3, 4, 5, 6], (460, 174, 14, 5, 38)),
        ("edd", [4, 2, 1, 5, 3, 6], (421, 120, 10, 3, 22)),
        ("spt", [4, 2, 6, 1, 5, 3], (440, 172, 14, 3, 26)),
        ("wspt", [5, 4, 1, 3, 6, 2], (351, 99, 22, 5, 41)),
        ("atc", [4, 5, 1, 3, 6, 2], (357, 91, 22, 4, 37)),
    ],
)
def test_six_jobs(policy: str, order: list[int], figures: tuple[float, ...]) -> None:
    found = sequencing.ordered(SIX, policy=policy)

    result = sequencing.result(found)
    assert _keys(found) == order
    assert (
        result.cost,
        result.weighted_tardiness,
        result.worst,
        result.n_late,
        result.tardiness,
    ) == figures


def test_six_jobs_by_brute_force() -> None:
    results = {tuple(_keys(order)): sequencing.result(order) for order in ALL_ORDERS}
    best = min(results, key=lambda order: results[order].weighted_tardiness)

    assert best == (4, 1, 5, 3, 6, 2)
    assert results[best] == sequencing.Result(378, 88, 22, 4, 35)
    assert min(one.cost for one in results.values()) == 351
    assert min(one.worst for one in results.values()) == 10
    assert min(one.n_late for one in results.values()) == 2
    assert min(one.tardiness for one in results.values()) == 18


def test_search_finds_the_best_of_six_jobs() -> None:
    found = sequencing.atc_with_search(SIX)

    assert sequencing.result(found).weighted_tardiness == 88


def test_indices_of_six_jobs() -> None:
    found = [sequencing.reason(job, policy="atc", among=SIX).index for job in SIX]

    assert found == pytest.approx([0.4682, 0.2417, 0.3943, 0.8071, 0.7887, 0.1351], abs=5e-5)


def test_fewest_late_is_as_printed() -> None:
    jobs = _jobs((7, 1, 9), (8, 1, 17), (4, 1, 18), (6, 1, 19), (6, 1, 21))

    kept, late = sequencing.fewest_late(jobs)

    assert len(late) == 2
    assert sorted(_keys(kept)) == [3, 4, 5]


def test_total_tardiness_is_as_printed() -> None:
    jobs = _jobs((121, 1, 260), (79, 1, 266), (147, 1, 266), (83, 1, 336), (130, 1, 337))
    results = {tuple(_keys(o)): sequencing.result(o).tardiness for o in permutations(jobs)}

    best = {order for order, tardiness in results.items() if tardiness == min(results.values())}

    assert results[(1, 2, 4, 5, 3)] == 370
    assert best == {(1, 2, 4, 5, 3), (2, 1, 4, 5, 3)}
    assert sequencing.result(sequencing.ordered(jobs, policy="edd")).tardiness == 398
    assert sequencing.result(sequencing.ordered(jobs, policy="spt")).tardiness == 393


@pytest.mark.parametrize(
    ("order", "revenue", "cost"),
    [((3, 2, 1), 103, 163), ((1, 2, 3), 91, 175), ((2, 3, 1), 109, 157)],
)
def test_revenue_of_fourteen_months(order: tuple[int, ...], revenue: float, cost: float) -> None:
    jobs = {job.key: job for job in _jobs((3, 3, 99), (4, 7, 99), (6, 9, 99))}

    found = sequencing.result([jobs[key] for key in order]).cost

    assert found == cost
    assert 19 * 14 - found == revenue


def test_weight_per_hour_is_the_best_of_them() -> None:
    jobs = _jobs((3, 3, 99), (4, 7, 99), (6, 9, 99))

    assert _keys(sequencing.ordered(jobs, policy="wspt")) == [2, 3, 1]


def test_job_that_others_need_is_worth_the_best_part_of_its_tree() -> None:
    jobs = _jobs((9, 0, 99), (8, 10, 99), (8, 10, 99), (8, 10, 99), (5, 6, 99))
    needs = {2: 1, 3: 1, 4: 1}

    found = sequencing.after_others(jobs, needs=needs)
    by_sum_of_ratios = [jobs[0], *jobs[1:4], jobs[4]]

    assert sequencing.result(found).cost == 930
    assert found[0].key == 5
    assert sequencing.result(by_sum_of_ratios).cost == 978


trees = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=6
)


@given(trees)
def test_no_allowed_order_is_cheaper(rows: list[tuple[int, int, int]]) -> None:
    jobs = [Job(key=n, work=p, weight=w) for n, (p, w, _up) in enumerate(rows)]
    needs = {n: up % n for n, (_p, _w, up) in enumerate(rows) if n and up}

    found = sequencing.after_others(jobs, needs=needs)

    allowed = [
        order
        for order in permutations(jobs)
        if all(_keys(order).index(up) < _keys(order).index(n) for n, up in needs.items())
    ]
    assert tuple(found) in allowed
    best = min(sequencing.result(order).cost for order in allowed)
    assert sequencing.result(found).cost == pytest.approx(best)


@pytest.mark.parametrize("needs", [{1: 2, 2: 1}, {1: 9}])
def test_ring_and_missing_job_are_refused(needs: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="need"):
        sequencing.after_others(SIX, needs=needs)


waiting = st.lists(
    st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(-30, 30)),
    min_size=2,
    max_size=6,
).map(lambda rows: [Job(key=n, work=p, weight=w, since=s) for n, (p, w, s) in enumerate(rows)])


@given(waiting, st.floats(0.5, 50))
def test_nobody_is_overtaken_after_the_longest_wait(jobs: list[Job], longest: float) -> None:
    alpha = sequencing.alpha_for(jobs, longest_wait=longest)

    order = sequencing.ordered(jobs, policy="ageing", alpha=alpha)

    place = {job.key: number for number, job in enumerate(order)}
    for old in jobs:
        until = sequencing.overtaken_until(old, among=jobs, alpha=alpha)
        assert until <= old.since + longest * (1 + 1e-9) or alpha == 0
        later = [one for one in jobs if one.since > max(until, old.since) + 1e-6]
        assert all(place[old.key] < place[one.key] for one in later)


@given(waiting)
def test_search_is_never_worse_than_its_start(jobs: list[Job]) -> None:
    dated = [Job(key=job.key, work=job.work, weight=job.weight, due=job.since + 30) for job in jobs]

    before, after = (
        sequencing.result(order).weighted_tardiness
        for order in (sequencing.ordered(dated, policy="atc"), sequencing.atc_with_search(dated))
    )

    assert after <= before


@given(waiting)
def test_weight_per_hour_costs_the_least(jobs: list[Job]) -> None:
    found = sequencing.result(sequencing.ordered(jobs, policy="wspt")).cost

    assert found <= min(sequencing.result(order).cost for order in permutations(jobs)) + 1e-9


def test_classes_wait_as_the_formula_says() -> None:
    # Two classes with priority for the first, as a queue: the load waits as long in any order.
    first, second = forms.priority_waits([0.3, 0.5])
    rng = np.random.default_rng(1)
    n = 60_000
    comes = np.cumsum(rng.exponential(1 / 0.8, n))
    is_first, work = rng.random(n) < 0.3 / 0.8, rng.exponential(1, n)
    waits = _with_priority(comes, work, is_first)

    assert waits[is_first].mean() == pytest.approx(first, rel=0.12)
    assert waits[~is_first].mean() == pytest.approx(second, rel=0.25)
    plain = promising.schedule(work[:, None, None], teams=[1], release=comes)[:, 0] - comes - work
    loads = (waits * work).mean(), (plain * work).mean()
    assert loads[0] == pytest.approx(loads[1], rel=0.05)


def _with_priority(comes: np.ndarray, work: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    waits = np.zeros(len(comes))
    queues: tuple[list[int], list[int]] = ([], [])
    at, upcoming = 0.0, 0
    for _served in range(len(comes)):
        if not (queues[0] or queues[1]):
            at = max(at, comes[upcoming])
        while upcoming < len(comes) and comes[upcoming] <= at:
            queues[0 if is_first[upcoming] else 1].append(upcoming)
            upcoming += 1
        job = (queues[0] or queues[1]).pop(0)
        waits[job] = at - comes[job]
        at += work[job]
    return waits


def test_order_of_clear_jobs_hangs_on_no_guess_and_of_equal_ones_on_all() -> None:
    rng = np.random.default_rng(2)
    clear = [Job(key=n, work=1, weight=100**n) for n in range(4)]
    alike = [Job(key=n, work=1, weight=1) for n in range(4)]

    sure, unsure = (
        sequencing.sensitivity(jobs, policy="wspt", spread=0.5, n=400, rng=rng)
        for jobs in (clear, alike)
    )

    assert sure.first_changes < 0.01
    assert unsure.first_changes == pytest.approx(0.75, abs=0.1)
    assert unsure.pairs_turn == pytest.approx(0.5, abs=0.05)


def test_place_by_age_says_what_the_age_brought() -> None:
    old = Job(key=1, work=2, weight=4, since=-10)

    found = sequencing.reason(old, policy="ageing", among=[old], alpha=0.1)

    assert found.index == 3.0
    assert (found.terms["ratio"], found.terms["aged"]) == (2.0, 1.0)


@pytest.mark.parametrize(("policy", "order"), [("critical_ratio", [2, 1]), ("slack", [2, 1])])
def test_what_has_the_least_time_goes_first(policy: str, order: list[int]) -> None:
    jobs = _jobs((5, 1, 30), (10, 1, 12))

    assert _keys(sequencing.ordered(jobs, policy=policy)) == order


def test_stories_are_ranked_by_what_they_reach() -> None:
    assert sequencing.rice(reach=500, impact=3, confidence=0.8, effort=2) == 600
    with pytest.raises(ValueError, match="effort"):
        sequencing.rice(reach=1, impact=1, confidence=1, effort=0)
