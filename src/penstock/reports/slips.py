"""How reliable expected closes are, owner by owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from penstock.analytics import bridge
from penstock.analytics import slips as moving
from penstock.analytics.eventlog import UNKNOWN, Facts, Ints
from penstock.analytics.slips import Slips, Told
from penstock.base.calendar import Window
from penstock.reports import log, won
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.pipeline import ALL
from penstock.users.models import Member

#: With fewer deals than this no share is claimed.
MIN_CASES = 10
#: Which deals of an owner are asked for.
KINDS = ("cases", "pushed", "won", "overdue")


@dataclass(frozen=True, slots=True)
class OwnerSlips:
    """One owner; the name is empty for deals of nobody."""

    owner_id: int
    name: str
    slips: Slips

    @property
    def has_enough(self) -> bool:
        """Whether there are enough deals for a share."""
        return self.slips.pushed.of >= MIN_CASES


@dataclass(frozen=True, slots=True)
class CloseDates:
    """How expected closes moved in a window, of all and by owner, most deals first."""

    window: Window
    known: date | None
    whole: Slips | None
    owners: tuple[OwnerSlips, ...]


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> CloseDates:
    """How expected closes moved in a window, by who owned the deal when it was moved."""
    told = _told(member, window, known=known, only=only)
    bounds = _bounds(window)
    names = dict(Member.objects.filter(workspace_id=member.workspace_id).values_list("pk", "name"))
    owners = [
        OwnerSlips(0 if one.owner == UNKNOWN else one.owner, names.get(one.owner, ""), one)
        for one in moving.slips(told, **bounds)
    ]
    return CloseDates(
        window=window,
        known=known,
        whole=moving.together(told, **bounds),
        owners=tuple(sorted(owners, key=lambda one: (-len(one.slips.cases), one.name))),
    )


def deals(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    owner: int | None = None,
    kind: str = "cases",
) -> list[int]:
    """The deals behind a figure; those of all owners without one, 0 for those of nobody."""
    found = in_window(member, window, known=known, only=only)
    parts = [one.slips for one in found.owners if owner is None or one.owner_id == owner]
    cases: list[Ints] = [_cases(one, kind) for one in parts]
    return [int(case) for case in np.unique(np.concatenate(cases))[::-1]] if cases else []


def _cases(one: Slips, kind: str) -> Ints:
    return {
        "pushed": one.pushed_cases,
        "won": one.won_cases,
        "overdue": one.overdue_cases,
    }.get(kind, one.cases)


def _bounds(window: Window) -> dict[str, int]:
    return {
        "start": log.moment(window.start),
        "stop": log.moment(window.stop),
        "last": log.day_number(window.last),
    }


def _told(member: Member, window: Window, *, known: date | None, only: DealFilter) -> Told:
    source = Source(member, at=window.stop, known=log.known_at(member, known))
    cases = log.belonging(source, only)
    outcomes = log.outcomes(source).of(cases)
    last = outcomes.last()
    wins = last.value == bridge.WON
    at = last.at[wins]
    return Told(
        close_on=log.field(source, "close_on").of(cases),
        owner=log.field(source, "owner").of(cases),
        outcome=outcomes,
        won=Facts(last.case[wins], at, won.days_of(at, source)),
    )
