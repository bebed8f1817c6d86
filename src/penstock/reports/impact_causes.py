"""What moved the capacity: hours planned, people away, and hours that recorded disruptions took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics import backlog_change
from penstock.analytics.availability import Hours
from penstock.analytics.backlog_change import Piece
from penstock.reports import capacity
from penstock.reports.impact_weeks import Week
from penstock.users.models import Member

#: Parts of the capacity that are no recorded disruption; these are called by their cause.
PLANNED, AWAY = "planned", "away"


@dataclass(frozen=True, slots=True)
class Causes:
    """What is known of the capacity of two courses.

    Attributes:
        pieces: What each part came to, in the measure of the backlog.
        lost: Hours that each cause took in each week of the actual course.
        per_hour: What an hour that could be worked brought, over the busy weeks of both.
        n_weeks: Those weeks.
    """

    pieces: tuple[Piece, ...]
    lost: dict[str, list[Decimal]]
    per_hour: Decimal
    n_weeks: int


def of(
    member: Member,
    now: Sequence[Week],
    was: Sequence[Week] | None,
    *,
    known: date | None = None,
) -> Causes | None:
    """Split the capacity of some weeks by what was recorded; None where no hours are.

    Hours become orders or value at one pace, that of the busy weeks of both: recorded losses are never
    scaled to fit. Without weeks to compare (a plan) the planned hours are taken to be as planned.
    """
    both = _hours(member, [*(was or ()), *now], known=known)
    hours, before = both[len(was or ()) :], both[: len(was)] if was else None
    weeks = [
        *zip(now, hours, strict=True),
        *(zip(was, before, strict=True) if was and before else ()),
    ]
    busy = [(week, one) for week, one in weeks if week.is_busy and one.available > 0]
    worked = sum((_exact(one.available) for _week, one in busy), Decimal(0))
    if not worked:
        return None
    pace = sum((week.done for week, _one in busy), Decimal(0)) / worked
    names = _names([*hours, *(before or ())])
    pieces = tuple(
        Piece(
            name,
            actual=[_part(one, name) * pace for one in hours],
            baseline=_before(name, now, was, before=before, hours=hours, pace=pace),
        )
        for name in names
    )
    lost = {name: [-_part(one, name) for one in hours] for name in names if name != PLANNED}
    return Causes(pieces, lost, pace, len(busy))


def _before(
    name: str,
    now: Sequence[Week],
    was: Sequence[Week] | None,
    *,
    before: Sequence[Hours] | None,
    hours: Sequence[Hours],
    pace: Decimal,
) -> list[Decimal]:
    if was is None or before is None:
        return [_part(one, name) * pace if name == PLANNED else Decimal(0) for one in hours]
    return backlog_change.aligned(
        [_part(one, name) * pace for one in before],
        days=[week.days for week in was],
        onto=[week.days for week in now],
    )


def _hours(member: Member, weeks: Sequence[Week], *, known: date | None) -> list[Hours]:
    return capacity.in_each(member, [week.window for week in weeks], known=known)


def _names(hours: Sequence[Hours]) -> list[str]:
    causes = sorted({cause for one in hours for cause in one.lost})
    away = [AWAY] if any(one.absent for one in hours) else []
    return [PLANNED, *away, *causes]


def _part(one: Hours, name: str) -> Decimal:
    """A part of the hours, as it adds to them: what is lost is below nothing."""
    if name == PLANNED:
        return _exact(one.planned - one.ramp)
    return -_exact(one.absent if name == AWAY else one.lost.get(name, 0.0))


def _exact(hours: float) -> Decimal:
    return Decimal(str(round(hours, 6)))
