"""How long deals that are won stand in a stage, told from a history in which many are not decided yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penstock.analytics.conversion import Z95

Days = NDArray[np.float64]
Kinds = NDArray[np.int64]

OPEN, WON, LOST = 0, 1, 2
#: With fewer won deals nothing is claimed of a stage.
MIN_WON = 20


@dataclass(frozen=True, slots=True)
class Left:
    """The share of won deals that had left a stage by some age, with its 95 % interval; ``n`` won deals say so."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """How long won deals stood in one stage at a stretch.

    Attributes:
        n_won: Won deals that stood in it; with fewer than ``MIN_WON`` every answer is unknown.
        n_entered: All deals that ever stood in it; ``n_open`` of them are not decided yet.
        days: Stretches of the won deals, float64, rising.
        shares: The share of all deals that will be won whose stretch is at most so long, float64, rising to 1.
        n_effective: How many equally weighted deals would say as much.
    """

    n_won: int
    n_entered: int
    n_open: int
    days: Days
    shares: Days
    n_effective: float

    @property
    def is_known(self) -> bool:
        """Whether there are enough won deals to say anything."""
        return self.n_won >= MIN_WON

    def left_by(self, days: float) -> Left | None:
        """The share of won deals that had left the stage by an age; None with too few of them."""
        if not self.is_known:
            return None
        place = int(np.searchsorted(self.days, days, side="right"))
        found = float(self.shares[place - 1]) if place else 0.0
        low, high = _wilson(found, n=self.n_effective)
        return Left(share=found, low=low, high=high, n=self.n_won)

    def limit(self, share: float) -> float | None:
        """The age by which so large a share of the won deals had left; None if too few are known."""
        if not self.is_known:
            return None
        place = int(np.searchsorted(self.shares, share - 1e-12, side="left"))
        return float(self.days[min(place, len(self.days) - 1)])


NOTHING = Ageing(0, 0, 0, np.empty(0), np.empty(0), 0.0)


def ageing(stretch: Days, follow: Days, kind: Kinds) -> Ageing:
    """The distribution of stretches in a stage among deals that are won, undecided ones included as censored.

    A fast deal that entered last week may be won by now, a slow one cannot be: whoever looks at won deals alone
    sees too many fast ones, the more so the faster the pipeline grows. So every won deal is weighted by the jump
    of the Aalen-Johansen estimate at its decision: it stands for the deals that are as slow but entered too late
    to be decided. Lost deals compete; open ones are censored at the end of the watch.

    Args:
        stretch: Longest stretch of each deal in the stage, in days, float64, shape (n,).
        follow: Days from its first entry into the stage to its decision, or to the end of the watch, (n,).
        kind: How it is decided: ``OPEN``, ``WON`` or ``LOST``, int64, shape (n,).

    Returns:
        The distribution. Nothing comes out of no won deals: every answer of it is None.

    Source:
        The marked form of O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978); weights by the
        chance of being watched long enough are those of J. M. Robins and A. Rotnitzky (1992), and both are the
        same where deals are censored independently of their speed (G. A. Satten and S. Datta, The American
        Statistician 55, 2001).

    >>> found = ageing(np.array([1.0, 2.0] * 10), np.array([5.0, 9.0] * 10), np.ones(20, dtype=np.int64))
    >>> round(found.left_by(1.0).share, 6), found.limit(0.85)
    (0.5, 2.0)
    """
    n_entered = len(stretch)
    won = kind == WON
    n_won, n_open = int(won.sum()), int((kind == OPEN).sum())
    if not n_won:
        return Ageing(0, n_entered, n_open, np.empty(0), np.empty(0), 0.0)
    weights = _jumps(follow, kind)[won]
    order = np.argsort(stretch[won], kind="stable")
    total = weights.sum()
    shares = np.cumsum(weights[order]) / total
    return Ageing(
        n_won=n_won,
        n_entered=n_entered,
        n_open=n_open,
        days=stretch[won][order],
        shares=shares,
        n_effective=float(total**2 / (weights**2).sum()),
    )


def _jumps(follow: Days, kind: Kinds) -> Days:
    """How much one decision adds to the estimate at its time: still undecided before, over how many are watched."""
    times, places = np.unique(follow, return_inverse=True)
    decided = np.bincount(places, weights=kind != OPEN, minlength=len(times))
    at_risk = len(follow) - np.searchsorted(np.sort(follow), times, side="left")
    undecided = np.cumprod(1 - decided / at_risk)
    before = np.concatenate(([1.0], undecided[:-1]))
    jumps: Days = (before / at_risk)[places]
    return jumps


def _wilson(share: float, *, n: float) -> tuple[float, float]:
    """The interval of ``analytics.conversion.share`` at an effective number of cases."""
    middle = share + Z95**2 / (2 * n)
    half = Z95 * float(np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n)))
    scale = 1 + Z95**2 / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
