"""From a history to stretches in each stage: how long each deal stood there at a time, parking left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from penstock.analytics import bridge
from penstock.analytics.ageing_in_stage import (
    LOST,
    NOTHING,
    OPEN,
    WON,
    Ageing,
    Days,
    ageing,
)
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, UNKNOWN, Facts, Ints

KINDS = {bridge.WON: WON, bridge.LOST: LOST}


def ageing_by_place(
    *, visits: Facts, outcomes: Facts, parkings: Facts, stop: int, n_places: int
) -> list[Ageing]:
    """How long won deals stand in each stage.

    A visit lasts from an entry to the next one, or to the decision, or to the end of the watch. A deal that comes
    back begins a new visit, and its longest counts. Of a visit during which the deal was parked only the pieces
    before and after count, each as a visit of its own.

    Args:
        visits: Entries into stages; the value is the place of the stage, 0 for the first.
        outcomes: How deals ended, as in ``analytics.bridge``.
        parkings: Until which moment deals wait, UNKNOWN for the end of a parking.
        stop: The end of the watch.
        n_places: Number of stages.

    Returns:
        One answer per stage. What was merged is watched until then.

    >>> day = MICROSECONDS_A_DAY
    >>> one = Facts(np.array([7, 7]), np.array([0, 3 * day]), np.array([0, 1]))
    >>> none = Facts(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    >>> found = ageing_by_place(visits=one, outcomes=none, parkings=none, stop=5 * day, n_places=2)
    >>> [(stage.n_entered, stage.n_open) for stage in found]
    [(1, 1), (1, 1)]
    """
    decided_at, kind = _decisions(visits.case, outcomes, stop=stop)
    # What a won deal does afterwards, in the stage of care, is no part of its way to the decision.
    before = visits.at < decided_at
    visits = Facts(visits.case[before], visits.at[before], visits.value[before])
    decided_at, kind = decided_at[before], kind[before]
    if not len(visits):
        return [NOTHING] * n_places
    ends = np.append(visits.at[1:], stop)
    ends[np.append(visits.case[1:] != visits.case[:-1], True)] = stop
    ends = np.minimum(ends, decided_at)
    case, begin, end, place = _cut(visits, ends, parkings)
    follow_end = dict(zip(visits.case.tolist(), decided_at.tolist(), strict=True))
    kinds = dict(zip(visits.case.tolist(), kind.tolist(), strict=True))
    return [
        _of_place(case[mask], begin[mask], end[mask], follow_end, kinds)
        for mask in (place == number for number in range(n_places))
    ]


def _decisions(case: Ints, outcomes: Facts, *, stop: int) -> tuple[Ints, Ints]:
    """When each visit's deal was decided or stopped being watched, and how."""
    last = outcomes.last()
    at, kind = np.full(len(case), stop), np.full(len(case), OPEN)
    if len(last):
        places = np.minimum(np.searchsorted(last.case, case), len(last) - 1)
        has = (last.case[places] == case) & (last.value[places] != bridge.OPEN)
        at[has] = last.at[places][has]
        for value, meaning in KINDS.items():
            kind[has & (last.value[places] == value)] = meaning
    return at, kind


def _cut(visits: Facts, ends: Ints, parkings: Facts) -> tuple[Ints, Ints, Ints, Ints]:
    """Visits in pieces, without the time for which a deal was parked; few deals ever are."""
    case, begin, end, place = (
        part.tolist() for part in (visits.case, visits.at, ends, visits.value)
    )
    waits = _waits(parkings)
    for number in np.flatnonzero(np.isin(visits.case, list(waits))).tolist():
        here = number
        for since, until in waits[case[number]]:
            if since < end[here] and until > begin[here]:
                # What comes after the parking is a piece of its own; later parkings cut that one.
                case.append(case[here])
                begin.append(min(until, end[here]))
                end.append(end[here])
                place.append(place[here])
                end[here] = max(begin[here], since)
                here = len(case) - 1
    return (
        np.array(case, dtype=np.int64),
        np.array(begin, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(place, dtype=np.int64),
    )


def _waits(parkings: Facts) -> dict[int, list[tuple[int, int]]]:
    """From when to when each deal waited: until its day, or until that was changed or ended."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = list(
        zip(parkings.case.tolist(), parkings.at.tolist(), parkings.value.tolist(), strict=True)
    )
    for number, (case, at, until) in enumerate(rows):
        if until == UNKNOWN:
            continue
        following = rows[number + 1] if number + 1 < len(rows) else (None, 0, 0)
        over = min(until, following[1]) if following[0] == case else until
        found.setdefault(case, []).append((at, max(at, over)))
    return found


def _of_place(
    case: Ints, begin: Ints, end: Ints, follow_end: dict[int, int], kinds: dict[int, int]
) -> Ageing:
    if not len(case):
        return NOTHING
    order = np.argsort(case, kind="stable")
    case, begin, end = case[order], begin[order], end[order]
    unique, first = np.unique(case, return_index=True)
    stretch = _days(np.maximum.reduceat(end - begin, first))
    entered = np.minimum.reduceat(begin, first)
    ids = unique.tolist()
    decided = np.array([follow_end[one] for one in ids], dtype=np.int64)
    kind = np.array([kinds[one] for one in ids], dtype=np.int64)
    return ageing(stretch, _days(decided - entered), kind)


def _days(microseconds: NDArray[np.int64]) -> Days:
    return np.maximum(microseconds, 0) / MICROSECONDS_A_DAY
