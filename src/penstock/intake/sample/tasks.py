"""The sample company's work: given to teams, some of it waits for other work, some was taken."""

from __future__ import annotations

import random
from itertools import pairwise

from penstock.backlog import dependencies, pulling
from penstock.backlog.models import WorkItem
from penstock.intake.sample.company import Cast
from penstock.users.models import Role, Team

SEED = 47
N_PULLED = 3


def give_out(cast: Cast) -> None:
    """Give open work to teams; within an order one thing waits for the other; take a few."""
    rng = random.Random(SEED)
    teams = list(Team.objects.filter(workspace=cast.workspace, retired_at=None).order_by("pk"))
    works = WorkItem.objects.filter(item__outcome="", item__withdrawn_at=None)
    before: dict[int, list[WorkItem]] = {}
    for work in works.select_related("item", "line").order_by("pk"):
        if rng.random() < 0.7:
            dependencies.give(work, team=rng.choice(teams), by=None)
        if work.line is not None:
            before.setdefault(work.line.order_id, []).append(work)
    for chain in before.values():
        for one, other in pairwise(chain):
            if rng.random() < 0.5:
                dependencies.add(one, after=other, by=None)
    for _number in range(N_PULLED):
        pulling.pull(cast.member(Role.OPERATIONS))
