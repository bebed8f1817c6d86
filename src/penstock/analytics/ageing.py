"""How old the open cases are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Ages:
    """Age of ``n`` open cases in days; None when there are none."""

    n: int
    median_days: float | None
    p85_days: float | None
    p95_days: float | None
    oldest_days: float | None


def ages(days: Sequence[float]) -> Ages:
    """Percentiles of ages, each the age of a real case: nothing is interpolated.

    Args:
        days: Age of each open case in days, in any order.

    Source:
        R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician
        50 (1996), definition 1: the inverse of the empirical distribution function.

    >>> ages([3, 1, 2, 10])
    Ages(n=4, median_days=2.0, p85_days=10.0, p95_days=10.0, oldest_days=10.0)
    """
    if not len(days):
        return Ages(n=0, median_days=None, p85_days=None, p95_days=None, oldest_days=None)
    values = np.asarray(days, dtype=np.float64)
    cuts = np.percentile(values, [50, 85, 95, 100], method="inverted_cdf")
    median, p85, p95, oldest = (float(cut) for cut in cuts)
    return Ages(n=len(values), median_days=median, p85_days=p85, p95_days=p95, oldest_days=oldest)
