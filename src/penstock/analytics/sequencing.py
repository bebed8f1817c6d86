"""In which order to work: rules, what they bring, when they are the best, and why a job has its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf

import numpy as np

FCFS, EDD, SPT, WSPT, RATIO, SLACK, ATC, AGEING = (
    "fcfs",
    "edd",
    "spt",
    "wspt",
    "critical_ratio",
    "slack",
    "atc",
    "ageing",
)
POLICIES = (FCFS, EDD, SPT, WSPT, RATIO, SLACK, ATC, AGEING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What waits.

    Attributes:
        key: What decides between equals; no two jobs share it.
        work: Hours that are left at the bottleneck, above 0.
        weight: What a day of waiting costs, or what it earns: the same meaning for all of a queue.
        due: When it is promised, in hours from now; infinite for no promise.
        since: When it was accepted, in hours from now: below 0.
        lead: Hours until it is done once begun, with all stages; as ``work`` if left out.
    """

    key: int
    work: float
    weight: float = 1.0
    due: float = inf
    since: float = 0.0
    lead: float | None = None

    @property
    def ratio(self) -> float:
        """What an hour of work on it saves: weight by work."""
        return self.weight / self.work


@dataclass(frozen=True, slots=True)
class Result:
    """What an order of jobs brings when one machine does them one after the other from now.

    ``cost`` is weight × completion, ``tardiness`` and ``weighted_tardiness`` count what is past due only;
    ``worst`` is the largest lateness, below 0 when all are early.
    """

    cost: float
    weighted_tardiness: float
    worst: float
    n_late: int
    tardiness: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job stands where it stands: the terms of its index, by name, and the index."""

    key: int
    index: float
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How far an order hangs on guesses: of the draws, on how many another job comes first, and pairs turn."""

    n: int
    first_changes: float
    pairs_turn: float


def result(jobs: Sequence[Job]) -> Result:
    """What this order of jobs brings.

    >>> result([Job(key=1, work=2, weight=3, due=1), Job(key=2, work=1, due=9)])
    Result(cost=9.0, weighted_tardiness=3.0, worst=1.0, n_late=1, tardiness=1.0)
    """
    ends = np.cumsum([job.work for job in jobs], dtype=np.float64)
    weights = np.array([job.weight for job in jobs], dtype=np.float64)
    lateness = ends - np.array([job.due for job in jobs], dtype=np.float64)
    late = np.maximum(lateness, 0.0)
    return Result(
        cost=float(weights @ ends),
        weighted_tardiness=float(weights @ late),
        worst=float(lateness.max(initial=-inf)),
        n_late=int((late > 0).sum()),
        tardiness=float(late.sum()),
    )


def ordered(jobs: Sequence[Job], *, policy: str, k: float = 2.0, alpha: float = 0.0) -> list[Job]:
    """Jobs in the order of a policy; equals keep the order of acceptance, then of key.

    * ``fcfs``: first accepted. ``edd``: first due. ``spt``: the shortest. ``wspt``: the most weight per
      hour (WSJF, the cµ rule, contribution per bottleneck hour: by what the weight means).
    * ``critical_ratio``: time to the promise by time still needed; ``slack``: the same, as a difference.
    * ``atc``: weight per hour, discounted while there is time; again after every job. ``k`` says how far
      ahead it looks, in mean jobs.
    * ``ageing``: weight per hour plus ``alpha`` per hour waited. All age alike, so it is sorted once.

    Source:
        A. P. J. Vepsalainen and T. E. Morton, "Priority rules for job shops with weighted tardiness costs",
        Management Science 33 (1987), pp. 1035-1047; W. E. Smith, "Various optimizers for single-stage
        production", Naval Research Logistics Quarterly 3 (1956), pp. 59-66.

    >>> jobs = [Job(key=1, work=4, weight=2), Job(key=2, work=1, weight=1)]
    >>> [job.key for job in ordered(jobs, policy="wspt")]
    [2, 1]
    """
    if policy == ATC:
        return _by_atc(jobs, k=k)
    index = _indices(alpha)[policy]
    return sorted(jobs, key=lambda job: (-index(job), job.since, job.key))


def reason(
    job: Job, *, policy: str, among: Sequence[Job], k: float = 2.0, alpha: float = 0.0
) -> Reason:
    """The index of a job now, the greatest first, and the numbers that it is made of.

    Args:
        job: The job.
        policy: One of :data:`POLICIES`.
        among: All that wait, with the job.
        k: Of ``atc``.
        alpha: Of ``ageing``.
    """
    terms = {"work": job.work, "weight": job.weight, "due": job.due, "waited": -job.since}
    if policy == ATC:
        usual = sum(one.work for one in among) / len(among)
        terms["slack"] = max(job.due - job.work, 0.0)
        return Reason(job.key, _atc(job, at=0.0, usual=usual, k=k), terms)
    if policy == AGEING:
        terms |= {"ratio": job.ratio, "aged": alpha * -job.since}
    return Reason(job.key, _indices(alpha)[policy](job), terms)


def atc_with_search(jobs: Sequence[Job], *, k: float = 2.0, n_rounds: int = 50) -> list[Job]:
    """The order of ``atc``, bettered: jobs are moved wherever less weighted tardiness comes of it.

    It stops where no move helps, or after ``n_rounds`` moves. Never worse than ``atc``; not always the best
    there is: that is hard (NP-hard in the strong sense).
    """
    best = _by_atc(jobs, k=k)
    work, weight, due = (
        np.array([getattr(job, name) for job in best], dtype=np.float64)
        for name in ("work", "weight", "due")
    )
    order = np.arange(len(best))
    cost = _weighted_tardiness(order[None], work, weight, due)[0]
    for _round in range(n_rounds):
        moved = _moves(order)
        if not len(moved):
            break
        costs = _weighted_tardiness(moved, work, weight, due)
        found = int(costs.argmin())
        if costs[found] >= cost - 1e-9:
            break
        order, cost = moved[found], costs[found]
    return [best[place] for place in order.tolist()]


def fewest_late(jobs: Sequence[Job]) -> tuple[list[Job], list[Job]]:
    """The most jobs that can be on time, in order of their promise, and the ones that are given up.

    Source:
        J. M. Moore, "An n job, one machine sequencing algorithm for minimizing the number of late jobs",
        Management Science 15 (1968), pp. 102-109.

    >>> jobs = [Job(key=n + 1, work=p, due=d) for n, (p, d) in enumerate([(7, 9), (8, 17), (4, 18)])]
    >>> [job.key for job in fewest_late(jobs)[0]]
    [1, 3]
    """
    kept: list[Job] = []
    given_up: list[Job] = []
    for job in sorted(jobs, key=lambda one: (one.due, one.key)):
        kept.append(job)
        if sum(one.work for one in kept) > job.due:
            longest = max(kept, key=lambda one: (one.work, one.key))
            kept.remove(longest)
            given_up.append(longest)
    return kept, given_up


def after_others(jobs: Sequence[Job], *, needs: Mapping[int, int]) -> list[Job]:
    """The order of least cost when some jobs need one other job first (Horn, for trees).

    A parent is worth what the best part of its tree that can follow at once is worth: the part with the most
    weight per hour. It is not worth the sum of its children's ratios.

    Args:
        jobs: All of them.
        needs: Of a job, the one that comes before it; both keys.

    Raises:
        ValueError: A job that is not there is needed, or jobs need each other in a ring.

    Source:
        W. A. Horn, "Single-machine job sequencing with treelike precedence ordering and linear delay
        penalties", SIAM Journal on Applied Mathematics 23 (1972), pp. 189-202.

    >>> jobs = [Job(key=1, work=9, weight=0), Job(key=2, work=8, weight=10), Job(key=3, work=5, weight=6)]
    >>> [job.key for job in after_others(jobs, needs={2: 1})]
    [3, 1, 2]
    """
    mine = {job.key: job for job in jobs}
    if not set(needs) | set(needs.values()) <= set(mine):
        raise ValueError("a job that is needed is not there")
    # Blocks of jobs that follow each other at once. The best block goes next, or joins the one that it needs.
    blocks = {key: [key] for key in mine}
    block_of = {key: key for key in mine}
    order: list[int] = []
    while blocks:
        best = max(blocks, key=lambda head: (_density(blocks[head], mine), -head))
        members = blocks.pop(best)
        before = needs.get(best)
        if before is None or before in order:
            order += members
            continue
        head = block_of[before]
        if head == best:
            raise ValueError("jobs need each other in a ring")
        blocks[head] += members
        block_of |= dict.fromkeys(members, head)
    return [mine[key] for key in order]


def alpha_for(jobs: Sequence[Job], *, longest_wait: float) -> float:
    """How fast jobs have to age so that nobody who comes later than ``longest_wait`` overtakes any of them.

    >>> alpha_for([Job(key=1, work=1, weight=6), Job(key=2, work=1, weight=2)], longest_wait=8)
    0.5
    """
    if longest_wait <= 0:
        raise ValueError("a longest wait is above 0")
    ratios = [job.ratio for job in jobs]
    return (max(ratios) - min(ratios)) / longest_wait if ratios else 0.0


def overtaken_until(job: Job, *, among: Sequence[Job], alpha: float) -> float:
    """The last moment of acceptance at which a job can still overtake this one; infinite when nobody ages.

    >>> old, good = Job(key=1, work=1, weight=2, since=-3), Job(key=2, work=1, weight=6)
    >>> overtaken_until(old, among=[old, good], alpha=0.5)
    5.0
    """
    best = max(one.ratio for one in among)
    if best <= job.ratio:
        return job.since
    return job.since + (best - job.ratio) / alpha if alpha > 0 else inf


def sensitivity(
    jobs: Sequence[Job], *, policy: str, spread: float, n: int, rng: np.random.Generator
) -> Sensitivity:
    """How often the order changes when work and weight are only guessed.

    Both are drawn anew on every try, lognormal around what was said.

    Args:
        jobs: As they were said to be.
        policy: Of the order.
        spread: Standard deviation of the logarithm: 0.5 is roughly “a half more or a third less”.
        n: How many tries.
        rng: Of the draws.
    """
    said = [job.key for job in ordered(jobs, policy=policy)]
    first = turned = 0.0
    pairs = len(said) * (len(said) - 1) / 2
    for _try in range(n):
        factors = np.exp(rng.normal(0, spread, (len(jobs), 2))).tolist()
        guessed = [
            Job(key=job.key, work=job.work * a, weight=job.weight * b, due=job.due, since=job.since)
            for job, (a, b) in zip(jobs, factors, strict=True)
        ]
        place = {job.key: number for number, job in enumerate(ordered(guessed, policy=policy))}
        ranks = [place[key] for key in said]
        first += bool(ranks) and ranks[0] != 0
        turned += sum(b < a for number, a in enumerate(ranks) for b in ranks[number + 1 :])
    tries = max(n, 1)
    return Sensitivity(n, first / tries, turned / tries / pairs if pairs else 0.0)


def rice(*, reach: float, impact: float, confidence: float, effort: float) -> float:
    """Reach × impact × confidence ÷ effort: for stories, never in one queue with money.

    >>> rice(reach=200, impact=2, confidence=0.5, effort=4)
    50.0
    """
    if effort <= 0:
        raise ValueError("effort is above 0")
    return reach * impact * confidence / effort


def _indices(alpha: float) -> dict[str, Callable[[Job], float]]:
    """What decides now, the greatest first."""
    return {
        FCFS: lambda job: -job.since,
        EDD: lambda job: -job.due,
        SPT: lambda job: -job.work,
        WSPT: lambda job: job.ratio,
        RATIO: lambda job: -job.due / (job.lead or job.work),
        SLACK: lambda job: job.work - job.due,
        AGEING: lambda job: job.ratio - alpha * job.since,
    }


def _by_atc(jobs: Sequence[Job], *, k: float) -> list[Job]:
    left, at, order = list(jobs), 0.0, []
    while left:
        usual = sum(job.work for job in left) / len(left)
        best = max(left, key=lambda job: (_atc(job, at=at, usual=usual, k=k), -job.since, -job.key))
        left.remove(best)
        order.append(best)
        at += best.work
    return order


def atc_now(jobs: Sequence[Job], *, k: float) -> dict[int, float]:
    """The ``atc`` index of every job at this moment, by its key; the greatest is next.

    >>> {key: round(index, 3) for key, index in atc_now([Job(key=1, work=2, due=4)], k=1).items()}
    {1: 0.184}
    """
    usual = sum(job.work for job in jobs) / len(jobs) if jobs else 1.0
    return {job.key: _atc(job, at=0.0, usual=usual, k=k) for job in jobs}


def _atc(job: Job, *, at: float, usual: float, k: float) -> float:
    return job.ratio * exp(-max(job.due - job.work - at, 0.0) / (k * usual))


def _moves(order: np.ndarray) -> np.ndarray:
    """Every order in which one job stands elsewhere."""
    n = len(order)
    return np.array(
        [np.insert(np.delete(order, a), b, order[a]) for a in range(n) for b in range(n) if b != a]
    )


def _weighted_tardiness(
    orders: np.ndarray, work: np.ndarray, weight: np.ndarray, due: np.ndarray
) -> np.ndarray:
    late = np.maximum(np.cumsum(work[orders], axis=1) - due[orders], 0.0)
    return np.asarray((weight[orders] * late).sum(axis=1))


def _density(members: Sequence[int], mine: Mapping[int, Job]) -> float:
    return sum(mine[key].weight for key in members) / sum(mine[key].work for key in members)
