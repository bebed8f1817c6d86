"""Figures of satisfaction surveys: net promoter score and share of satisfied answers."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from penstock.analytics.conversion import Z95, Share, share

#: Below so many answers the interval of a score says more about luck than about customers.
FEW = 10


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """Net promoter score in points, -100 to 100, with its 95 % interval; None without answers."""

    n_promoters: int
    n_passives: int
    n_detractors: int
    score: float | None
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        """Answers."""
        return self.n_promoters + self.n_passives + self.n_detractors

    @property
    def is_few(self) -> bool:
        """Too few answers to be read as more than single voices."""
        return self.n < FEW


def net_promoter(scores: list[int]) -> NetPromoter:
    """Share of promoters (9 and 10) less share of detractors (0 to 6), times 100.

    The interval is the adjusted Wald interval: three answers are added, one for each of detractor and
    promoter and one passive, so that a handful of equal answers does not claim to be certain.

    Args:
        scores: Whole numbers 0 to 10, one per answered survey.

    Source:
        F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003. The
        variance of a difference of two multinomial shares: p + d - (p - d)^2.

    >>> found = net_promoter([10, 9, 8, 7, 3])
    >>> found.n_promoters, found.n_detractors, found.score
    (2, 1, 20.0)
    """
    if any(not 0 <= score <= 10 for score in scores):
        raise ValueError("a net promoter answer lies between 0 and 10")
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    passives = len(scores) - promoters - detractors
    if not scores:
        return NetPromoter(0, 0, 0, score=None, low=None, high=None)
    n = len(scores) + 3
    p, d = (promoters + 1) / n, (detractors + 1) / n
    middle, half = p - d, Z95 * sqrt((p + d - (p - d) ** 2) / n)
    return NetPromoter(
        n_promoters=promoters,
        n_passives=passives,
        n_detractors=detractors,
        score=100 * (promoters - detractors) / len(scores),
        low=100 * max(-1.0, middle - half),
        high=100 * min(1.0, middle + half),
    )


def satisfied(scores: list[int]) -> Share:
    """Share of CSAT answers of 4 or 5, with its Wilson interval.

    Args:
        scores: Whole numbers 1 to 5, one per answered survey.

    >>> satisfied([5, 4, 4, 2]).share
    0.75
    """
    if any(not 1 <= score <= 5 for score in scores):
        raise ValueError("a CSAT answer lies between 1 and 5")
    return share(sum(score >= 4 for score in scores), of=len(scores))
