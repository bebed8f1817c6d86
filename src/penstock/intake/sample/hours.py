"""The sample company's hours: who works for each team, who is away, what stood still."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from penstock.backlog import capacities
from penstock.backlog.models import Disruption, Place
from penstock.flow import dating
from penstock.intake.sample.company import DAYS, Cast
from penstock.users.models import Role, Team

SEED = 43
N_DISRUPTIONS = 9


def fill(cast: Cast) -> None:
    """Give each team some places, a newcomer who still grows into it, absences and disruptions."""
    rng = random.Random(SEED)
    begin = cast.now - timedelta(days=DAYS)
    for team in Team.objects.filter(workspace=cast.workspace).order_by("pk"):
        with dating.lived(begin):
            places = [
                _place(cast, team, number=number, begin=begin)
                for number in range(1, rng.randint(3, 5))
            ]
        with dating.lived(cast.now - timedelta(days=20)):
            _newcomer(cast, team, number=len(places) + 1)
        for place in places:
            _absent(cast, place, rng)
        for _number in range(N_DISRUPTIONS):
            _disrupt(cast, team, rng, begin=begin)


def _place(cast: Cast, team: Team, *, number: int, begin: datetime) -> Place:
    place = capacities.NewPlace(
        hours_per_day=Decimal(8), from_on=begin.date(), name=cast.words.place.format(n=number)
    )
    return capacities.add_place(team, place, by=cast.member(Role.OPERATIONS))


def _newcomer(cast: Cast, team: Team, *, number: int) -> None:
    place = capacities.NewPlace(
        hours_per_day=Decimal(8),
        from_on=(cast.now - timedelta(days=14)).date(),
        name=cast.words.place.format(n=number),
        ramp_weeks=8,
        ramp_share=Decimal("0.25"),
    )
    capacities.add_place(team, place, by=cast.member(Role.OPERATIONS))


def _absent(cast: Cast, place: Place, rng: random.Random) -> None:
    first = (cast.now + timedelta(days=rng.randint(-40, 40))).date()
    with dating.lived(cast.now - timedelta(days=45)):
        capacities.add_absence(
            place,
            first,
            first + timedelta(days=rng.randint(1, 11)),
            by=cast.member(Role.OPERATIONS),
        )


def _disrupt(cast: Cast, team: Team, rng: random.Random, *, begin: datetime) -> None:
    start = begin + timedelta(days=rng.randint(3, DAYS - 2), hours=rng.randint(0, 9))
    if start >= cast.now:
        return
    stop = start + timedelta(hours=rng.choice([4, 8, 24, 72, 120]))
    cause = rng.choice(Disruption.Cause.values)
    loss = capacities.Loss(
        started_at=start,
        ended_at=stop if stop < cast.now else None,
        lost_share=Decimal(rng.choice(["0.25", "0.5", "1"])),
        cause=cause,
        evidence=cast.words.evidence.format(n=rng.randint(100, 999)),
    )
    with dating.lived(min(stop, cast.now)):
        capacities.disrupt(team, loss, by=cast.member(Role.OPERATIONS))
