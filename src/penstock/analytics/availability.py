"""Hours that can be worked: what a calendar gives, less growing into it, absence and disruptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one or more days, and what was lost of them, in the order in which it is taken off.

    ``planned`` − ``ramp`` − ``absent`` − all ``lost`` = ``available``. ``lost`` is by cause.
    """

    planned: float = 0.0
    ramp: float = 0.0
    absent: float = 0.0
    lost: Mapping[str, float] = field(default_factory=dict)

    @property
    def available(self) -> float:
        """What could be worked."""
        return self.planned - self.ramp - self.absent - sum(self.lost.values())


def grown(days: int, *, weeks: int, first_share: float) -> float:
    """Share of the full hours that somebody works so many days after the beginning, from 0 to 1.

    It grows in a straight line from ``first_share`` to all of them within ``weeks``.

    >>> [round(grown(days, weeks=4, first_share=0.2), 3) for days in (0, 14, 28)]
    [0.2, 0.6, 1.0]
    >>> grown(0, weeks=0, first_share=0.2)
    1.0
    """
    whole = weeks * DAYS_PER_WEEK
    if days >= whole:
        return 1.0
    return first_share + (1.0 - first_share) * max(days, 0) / whole


def of_day(
    planned: float, *, grown_share: float, absent_share: float, lost: Mapping[str, float]
) -> Hours:
    """What can be worked of the planned hours of one day.

    Absence takes its share of what somebody can already do; several disruptions at once take their
    shares of what is there, added up, but never more than all of it: then each is cut alike.

    Args:
        planned: Hours of the calendar.
        grown_share: From :func:`grown`.
        absent_share: From 0 to 1; more counts as 1.
        lost: Share of the present hours by cause.

    >>> day = of_day(8.0, grown_share=0.5, absent_share=0.25, lost={"supplier": 0.5})
    >>> day.ramp, day.absent, day.lost, day.available
    (4.0, 1.0, {'supplier': 1.5}, 1.5)
    >>> of_day(8.0, grown_share=1.0, absent_share=0.0, lost={"quality": 0.9, "other": 0.9}).available
    0.0
    """
    present = planned * grown_share
    there = present * (1.0 - min(absent_share, 1.0))
    most = max(sum(lost.values()), 1.0)
    return Hours(
        planned=planned,
        ramp=planned - present,
        absent=present - there,
        lost={cause: there * share / most for cause, share in lost.items() if share},
    )


def together(days: Iterable[Hours]) -> Hours:
    """The sum of days or places; of nothing it is nothing.

    >>> together([Hours(8, lost={"other": 2}), Hours(8, absent=8)]).available
    6.0
    """
    planned = ramp = absent = 0.0
    lost: dict[str, float] = {}
    for one in days:
        planned, ramp, absent = planned + one.planned, ramp + one.ramp, absent + one.absent
        for cause, hours in one.lost.items():
            lost[cause] = lost.get(cause, 0) + hours
    return Hours(planned, ramp, absent, lost)
