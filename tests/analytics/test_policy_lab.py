"""The replay of jobs: queues whose waits are known, and what no policy can change."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics.policy_lab import begun, replay, summed
from penstock.analytics.sequencing import (
    AGEING,
    ATC,
    EDD,
    FCFS,
    POLICIES,
    RATIO,
    SPT,
    WSPT,
    Job,
    ordered,
)

JOBS = st.lists(
    st.builds(
        Job,
        key=st.integers(1, 10**6),
        work=st.integers(1, 9),
        weight=st.integers(0, 9),
        due=st.just(math.inf) | st.integers(0, 60),
        since=st.integers(0, 40),
    ),
    unique_by=lambda job: job.key,
    max_size=12,
)


def classes(
    rates: tuple[float, float], weights: tuple[float, float], *, n: int, seed: int
) -> list[Job]:
    """Two Poisson streams of exponential jobs of mean 1."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.exponential(1 / sum(rates), n))
    is_first = rng.random(n) < rates[0] / sum(rates)
    hours = rng.exponential(1.0, n)
    return [
        Job(
            key=k,
            work=float(hours[k]),
            # Ranks a class, whatever the hours: hours are not known before the work is done.
            weight=float(weights[0] if is_first[k] else weights[1]),
            since=float(at[k]),
        )
        for k in range(n)
    ]


def waits(jobs: list[Job], start: np.ndarray, weight: float) -> float:
    return float(
        np.mean([s - j.since for s, j in zip(start, jobs, strict=True) if j.weight == weight])
    )


def test_two_classes_wait_as_the_formula_says() -> None:
    jobs = classes((0.3, 0.5), (2.0, 1.0), n=20_000, seed=5)
    ranked = [
        Job(key=j.key, work=j.work, weight=j.weight, since=j.since, due=1e9 * (3 - j.weight))
        for j in jobs
    ]

    fcfs = replay(jobs, FCFS)
    first = replay(ranked, EDD)

    # The variance of a mean wait at load .8 is about 1,976 / n.
    assert abs((fcfs.wait_mean or 0) - 4.0) < 4 * math.sqrt(1976 / 20_000)
    high, low = waits(jobs, first.start, 2.0), waits(jobs, first.start, 1.0)
    assert abs(high - 1.1429) < 0.12
    assert abs(low - 5.7143) < 2.0
    assert abs(0.3 * high + 0.5 * low - 3.2) < 4 * 0.8 * math.sqrt(1976 / 20_000)


def test_seven_jobs_on_three_teams() -> None:
    found = replay([Job(key=n, work=2) for n in range(7)], FCFS, n_teams=3)

    assert found.end.tolist() == [2, 2, 2, 4, 4, 4, 6]


@given(JOBS, st.sampled_from(POLICIES), st.integers(1, 3))
def test_nothing_begins_too_early_and_no_team_does_two_at_once(
    jobs: list[Job], policy: str, n_teams: int
) -> None:
    found = replay(jobs, policy, n_teams=n_teams, alpha=0.1)

    for start, job in zip(found.start, jobs, strict=True):
        assert start >= job.since
        busy = ((found.start <= start) & (found.end > start)).sum()
        assert busy <= n_teams


@given(JOBS, st.sampled_from(POLICIES))
def test_all_work_is_done_at_the_same_time_whatever_the_policy(
    jobs: list[Job], policy: str
) -> None:
    one, other = replay(jobs, FCFS), replay(jobs, policy)

    assert one.end.max(initial=0.0) == other.end.max(initial=0.0)
    # With equal lengths prioritising only hands the waiting round.
    alike = [Job(key=j.key, work=2, weight=j.weight, since=j.since, due=j.due) for j in jobs]
    assert math.isclose(
        replay(alike, FCFS).end.sum(), replay(alike, policy).end.sum(), abs_tol=1e-9
    )


def test_ageing_keeps_its_bound_where_shortest_first_starves() -> None:
    long = Job(key=0, work=10, weight=1)
    short = [Job(key=n, work=1, weight=1, since=n - 1) for n in range(1, 80)]

    starved = replay([long, *short], SPT, bound=30)
    aged = replay([long, *short], AGEING, alpha=0.9 / 20, bound=30)

    assert (starved.n_starved, starved.start[0]) == (1, 79.0)
    assert aged.start[0] <= 21
    assert replay([long, *short], WSPT).cost < aged.cost


def test_lateness_is_summed_and_what_is_not_due_is_left_out() -> None:
    jobs = [
        Job(key=1, work=2, weight=3, due=1),
        Job(key=2, work=2, weight=1, due=9),
        Job(key=3, work=2, weight=1),
    ]

    found = replay(jobs, FCFS)

    assert (found.n_late, found.n_due, found.late_mean, found.late_p85) == (1, 2, 0.5, 1.0)
    assert (found.delay, found.cost, found.wait_longest) == (3.0, 6 + 4 + 6, 4.0)


def test_nothing_and_wrong_input() -> None:
    found = replay([], FCFS)

    assert (found.cost, found.wait_mean, found.late_p85, found.n_late) == (0.0, None, None, 0)
    with pytest.raises(ValueError, match="team"):
        replay([], FCFS, n_teams=0)
    with pytest.raises(ValueError, match="no policy"):
        replay([], "magic")


@given(JOBS, st.sampled_from((ATC, RATIO)))
def test_who_is_next_is_whom_the_policy_puts_first_at_that_moment(
    jobs: list[Job], policy: str
) -> None:
    start = begun(jobs, policy, opens=100.0)

    left, now = list(range(len(jobs))), 100.0
    for number in sorted(left, key=lambda n: start[n]):
        here = [replace(jobs[n], due=jobs[n].due - now, since=jobs[n].since - now) for n in left]
        assert ordered(here, policy=policy)[0].key == jobs[number].key
        left.remove(number)
        now += jobs[number].work


def test_six_jobs_of_the_book_one_after_the_other() -> None:
    work, weight, due = (5, 3, 8, 2, 6, 4), (4, 1, 6, 2, 9, 3), (10, 6, 14, 4, 12, 20)
    jobs = [
        Job(key=n + 1, work=p, weight=w, due=d)
        for n, (p, w, d) in enumerate(zip(work, weight, due, strict=True))
    ]

    told = {policy: replay(jobs, policy) for policy in (FCFS, EDD, SPT, WSPT, ATC)}

    sums = {
        policy: (one.cost, one.delay, one.n_late, (one.late_mean or 0) * 6)
        for policy, one in told.items()
    }
    assert sums == {
        FCFS: (460, 174, 5, pytest.approx(38)),
        EDD: (421, 120, 3, pytest.approx(22)),
        SPT: (440, 172, 3, pytest.approx(26)),
        WSPT: (351, 99, 5, pytest.approx(41)),
        ATC: (357, 91, 4, pytest.approx(37)),
    }


def test_what_came_before_the_doors_open_waits_for_them() -> None:
    jobs = [Job(key=1, work=3, since=-9), Job(key=2, work=2, since=-4), Job(key=3, work=1, since=9)]

    found = replay(jobs, FCFS, opens=0.0)

    assert found.start.tolist() == [0, 3, 9]
    assert found.wait_longest == 9


def test_costs_count_what_waiting_costs_whatever_decided() -> None:
    jobs = [Job(key=1, work=2, weight=1), Job(key=2, work=2, weight=5)]
    ranks = [replace(job, weight=10 - job.weight) for job in jobs]

    found = summed(jobs, begun(ranks, WSPT))

    assert found.start.tolist() == [0, 2]
    assert found.cost == 1 * 2 + 5 * 4
