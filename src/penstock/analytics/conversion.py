"""Shares of cases that ended one way, with the interval that their number allows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

#: Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """``n`` of ``of`` cases; share and bounds in [0, 1], None when there are no cases."""

    n: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def closed(n_won: int, n_lost: int) -> Share:
    """Share won among closed cases; open ones are not part of it.

    >>> closed(8, 2).share
    0.8
    """
    return share(n_won, of=n_won + n_lost)


def share(n: int, *, of: int, z: float = Z95) -> Share:
    """Share of cases with its Wilson score interval.

    Args:
        n: Cases that count, 0 to ``of``.
        of: All cases; with none, share and bounds are None.
        z: Quantile of the normal distribution; 95 % by default.

    Source:
        E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
        the American Statistical Association 22 (1927), pp. 209-212. Checked against R. G. Newcombe,
        Statistics in Medicine 17 (1998), table I: 81 of 263 gives .2553 to .3662.

    >>> found = share(81, of=263)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of} cases is no share")
    if of == 0:
        return Share(n=0, of=0, share=None, low=None, high=None)
    low, high = bounds(n, of=of, z=z)
    return Share(n=n, of=of, share=n / of, low=low, high=high)


def bounds(n: float, *, of: float, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of ``n`` among ``of`` cases; both may be fractions, as of shared credit.

    >>> tuple(round(bound, 4) for bound in bounds(81, of=263))
    (0.2553, 0.3662)
    """
    rate = n / of
    middle = rate + z * z / (2 * of)
    half = z * sqrt(max(rate * (1 - rate), 0.0) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # At the ends the bound is exact; floating point alone would miss it by a hair.
    low = 0.0 if n == 0 else (middle - half) / scale
    high = 1.0 if n == of else (middle + half) / scale
    return low, high
