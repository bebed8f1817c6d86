"""What the tests work out for themselves, to compare."""

from __future__ import annotations

from collections.abc import Sequence


def median(days: Sequence[tuple[float, bool]]) -> float | None:
    """The median by Kaplan and Meier, written down once more; running cases count as long as they ran."""
    left, survival = len(days), 1.0
    for at in sorted({day for day, is_over in days if is_over}):
        left = sum(day >= at for day, _is_over in days)
        survival *= 1 - sum(day == at and is_over for day, is_over in days) / left
        if survival <= 0.5:
            return at
    return None
