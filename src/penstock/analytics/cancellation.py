"""How likely what is owed is cancelled in a week, the later it is, and what that puts at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.conversion import bounds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: How a spell ends: it goes on under another promise or is still owed, or one of the competing ends.
GOES_ON, CUSTOMER, OURS, DELIVERED = 0, 1, 2, 3
#: Fewer cancellations say nothing; from the second number on a model is fitted.
SOME, ENOUGH = 5, 30
OFF, SHRUNK, MODEL = "off", "shrunk", "model"
#: Weeks of the prior, at the rate of all weeks together.
PRIOR_WEEKS = 26.0
#: Weeks late at which the classes begin: not late or not promised, up to one week, one to four, above four.
EDGES = (0.0, 1.0, 4.0)
N_CLASSES = len(EDGES) + 1
#: Beyond these, weeks of age and of lateness, and changed promises, count as so many.
OLDEST, LATEST, MOST_CHANGES = 104, 26, 3
#: What the model leans on, in the order of its weights.
FEATURES = ("one", "age", "late", "changes", "partial")
_RIDGE = 1e-3
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Spells:
    """Times for which something was owed under one promise; moments are in weeks.

    Attributes:
        accepted: When it was accepted.
        start: Begin of the spell.
        stop: Its end.
        promised: The day promised during it, NaN for none.
        kind: How it ended: one of :data:`GOES_ON`, :data:`CUSTOMER`, :data:`OURS`, :data:`DELIVERED`.
        changes: How many times the promise had been put off before.
        is_partial: Whether a part was delivered by then.
    """

    accepted: Floats
    start: Floats
    stop: Floats
    promised: Floats
    kind: Ints
    changes: Ints
    is_partial: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class LateClass:
    """Weeks owed at one degree of lateness, and what happened in them.

    ``hazard`` is the chance that the customer cancels within a week, leaning on the rate of all weeks where
    there are few; ``low`` and ``high`` bound it at 95 %. None where nothing can be said.
    """

    weeks: float
    n_customer: int
    n_ours: int
    n_delivered: int
    hazard: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Hazard:
    """How cancellation goes with lateness.

    Attributes:
        method: :data:`MODEL`, :data:`SHRUNK`, or :data:`OFF` where there are too few cancellations.
        n: Cancellations by customers.
        weeks: Weeks owed of all.
        classes: By lateness, in the order of :data:`EDGES`.
        weights: Of the model, by :data:`FEATURES`; empty without one.
        errors: Their standard errors.
    """

    method: str
    n: int
    weeks: float
    classes: tuple[LateClass, ...]
    weights: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed, as it stands: per case, in weeks from now.

    Attributes:
        age: Since it was accepted.
        late: Past its promise, negative before it, NaN without one.
        left: Until it is likely delivered (even odds); NaN where nobody knows.
        changes: How many times its promise was put off.
        is_partial: Whether a part was delivered.
    """

    age: Floats
    late: Floats
    left: Floats
    changes: Ints
    is_partial: NDArray[np.bool_]


def hazard(spells: Spells) -> Hazard:
    """Fit how likely a customer cancels within a week, by how late it is.

    Weeks end by cancellation of the customer, by ours, by delivery, or go on: only the first is an event, the
    others end the watch (cause-specific hazard). With :data:`ENOUGH` cancellations a logistic model of age,
    weeks late, changed promises and partial delivery is fitted on weeks; with :data:`SOME` each degree of
    lateness has a rate of its own, which leans on the common one as if :data:`PRIOR_WEEKS` weeks of that had
    been seen; with fewer nothing is claimed.

    Source:
        J. D. Singer and J. B. Willett, "It's About Time: Using Discrete-Time Survival Analysis", Journal of
        Educational Statistics 18 (1993), pp. 155-195; R. L. Prentice et al., Biometrics 34 (1978), on
        competing risks.
    """
    classes = _classes(spells)
    n = sum(one.n_customer for one in classes)
    total = sum(one.weeks for one in classes)
    if n < SOME:
        return Hazard(OFF, n, total, tuple(_bare(one) for one in classes))
    if n < ENOUGH:
        return Hazard(SHRUNK, n, total, classes)
    weights, errors = _fit(*_cells(spells))
    return Hazard(MODEL, n, total, classes, tuple(weights.tolist()), tuple(errors.tolist()))


def exposure(spells: Spells) -> Floats:
    """Weeks of each spell at each degree of lateness: spells × classes."""
    cuts = [np.full(len(spells), -np.inf)]
    cuts += [np.where(np.isnan(spells.promised), np.inf, spells.promised + edge) for edge in EDGES]
    cuts.append(np.full(len(spells), np.inf))
    return np.stack(
        [
            np.maximum(np.minimum(spells.stop, after) - np.maximum(spells.start, before), 0.0)
            for before, after in pairwise(cuts)
        ],
        axis=1,
    )


def _classes(spells: Spells) -> tuple[LateClass, ...]:
    weeks = exposure(spells).sum(axis=0) if len(spells) else np.zeros(N_CLASSES)
    late = late_class(spells.stop - spells.promised)
    n = {
        kind: np.bincount(late[spells.kind == kind], minlength=N_CLASSES)
        for kind in (CUSTOMER, OURS, DELIVERED)
    }
    total = float(weeks.sum())
    rate = min(float(n[CUSTOMER].sum()) / total, 1.0) if total > 0 else 0.0
    found = []
    for number in range(N_CLASSES):
        events, seen = int(n[CUSTOMER][number]), float(weeks[number])
        # A week at most once: spells of parts of a week must not make a chance above one.
        events_, seen_ = events + rate * PRIOR_WEEKS, max(seen, events) + PRIOR_WEEKS
        low, high = bounds(events_, of=seen_)
        found.append(
            LateClass(
                weeks=seen,
                n_customer=events,
                n_ours=int(n[OURS][number]),
                n_delivered=int(n[DELIVERED][number]),
                hazard=events_ / seen_,
                low=low,
                high=high,
            )
        )
    return tuple(found)


def late_class(late: Floats) -> Ints:
    """The degree of lateness of each number of weeks past a promise; NaN is not late.

    >>> late_class(np.array([np.nan, -2.0, 0.0, 0.5, 3.0, 9.0])).tolist()
    [0, 0, 0, 1, 2, 3]
    """
    return np.searchsorted(EDGES, np.nan_to_num(late, nan=-1.0), side="left").astype(np.int64)


def _bare(one: LateClass) -> LateClass:
    return LateClass(one.weeks, one.n_customer, one.n_ours, one.n_delivered, None, None, None)


def _cells(spells: Spells) -> tuple[Floats, Floats, Floats]:
    """Weeks owed, alike ones together: features, how many weeks, how many of them ended by the customer."""
    length = np.maximum(np.ceil(spells.stop - spells.start), 1).astype(np.int64)
    spell = np.repeat(np.arange(len(spells)), length)
    within = np.arange(len(spell)) - np.repeat(np.cumsum(length) - length, length)
    begin = spells.start[spell] + within
    seen = np.minimum(spells.stop[spell] - begin, 1.0)
    is_last = within == length[spell] - 1
    ended = is_last & (spells.kind[spell] == CUSTOMER)
    # The week in which it was cancelled was at risk as a whole.
    seen = np.where(ended, 1.0, np.maximum(seen, 0.0))
    table = np.stack(
        [
            np.minimum(begin - spells.accepted[spell], OLDEST).astype(np.int64),
            _whole_late(begin - spells.promised[spell]),
            np.minimum(spells.changes[spell], MOST_CHANGES),
            spells.is_partial[spell].astype(np.int64),
        ],
        axis=1,
    )
    cells, place = np.unique(table, axis=0, return_inverse=True)
    place = place.ravel()
    weeks, events = (
        np.asarray(np.bincount(place, weights=one, minlength=len(cells)), dtype=np.float64)
        for one in (seen, ended.astype(np.float64))
    )
    kept = weeks > 0
    return features(*cells[kept].T), weeks[kept], events[kept]


def _whole_late(late: Floats) -> Ints:
    weeks = np.floor(np.nan_to_num(late, nan=-1.0)) + 1
    return np.asarray(np.clip(weeks, 0, LATEST), dtype=np.int64)


def features(age: Ints, late: Ints, changes: Ints, partial: Ints) -> Floats:
    """What the model leans on: rows × :data:`FEATURES`."""
    return np.stack(
        [
            np.ones(len(age)),
            np.log1p(age),
            np.log1p(late),
            changes.astype(float),
            partial.astype(float),
        ],
        axis=1,
    )


def _fit(rows: Floats, weeks: Floats, events: Floats) -> tuple[Floats, Floats]:
    """Weights of the largest likelihood, and their standard errors (Newton's method, a hair of ridge)."""
    weights = np.zeros(rows.shape[1])
    weights[0] = np.log(events.sum() / max(weeks.sum() - events.sum(), 1e-9))
    ridge = np.diag(np.array([0.0, *[_RIDGE] * (rows.shape[1] - 1)]))
    information = ridge
    for _step in range(_STEPS):
        chance = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (events - weeks * chance) - ridge @ weights
        information = (rows * (weeks * chance * (1 - chance))[:, None]).T @ rows + ridge
        # What never differs has no weight.
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        weights += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return weights, np.sqrt(np.maximum(np.diag(np.linalg.pinv(information)), 0.0))


def chances(found: Hazard, owed: Owed, *, horizon: int = OLDEST) -> Floats:
    """How likely each case is cancelled by the customer before it is delivered; NaN where nothing can be said.

    One less the product of what is left week by week, each at the age and lateness it will have then, until
    it is likely delivered.

    >>> round(together([0.02, 0.03, 0.05]), 5)
    0.09693
    """
    kept = np.ones(len(owed.age))
    if found.method == OFF:
        return np.full(len(owed.age), np.nan)
    left = np.minimum(owed.left, horizon)
    for week in range(int(np.ceil(np.nanmax(left, initial=0.0)))):
        part = np.clip(left - week, 0.0, 1.0)
        kept *= (1 - _of_week(found, owed, week)) ** np.nan_to_num(part, nan=0.0)
    return np.where(np.isnan(owed.left), np.nan, 1 - kept)


def _of_week(found: Hazard, owed: Owed, week: int) -> Floats:
    late = owed.late + week
    if found.method == SHRUNK:
        rates = np.array([one.hazard for one in found.classes], dtype=np.float64)
        return np.asarray(rates[late_class(late)])
    rows = features(
        np.minimum(owed.age + week, OLDEST).astype(np.int64),
        _whole_late(late),
        np.minimum(owed.changes, MOST_CHANGES),
        owed.is_partial.astype(np.int64),
    )
    return np.asarray(1 / (1 + np.exp(-(rows @ np.array(found.weights)))))


def together(hazards: Sequence[float]) -> float:
    """How likely it happens in any of some weeks.

    >>> together([0.5, 0.5])
    0.75
    """
    return float(1 - np.prod(1 - np.asarray(hazards, dtype=np.float64)))


def settles_at(*, demand: float, capacity: float, hazard: float) -> float:
    """The backlog at which cancellations make up for what capacity lacks; 0 where capacity is enough.

    >>> settles_at(demand=110, capacity=100, hazard=0.02)
    500.0
    """
    return max(demand - capacity, 0.0) / hazard if hazard > 0 else float("inf")
