"""From stage to stage: who entered in a window, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from penstock.analytics.eventlog import (
    MICROSECONDS_A_DAY,
    UNKNOWN,
    Bools,
    Facts,
    Ints,
    blocks,
    joined,
    looked_up,
    n_distinct,
)
from penstock.analytics.survival import Duration, Incidence, duration, incidence, of_those

ADVANCED, LOST = 1, 2


@dataclass(frozen=True, slots=True)
class Log:
    """What a funnel is made of.

    Args:
        visits: Entries into stages; the value is the place of the stage, 0 for the first.
        won: When each case was won for good, by the end of the follow-up.
        lost: When each was lost for good.
        left: When each stopped being watched before: merged, or parked and still waiting.
        stop: The end of the follow-up: what happened later is not looked at.
    """

    visits: Facts
    won: Facts
    lost: Facts
    left: Facts
    stop: int


@dataclass(frozen=True, slots=True)
class Step:
    """The cases that entered one stage, and how they went on; ``cases`` and ``kinds`` name them.

    ``incidence`` has two ends: reaching a later stage (or being won), and being lost. ``stay`` is the
    time until a case left the stage in any direction; ``stays_on`` marks those that had not by the end of
    the follow-up. Cases that never stood in the stage are in no step of it: ``n_skipped`` says how many
    passed it by.
    """

    place: int
    n_entered: int
    n_advanced: int
    n_lost: int
    n_open: int
    n_back: int
    n_skipped: int
    incidence: Incidence
    stay: Duration
    cases: Ints
    kinds: Ints
    stays_on: Bools


def steps(log: Log, *, n_stages: int, start: int, until: int) -> list[Step]:
    """One step per stage, from the cases that entered it in a window.

    Each case counts once per stage, with its first entry in the window. It advances when it first
    stands in a later stage, or is won; moving back does not end it. Whoever is neither is censored at
    the end of the follow-up, or where its watching stopped.

    Args:
        log: Visits, ends and the end of the follow-up.
        n_stages: Number of stages.
        start: First moment of the window in which the stage is entered.
        until: First moment after it.
    """
    entries: list[list[_Entries]] = [[] for _place in range(n_stages)]
    skipped = [0] * n_stages
    whole = {"visits": log.visits, "won": log.won, "lost": log.lost, "left": log.left}
    for part in blocks(whole):
        walked = _walked(part, stop=log.stop)
        for place in range(n_stages):
            entries[place].append(_entries(place, walked, log.stop, start=start, until=until))
            skipped[place] += _skipped(walked.visits, place, start=start, until=until)
    return [_step(place, joined(entries[place]), skipped[place]) for place in range(n_stages)]


@dataclass(frozen=True, slots=True)
class _Walked:
    """The visits, and of each: when its case made the next one, and one of a later stage; when its case ended."""

    visits: Facts
    after: Ints
    beyond: Ints
    won: Ints
    lost: Ints
    left: Ints


@dataclass(frozen=True, slots=True)
class _Entries:
    """First entries into one stage: for how long each was watched, how it ended, and when and how it left."""

    case: Ints
    watched: Ints
    kinds: Ints
    stayed: Ints
    went: Bools
    is_back: Bools


def _walked(told: Mapping[str, Facts], *, stop: int) -> _Walked:
    visits = told["visits"].before(stop)
    is_first = np.append(len(visits) > 0, visits.case[1:] != visits.case[:-1])[: len(visits)]
    cases, place = visits.case[is_first], np.cumsum(is_first) - 1
    won, lost, left = (
        looked_up(cases, Facts(one.case, one.at, one.at))[place]
        for one in (told["won"], told["lost"], told["left"])
    )
    return _Walked(visits, _next_visit(visits), _next_beyond(visits), won, lost, left)


def _entries(place: int, walked: _Walked, stop: int, *, start: int, until: int) -> _Entries:
    visits = walked.visits
    here = (visits.value == place) & (visits.at >= start) & (visits.at < until)
    mine = np.flatnonzero(here)
    first = mine[np.append(True, visits.case[mine][1:] != visits.case[mine][:-1])[: len(mine)]]
    case, entered = visits.case[first], visits.at[first]
    won, lost, left = (
        _not_before(entered, one[first]) for one in (walked.won, walked.lost, walked.left)
    )
    advanced = np.minimum(walked.beyond[first], won)
    end = np.minimum.reduce([advanced, lost, left, np.full(len(case), stop)])
    kinds = np.where(end == advanced, ADVANCED, np.where(end == lost, LOST, 0))
    kinds = np.where(end >= stop, 0, kinds)
    after = walked.after[first]
    moved = np.minimum.reduce([after, won, lost, left, np.full(len(case), stop)])
    to = np.where(after < NEVER, visits.value[np.minimum(first + 1, len(visits) - 1)], place)
    return _Entries(
        case=case,
        watched=end - entered,
        kinds=kinds,
        stayed=moved - entered,
        went=(moved < stop) & (moved != left),
        is_back=to < place,
    )


def _step(place: int, found: _Entries, n_skipped: int) -> Step:
    kinds = found.kinds
    return Step(
        place=place,
        n_entered=len(found.case),
        n_advanced=int((kinds == ADVANCED).sum()),
        n_lost=int((kinds == LOST).sum()),
        n_open=int((kinds == 0).sum()),
        n_back=int(found.is_back.sum()),
        n_skipped=n_skipped,
        incidence=incidence(found.watched, kinds, n_kinds=2, unit=MICROSECONDS_A_DAY),
        stay=duration(found.stayed, found.went, unit=MICROSECONDS_A_DAY),
        cases=found.case,
        kinds=kinds,
        stays_on=~found.went,
    )


NEVER = np.iinfo(np.int64).max


def _next_visit(visits: Facts) -> Ints:
    """When each visit was followed by one of the same case; NEVER for the last."""
    after = np.full(len(visits), NEVER)
    same = visits.case[1:] == visits.case[:-1]
    after[:-1][same] = visits.at[1:][same]
    return after


def _next_beyond(visits: Facts) -> Ints:
    """When each visit was first followed by one of a later stage; NEVER where it was not."""
    found = np.full(len(visits), NEVER)
    mine, coming = np.arange(len(visits)), np.arange(1, len(visits) + 1)
    # Most go on to a later stage at once: each turn asks the next visit of those that did not.
    while len(mine):
        inside = coming < len(visits)
        mine, coming = mine[inside], coming[inside]
        is_own = visits.case[coming] == visits.case[mine]
        mine, coming = mine[is_own], coming[is_own]
        is_later = visits.value[coming] > visits.value[mine]
        found[mine[is_later]] = visits.at[coming[is_later]]
        mine, coming = mine[~is_later], coming[~is_later] + 1
    return found


def _ends(case: Ints, entered: Ints, ends: Facts) -> Ints:
    return _not_before(entered, looked_up(case, Facts(ends.case, ends.at, ends.at)))


def _not_before(entered: Ints, at: Ints) -> Ints:
    return np.where((at == UNKNOWN) | (at < entered), NEVER, at)


def _skipped(visits: Facts, place: int, *, start: int, until: int) -> int:
    """Cases that went from an earlier to a later stage in the window without standing in this one."""
    before, now = visits.value[:-1], visits.value[1:]
    jumps = np.flatnonzero((before < place) & (now > place))
    case, at = visits.case[1:][jumps], visits.at[1:][jumps]
    inside = (case == visits.case[:-1][jumps]) & (at >= start) & (at < until)
    return n_distinct(case[inside])


def _days(microseconds: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return microseconds / MICROSECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long it takes from opening to the end; ``to_win`` only of those that will be won.

    ``to_end`` is Kaplan-Meier until won or lost. ``won`` is the incidence of winning and losing. ``cases``
    and ``kinds`` name the cases and how each ended: ADVANCED when won, LOST, 0 for those that run.
    """

    to_end: Duration
    won: Incidence
    to_win: Duration
    cases: Ints
    kinds: Ints


def cycle(log: Log, opened: Facts, *, start: int, until: int) -> Cycle:
    """The cycle of the cases that were opened in a window, running ones included."""
    mine = (opened.at >= start) & (opened.at < min(until, log.stop))
    case, entered = opened.case[mine], opened.at[mine]
    won, lost, left = (_ends(case, entered, ends) for ends in (log.won, log.lost, log.left))
    end = np.minimum.reduce([won, lost, left, np.full(len(case), log.stop)])
    kinds = np.where(end == won, ADVANCED, np.where(end == lost, LOST, 0))
    kinds = np.where(end >= log.stop, 0, kinds)
    watched = end - entered
    found = incidence(watched, kinds, n_kinds=2, unit=MICROSECONDS_A_DAY)
    return Cycle(
        to_end=duration(watched, kinds > 0, unit=MICROSECONDS_A_DAY),
        won=found,
        to_win=of_those(found, _days(watched[kinds == ADVANCED])),
        cases=case,
        kinds=kinds,
    )
