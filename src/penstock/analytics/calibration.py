"""Whether promises hold as often as they say, and how much surer they have to be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, erfc, exp, log, sqrt

#: Below this chance of so many late promises, if all were as they should be, something is wrong.
ALARM = 0.05
#: A shift of the level counts as if so many promises more had been just right; how far it goes, in logits.
PRIOR, MOST = 200, 0.8
#: No level is asked for above this: the outermost paths are few.
HIGHEST = 0.99


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises of one level: how many there were and were broken, and what would have been usual.

    Attributes:
        n: Promises whose outcome is known.
        n_late: Those that were not kept.
        low: Fewest late ones that are usual, 95 times of 100.
        high: Most that are.
        likelihood_ratio: Kupiec's statistic.
        p: How likely so large a one is by chance.
    """

    n: int
    n_late: int
    low: int
    high: int
    likelihood_ratio: float
    p: float

    @property
    def share(self) -> float | None:
        """The share that was kept; None of none."""
        return (self.n - self.n_late) / self.n if self.n else None

    @property
    def is_off(self) -> bool:
        """Whether the level does not hold."""
        return self.p < ALARM


def kept(n_late: int, *, n: int, level: float) -> Kept:
    """Hold the late promises of a level against what is usual.

    Source:
        P. H. Kupiec, "Techniques for verifying the accuracy of risk measurement models", Journal of
        Derivatives 3 (1995), pp. 73-84.

    >>> off, fine = kept(42, n=200, level=0.85), kept(36, n=200, level=0.85)
    >>> round(off.likelihood_ratio, 3), round(off.p, 4), off.is_off, round(fine.p, 3), fine.is_off
    (5.131, 0.0235, True, 0.247, False)
    >>> off.low, off.high
    (20, 40)
    """
    if not 0 <= n_late <= n or not 0 < level < 1:
        raise ValueError("late ones are some of all, and a level is between 0 and 1")
    expected = 1 - level
    ratio = (
        2 * (_log_chance(n_late, n, n_late / n) - _log_chance(n_late, n, expected)) if n else 0.0
    )
    ratio = max(ratio, 0.0)
    low, high = usual(n, expected)
    return Kept(n, n_late, low, high, ratio, erfc(sqrt(ratio / 2)))


def usual(n: int, share: float, *, outside: float = 0.05) -> tuple[int, int]:
    """The binomial counts that 95 of 100 are not below or above of: half of the rest on either side.

    >>> usual(200, 0.15), usual(0, 0.15)
    ((20, 40), (0, 0))
    """
    reached, low = 0.0, None
    for count in range(n + 1):
        reached += comb(n, count) * share**count * (1 - share) ** (n - count)
        if low is None and reached >= outside / 2:
            low = count
        if reached >= 1 - outside / 2:
            return low or 0, count
    return low or 0, n


def pinball(actual: float, *, promised: float, level: float) -> float:
    """What a quantile costs: being late weighs ``level``, being early the rest; the mean is least for the right one.

    >>> pinball(12, promised=10, level=0.75), pinball(8, promised=10, level=0.75)
    (1.5, 0.5)
    """
    off = actual - promised
    return level * off if off >= 0 else (level - 1) * off


def histogram(places: Sequence[float], *, n_bins: int = 10) -> list[int]:
    """Where outcomes fell in their own distributions; level when these were right (PIT).

    >>> histogram([0.05, 0.5, 0.55, 1.0], n_bins=2)
    [1, 3]
    """
    counts = [0] * n_bins
    for place in places:
        counts[min(int(place * n_bins), n_bins - 1)] += 1
    return counts


def shift(n_late: int, *, n: int, level: float) -> float:
    """By how much the level is to be moved, in logits, so that it holds; 0 of nothing.

    Few promises count little, and no number of them moves it by more than :data:`MOST`.

    >>> round(shift(60, n=200, level=0.85), 3), shift(0, n=0, level=0.85), shift(400, n=400, level=0.85)
    (0.498, 0.0, 0.8)
    """
    achieved = (n - n_late + PRIOR * level) / (n + PRIOR)
    return max(-MOST, min(MOST, logit(level) - logit(achieved)))


def recalibrated(level: float, *, by: float) -> float:
    """The level to be asked of the distributions, so that promises hold as said.

    >>> round(recalibrated(0.85, by=0.5), 3), round(recalibrated(0.85, by=0.0), 3)
    (0.903, 0.85)
    """
    if by == 0:
        return level
    return min(HIGHEST, 1 / (1 + exp(-(logit(level) + by))))


def logit(share: float) -> float:
    """Log odds."""
    return log(share / (1 - share))


def _log_chance(n_late: int, n: int, share: float) -> float:
    """Log likelihood; 0 × log 0 is 0."""
    late = n_late * log(share) if n_late else 0.0
    kept_ = (n - n_late) * log(1 - share) if n_late < n else 0.0
    return late + kept_
