"""The queue under every policy: what each would cost now, what it is best for, and how far it hangs on guesses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Q

from penstock.analytics import optimality, sequencing
from penstock.analytics.optimality import Claim, Setting
from penstock.analytics.sequencing import Result, Sensitivity
from penstock.backlog import waiting
from penstock.backlog.models import Place, QueueRule
from penstock.backlog.waiting import Queue
from penstock.flow import dating
from penstock.flow.models import Kind, Stage, StageKind
from penstock.users.models import Member

Policy = QueueRule.Policy
#: Guesses are taken to be off by half, one way or the other; so many orders and tries are looked at.
SPREAD, HEAD, TRIES = 0.5, 40, 100
SEED = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """What one policy brings if the queue is worked off in its order from now, by all places together."""

    policy: str
    result: Result
    is_current: bool


@dataclass(frozen=True, slots=True)
class QueueNow:
    """The queue and its policy.

    Attributes:
        rule: In force.
        n: Orders that wait.
        n_ranked: Those that people put first.
        n_guessed_hours: Those of which nobody said the hours.
        n_guessed_costs: Those of which nobody said what waiting costs.
        n_places: Who work at once.
        compared: All policies, on the same orders.
        claims: What the policy is best for.
        sensitivity: How often another order comes first if hours and costs are off by half.
    """

    rule: QueueRule
    n: int
    n_ranked: int
    n_guessed_hours: int
    n_guessed_costs: int
    n_places: int
    compared: tuple[Compared, ...]
    claims: tuple[Claim, ...]
    sensitivity: Sensitivity


def now(member: Member) -> QueueNow:
    """Everything that the page of the policy says."""
    workspace, rule = member.workspace, QueueRule.of(member.workspace)
    queue = waiting.read(workspace, rule=_with(rule, _weighed(rule)), now=dating.now())
    n_places = _n_places(member)
    guessed = [one.is_guessed for one in queue.facts.values()]
    n_costs = sum(any(name != "hours" for name in names) for names in guessed)
    setting = Setting(
        n_teams=n_places,
        n_stages=max(_n_stages(member), 1),
        has_prerequisites=bool(queue.needs),
        n_guessed=sum(bool(names) for names in guessed),
    )
    jobs = queue.jobs
    policy = _kernel(rule.policy)
    keys = waiting.keys(queue, rule=rule)
    head = sorted(jobs, key=lambda job: (keys[job.key], job.since, job.key))[:HEAD]
    return QueueNow(
        rule=rule,
        n=len(jobs),
        n_ranked=len(queue.ranked),
        n_guessed_hours=sum("hours" in names for names in guessed),
        n_guessed_costs=n_costs,
        n_places=n_places,
        compared=tuple(_compared(queue, rule, code, n_places=n_places) for code in Policy.values),
        claims=tuple(optimality.claims(policy, jobs, setting=setting)),
        sensitivity=sequencing.sensitivity(
            head, policy=policy, spread=SPREAD, n=TRIES, rng=np.random.default_rng(SEED)
        ),
    )


def _weighed(rule: QueueRule) -> str:
    return Policy.CONTRIBUTION if rule.policy == Policy.CONTRIBUTION else Policy.WSPT


def _kernel(policy: str) -> str:
    """The rule of the kernel: contribution is weight per hour too, with another weight."""
    return sequencing.WSPT if policy == Policy.CONTRIBUTION else policy


def _with(rule: QueueRule, policy: str) -> QueueRule:
    return QueueRule(
        workspace_id=rule.workspace_id,
        policy=policy,
        bound_days=rule.bound_days,
        delay_share=rule.delay_share,
        k=rule.k,
    )


def _compared(queue: Queue, rule: QueueRule, policy: str, *, n_places: int) -> Compared:
    keys = waiting.keys(queue, rule=_with(rule, policy))
    order = sorted(queue.jobs, key=lambda job: (keys[job.key], job.since, job.key))
    # All places together are one that is so much faster; a day of waiting is what a weight is said for.
    jobs = [
        replace(job, work=job.work / n_places, weight=job.weight / waiting.DAY_HOURS)
        for job in order
    ]
    return Compared(policy, sequencing.result(jobs), policy == rule.policy)


def _n_places(member: Member) -> int:
    on = dating.today(member.workspace)
    rows = Place.objects.filter(
        Q(until_on=None) | Q(until_on__gte=on),
        workspace_id=member.workspace_id,
        withdrawn_at=None,
        from_on__lte=on,
        team__retired_at=None,
    )
    return max(rows.count(), 1)


def _n_stages(member: Member) -> int:
    return Stage.objects.filter(
        workspace_id=member.workspace_id,
        pipeline__kind=Kind.WORK,
        pipeline__retired_at=None,
        kind=StageKind.WORK,
        retired_at=None,
    ).count()
