"""What policies claim to be best for: true where it is ticked, by brute force."""

from __future__ import annotations

from itertools import permutations
from math import inf

import pytest

from penstock.analytics import optimality, sequencing
from penstock.analytics.optimality import Setting
from penstock.analytics.sequencing import Job

SIX = [
    Job(key=n + 1, work=p, weight=w, due=d)
    for n, (p, w, d) in enumerate(
        [(5, 4, 10), (3, 1, 6), (8, 6, 14), (2, 2, 4), (6, 9, 12), (4, 3, 20)]
    )
]


@pytest.mark.parametrize(("policy", "measure"), [("wspt", "cost"), ("edd", "worst")])
def test_what_is_claimed_to_be_least_is_least(policy: str, measure: str) -> None:
    (claim,) = optimality.claims(policy, SIX, setting=Setting())

    least = min(getattr(sequencing.result(order), measure) for order in permutations(SIX))

    assert claim.holds
    assert claim.status == "exact"
    assert getattr(sequencing.result(sequencing.ordered(SIX, policy=policy)), measure) == least


def test_broken_conditions_are_named() -> None:
    jobs = [Job(key=1, work=1, due=inf), Job(key=2, work=1, due=3, since=5.0)]
    setting = Setting(n_teams=2, n_stages=3, has_prerequisites=True, n_guessed=1)

    told = dict(optimality.claims("wspt", jobs, setting=setting)[0].conditions)

    assert told == {
        "one_team": False,
        "one_stage": False,
        "all_here": False,
        "no_prerequisites": False,
        "known": False,
    }
    assert dict(optimality.claims("edd", jobs, setting=setting)[0].conditions)["all_due"] is False


def test_policy_without_a_proof_claims_nothing() -> None:
    assert optimality.claims("slack", SIX, setting=Setting()) == []
