"""The usual formulas, as products are known to compute them: what each reads in a planted company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import median

from penstock.base.calendar import Window
from tests.planted.lives import N_STEPS, NOW, Life


def of_survivors(told: Sequence[Life]) -> list[float]:
    """Conversion by present status: of the deals that are not lost, how many stand one stage further on."""
    living = [one for one in told if one.end(NOW) != "lost"]
    reached = [
        sum(any(place == step and at < NOW for place, at in one.visits) for one in living)
        for step in range(N_STEPS)
    ]
    return [later / before for before, later in pairwise(reached)]


def won_of_closed(told: Sequence[Life]) -> float:
    """Conversion from closed deals alone: open ones are passed over."""
    ends = Counter(one.end(NOW) for one in told)
    return ends["won"] / (ends["won"] + ends["lost"])


def won_of_all(told: Sequence[Life]) -> float:
    """Conversion as won ÷ all: open ones are taken for failures."""
    return sum(one.end(NOW) == "won" for one in told) / len(told)


def days_in_stage(told: Sequence[Life], place: int, window: Window) -> float:
    """The median time in a stage of those that have left it: empty while a deal is still there."""
    return median(
        one.days_in(place)
        for one in told
        for entered in [dict(one.visits).get(place)]
        if entered
        and window.start <= entered < NOW
        and min([at for step, at in one.visits if step > place] + [one.ends[0].known]) < NOW
    )


def cycle(told: Sequence[Life]) -> float:
    """The median age at which deals closed, of those that have."""
    return median(one.days for one in told if one.end(NOW))


def cycle_of_won(told: Sequence[Life]) -> float:
    """The same of those that were won."""
    return median(one.days for one in told if one.end(NOW) == "won")


def velocity(told: Sequence[Life], window: Window) -> float:
    """Open deals × mean won amount × win rate ÷ days of the cycle of the won ones, for a whole window."""
    n_open = sum(one.is_open(window.stop) for one in told)
    closed = [
        one for one in told if one.end(window.stop) and window.start <= one.ended < window.stop
    ]
    won = [one for one in closed if one.is_won]
    mean = float(sum(one.worth() for one in won)) / len(won)
    days = sum(one.days for one in won) / len(won)
    return n_open * mean * len(won) / len(closed) / days * window.n_days


def rest_of_bridge(told: Sequence[Life], window: Window) -> Decimal:
    """What a bridge of opening, new, won and lost by present amounts leaves unexplained."""
    opening = sum(one.worth(window.start) for one in told if one.is_open(window.start))
    closing = sum(one.worth(window.stop) for one in told if one.is_open(window.stop))
    new = sum(one.worth() for one in told if window.start <= one.opened < window.stop)
    gone = sum(
        one.worth()
        for one in told
        if one.end(NOW) and one.opened < NOW and window.start <= one.ended < window.stop
    )
    return Decimal(closing - (opening + new - gone))


def days_late(told: Sequence[Life]) -> float:
    """By how many days wins were late of the close that stands in the field, overwritten by every push."""
    return median((one.ended.date() - one.closes[-1][1]).days for one in told)


def share_of_losses(told: Sequence[Life], reason: str, window: Window) -> float:
    """A reason's share in all rows that say lost, those of deals that came back among them."""
    rows = Counter(
        end.reason
        for one in told
        for end in one.ends
        if end.verdict == "lost" and window.start <= end.at < window.stop and end.known < NOW
    )
    return rows[reason] / rows.total()


def new_share(won: Sequence[Life]) -> float:
    """New business of a window without what was bought before it: whoever is first in it is new."""
    return len({one.company for one in won}) / len(won)


def top_share(won: Sequence[Life]) -> float:
    """The largest customer's share where amounts of all currencies are added up as numbers."""
    sums: Counter[int] = Counter()
    for one in won:
        sums[one.company] += int(one.amount(one.ended))
    return max(sums.values()) / sum(sums.values())


def yielded(told: Sequence[Life], *, at: datetime) -> float:
    """What a pipeline brings by its win rate, whenever that will be."""
    return won_of_closed([one for one in told if one.end(at)])


def is_due(one: Life, *, at: datetime, last: date) -> bool:
    """Whether a deal is open at a moment and expected to close after it, by a day."""
    return one.is_open(at) and bool(one.closes) and at.date() <= one.close_on(at) <= last
