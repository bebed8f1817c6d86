"""When work is finished that is done in order by all capacity together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def finish(needed: Floats, *, ends: Floats, hours: Floats) -> Floats:
    """Days after which so many hours could be worked; nan beyond the last period.

    What comes first adds its own time to the waiting of all behind it, so the difference of two such
    days is how much longer something waits when other work is put before it.

    Args:
        needed: Hours until something is finished: its own and those of all before it, shape (n,).
        ends: Days from now at which periods end, rising, shape (m,).
        hours: Hours that can be worked in each period, shape (m,); within a period they come evenly.

    Returns:
        Days from now, shape (n,); 0 where nothing is needed; empty for nothing asked.

    Source:
        The line of one server (R. W. Conway, W. L. Maxwell, L. W. Miller, Theory of Scheduling, 1967,
        p. 26).

    >>> finish(np.array([35.0, 70.0, 71.0]), ends=np.array([7.0]), hours=np.array([70.0])).tolist()
    [3.5, 7.0, nan]
    """
    days = np.concatenate([[0.0], ends])
    done = np.concatenate([[0.0], np.cumsum(hours)])
    # Where nothing can be worked for a while, the first day on which enough was done counts.
    place = np.searchsorted(done, needed, side="left")
    inside = np.clip(place, 1, len(done) - 1)
    width = done[inside] - done[inside - 1]
    part = np.divide(needed - done[inside - 1], width, out=np.zeros_like(needed), where=width > 0)
    at = days[inside - 1] + part * (days[inside] - days[inside - 1])
    return np.where(needed <= 0, 0.0, np.where(place >= len(done), np.nan, at))
