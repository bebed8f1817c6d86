"""What a policy is provably best for, and which of the conditions hold for the work at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from penstock.analytics.sequencing import ATC, EDD, FCFS, RATIO, WSPT, Job

EXACT, HEURISTIC, NONE = "exact", "heuristic", "none"

#: Policy, what it makes least, whether that is proven, and what must hold for it.
CLAIMS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        WSPT,
        "weighted_flow",
        EXACT,
        ("one_team", "one_stage", "all_here", "no_prerequisites", "known"),
    ),
    (EDD, "latest", EXACT, ("one_team", "one_stage", "all_here", "all_due", "no_prerequisites")),
    (ATC, "weighted_tardiness", HEURISTIC, ("one_team", "one_stage", "some_due", "known")),
    (RATIO, "tardiness", HEURISTIC, ("some_due",)),
    (FCFS, "spread_of_waits", EXACT, ("one_stage", "no_prerequisites")),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A policy makes ``objective`` least (``status``) where all ``conditions`` hold, each with whether it does."""

    objective: str
    status: str
    conditions: tuple[tuple[str, bool], ...]

    @property
    def holds(self) -> bool:
        """Whether the policy is what it claims for this work."""
        return all(holds for _code, holds in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where the work is done: places alike, stages, whether any waits for another or is guessed."""

    n_teams: int = 1
    n_stages: int = 1
    has_prerequisites: bool = False
    n_guessed: int = 0


def claims(policy: str, jobs: Sequence[Job], *, setting: Setting) -> list[Claim]:
    """What a policy is best for, with its conditions ticked or crossed; nothing for one without a proof.

    Hours are taken for means of what nobody can know beforehand. With several teams alike weight ÷ hours is
    within (1 + √2) / 2 of the best, and no longer exact.

    Args:
        policy: One of :data:`penstock.analytics.sequencing.POLICIES`.
        jobs: That wait.
        setting: Where they are done.

    Source:
        W. E. Smith (1956) for weight ÷ hours; J. R. Jackson (1955) for due dates; J. F. C. Kingman, "The
        effect of queue discipline on waiting time variance", Proc. Camb. Phil. Soc. 58 (1962), for the
        first come.

    >>> found = claims(WSPT, [Job(key=1, work=1)], setting=Setting(n_teams=2))
    >>> found[0].status, dict(found[0].conditions)["one_team"], found[0].holds
    ('exact', False, False)
    """
    due = [isfinite(job.due) for job in jobs]
    truth = {
        "one_team": setting.n_teams == 1,
        "one_stage": setting.n_stages == 1,
        "no_prerequisites": not setting.has_prerequisites,
        "all_here": all(job.since <= 0 for job in jobs),
        "all_due": all(due),
        "some_due": any(due),
        "known": not setting.n_guessed,
    }
    return [
        Claim(objective, status, tuple((code, truth[code]) for code in needed))
        for one, objective, status, needed in CLAIMS
        if one == policy
    ]
