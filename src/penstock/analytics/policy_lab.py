"""What would have happened under another policy: the same jobs, replayed as they came."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.sequencing import ATC, POLICIES, RATIO, Job, reason

Floats = NDArray[np.float64]

#: Under these the order of those that wait changes while they wait.
CHANGING = (RATIO, ATC)


@dataclass(frozen=True, slots=True)
class Replayed:
    """When each job began and ended, in the order in which they were given, and what that came to.

    Attributes:
        start: When it began.
        end: When it was done.
        cost: Σ weight × (end − accepted): what all the waiting and working cost.
        delay: Σ weight × lateness past due.
        n_late: Jobs that ended past due, of ``n_due``.
        late_mean: Mean lateness past due of those with a due time, early ones as 0; None if none is due.
        late_p85: What 85 of 100 of them stayed within; None if none is due.
        wait_mean: Mean time from acceptance to the beginning; None for no jobs.
        wait_longest: The longest of these; None for no jobs.
        n_starved: Jobs that waited longer than the bound.
    """

    start: Floats
    end: Floats
    cost: float
    delay: float
    n_late: int
    n_due: int
    late_mean: float | None
    late_p85: float | None
    wait_mean: float | None
    wait_longest: float | None
    n_starved: int


def replay(  # noqa: PLR0913 -- the numbers of every policy
    jobs: Sequence[Job],
    policy: str,
    *,
    n_teams: int = 1,
    k: float = 2.0,
    alpha: float = 0.0,
    bound: float = inf,
    opens: float = -inf,
) -> Replayed:
    """Do jobs as they come: whenever a team is free it takes the most urgent of those that are there.

    No team rests while a job waits, and none is interrupted. To compare policies give each the same jobs:
    what differs is the policy alone.

    Args:
        jobs: With the time at which each was accepted and the hours that it took.
        policy: One of :data:`penstock.analytics.sequencing.POLICIES`.
        n_teams: Teams alike.
        k: Of ``atc``.
        alpha: Of ``ageing``.
        bound: Whoever waits longer than this counts as starved.
        opens: When work begins; what was accepted before waits until then.

    Raises:
        ValueError: No team.

    >>> jobs = [Job(key=1, work=3), Job(key=2, work=2, since=1), Job(key=3, work=1, since=2)]
    >>> replay(jobs, "fcfs").end.tolist(), replay(jobs, "spt").end.tolist()
    ([3.0, 5.0, 6.0], [3.0, 6.0, 4.0])
    """
    return summed(jobs, begun(jobs, policy, n_teams=n_teams, k=k, alpha=alpha, opens=opens), bound)


def begun(
    jobs: Sequence[Job],
    policy: str,
    *,
    n_teams: int = 1,
    k: float = 2.0,
    alpha: float = 0.0,
    opens: float = -inf,
) -> Floats:
    """When each job is begun under a policy, in the order in which jobs are given; see :func:`replay`."""
    if n_teams < 1:
        raise ValueError("at least one team")
    if policy not in POLICIES:
        raise ValueError(f"there is no policy “{policy}”")
    start = np.zeros(len(jobs))
    coming = sorted(range(len(jobs)), key=lambda k: (jobs[k].since, jobs[k].key))
    queue: _Fixed | _Changing = (
        _Changing(jobs, policy, k) if policy in CHANGING else _Fixed(jobs, policy, alpha)
    )
    free = [opens] * n_teams
    n_come, now = 0, opens
    for _job in jobs:
        now = max(now, free[0])
        if not len(queue):
            now = max(now, jobs[coming[n_come]].since)
        while n_come < len(jobs) and jobs[coming[n_come]].since <= now:
            queue.add(coming[n_come])
            n_come += 1
        chosen = queue.take(now)
        start[chosen] = now
        heapq.heapreplace(free, now + jobs[chosen].work)
    return start


class _Fixed:
    """Jobs that wait in an order which never changes."""

    def __init__(self, jobs: Sequence[Job], policy: str, alpha: float) -> None:
        self._jobs, self._policy, self._alpha = jobs, policy, alpha
        self._heap: list[tuple[float, float, int, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, n: int) -> None:
        job = self._jobs[n]
        urgent = reason(job, policy=self._policy, among=[job], alpha=self._alpha).index
        heapq.heappush(self._heap, (-urgent, job.since, job.key, n))

    def take(self, _now: float) -> int:
        return heapq.heappop(self._heap)[-1]


class _Changing:
    """Jobs that wait and overtake each other while they do: all are looked at whenever one is taken."""

    def __init__(self, jobs: Sequence[Job], policy: str, k: float) -> None:
        self._policy, self._k = policy, k
        self._work = np.array([job.work for job in jobs])
        self._weight = np.array([job.weight for job in jobs])
        self._due = np.array([job.due for job in jobs])
        self._lead = np.array([job.lead or job.work for job in jobs])
        # They come in the order of acceptance, then of key: among equals the first of the list is next.
        self._here: list[int] = []

    def __len__(self) -> int:
        return len(self._here)

    def add(self, n: int) -> None:
        self._here.append(n)

    def take(self, now: float) -> int:
        return self._here.pop(int(self._index(np.array(self._here), now).argmax()))

    def _index(self, here: NDArray[np.int64], now: float) -> Floats:
        work, due = self._work[here], self._due[here] - now
        if self._policy == RATIO:
            return np.asarray(-due / self._lead[here])
        slack = np.maximum(due - work, 0.0)
        return np.asarray(self._weight[here] / work * np.exp(-slack / (self._k * work.mean())))


def summed(jobs: Sequence[Job], start: Floats, bound: float = inf) -> Replayed:
    """What it comes to if jobs begin at some times; weights count what waiting costs, whatever decided.

    >>> summed([Job(key=1, work=2, weight=3, due=1)], np.zeros(1)).delay
    3.0
    """
    accepted = np.array([job.since for job in jobs])
    weight = np.array([job.weight for job in jobs])
    end = start + np.array([job.work for job in jobs])
    due = np.array([job.due for job in jobs])
    late, is_due, waited = np.maximum(end - due, 0.0), np.isfinite(due), start - accepted
    n_due = int(is_due.sum())
    p85 = np.quantile(late[is_due], 0.85, method="inverted_cdf") if n_due else None
    return Replayed(
        start=start,
        end=end,
        cost=float((weight * (end - accepted)).sum()),
        delay=float((weight * late).sum()),
        n_late=int((late > 0).sum()),
        n_due=n_due,
        late_mean=float(late[is_due].mean()) if n_due else None,
        late_p85=None if p85 is None else float(p85),
        wait_mean=float(waited.mean()) if len(jobs) else None,
        wait_longest=float(waited.max()) if len(jobs) else None,
        n_starved=int((waited > bound).sum()),
    )
