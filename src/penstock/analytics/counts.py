"""Whether things happen as often as they used to: two counts over two spans of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Each side of a 95 % interval.
TAIL = 0.025
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Change:
    """``n`` cases in ``days``, where ``n_before`` in ``days_before`` led one to expect ``expected``.

    ``ratio`` is the frequency now by that before, with its exact 95 % interval; None where nothing happened
    before (ratio and high), or at all. ``can_tell`` says whether so few cases could show any fall: if
    not even none at all would be surprising, nothing is claimed.
    """

    n: int
    days: int
    n_before: int
    days_before: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    can_tell: bool

    @property
    def has_fallen(self) -> bool:
        """Whether things happen less often than before, beyond chance."""
        return self.can_tell and self.high is not None and self.high < 1

    @property
    def has_risen(self) -> bool:
        """Whether they happen more often, beyond chance."""
        return self.low is not None and self.low > 1


def change(n: int, *, days: int, n_before: int, days_before: int) -> Change:
    """Compare two counts of events that happen independently of one another.

    Of all events the share that fell into the later span is binomial if nothing changed; the interval of
    that share is that of Clopper and Pearson, and the ratio follows from it.

    Args:
        n: Events of the later span.
        days: Its length.
        n_before: Events of the earlier span.
        days_before: Its length.

    Source:
        J. Przyborowski, H. Wilenski, Biometrika 31 (1940), pp. 313-323. Checked against C. J. Clopper and
        E. S. Pearson, Biometrika 26 (1934): 3 of 10 gives .0667 to .6525.

    >>> found = change(3, days=90, n_before=7, days_before=90)
    >>> round(found.low, 3), round(found.ratio, 3), round(found.high, 3)
    (0.072, 0.429, 1.877)
    >>> change(0, days=90, n_before=0, days_before=365).ratio is None
    True
    """
    whole = n + n_before
    spread = days_before / days
    expected = n_before / spread
    low, high = interval(n, of=whole)
    return Change(
        n=n,
        days=days,
        n_before=n_before,
        days_before=days_before,
        expected=expected,
        ratio=n / expected if n_before else None,
        low=None if low is None else _odds(low) * spread,
        high=None if high is None or high == 1 else _odds(high) * spread,
        can_tell=(days_before / (days + days_before)) ** whole < TAIL,
    )


def interval(n: int, *, of: int) -> tuple[float | None, float | None]:
    """The exact 95 % interval of a share; None for no cases.

    >>> tuple(round(bound, 4) for bound in interval(3, of=10))
    (0.0667, 0.6525)
    """
    if of == 0:
        return None, None
    chances = _log_choose(of)

    def at_most(k: int, share: float) -> float:
        counts = np.arange(k + 1)
        logs = chances[: k + 1] + counts * np.log(share) + (of - counts) * np.log1p(-share)
        return float(np.exp(logs).sum())

    low = 0.0 if n == 0 else _crossing(lambda share: at_most(n - 1, share), 1 - TAIL)
    high = 1.0 if n == of else _crossing(lambda share: at_most(n, share), TAIL)
    return low, high


def _odds(share: float) -> float:
    return share / (1 - share)


def _crossing(falls: Callable[[float], float], level: float) -> float:
    """Where a falling function of a share comes down to a level."""
    low, high = 0.0, 1.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) > level else (low, middle)
    return (low + high) / 2


def _log_choose(n: int) -> NDArray[np.float64]:
    """The logarithm of the binomial coefficient of ``n`` and each count from 0 to ``n``."""
    counts = np.arange(1, n + 1, dtype=np.float64)
    return np.concatenate(([0.0], np.cumsum(np.log((n - counts + 1) / counts))))
