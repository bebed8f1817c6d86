"""What if? The levers, as they stand in an address, each within its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.reports.impact_ahead import AMOUNT, OVERDUE, Levers, Wanted
from penstock.reports.impact_queue import EDD, ORDER

MOST_WEEKS, DEFAULT_WEEKS = 52, 13
MOST = 10**9


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where to where a lever goes, and where it stands untouched; a slider has steps."""

    name: str
    low: int
    high: int
    usual: float | None
    step: int = 1
    is_whole: bool = True


#: The numbers that can be asked, by the name in the address.
BOUNDS: dict[str, Bounds] = {
    one.name: one
    for one in (
        Bounds("demand", -100, 300, 0, step=5),
        Bounds("capacity", -100, 300, 0, step=5),
        Bounds("overtime", 0, 100, 0, step=5),
        Bounds("overtime_cost", 0, MOST, 0, is_whole=False),
        Bounds("crew", 0, MOST, 0, is_whole=False),
        Bounds("crew_from", 1, MOST_WEEKS, 1),
        Bounds("crew_ramp", 0, MOST_WEEKS, 0),
        Bounds("crew_cost", 0, MOST, 0, is_whole=False),
        Bounds("stop_lost", 0, 100, 0, step=10),
        Bounds("stop_first", 1, MOST_WEEKS, 1),
        Bounds("stop_last", 1, MOST_WEEKS, 1),
        Bounds("out", 0, MOST, 0, is_whole=False),
        Bounds("held", 0, MOST, 0, is_whole=False),
        Bounds("until", 1, MOST_WEEKS, None),
        Bounds("overdue_cost", 0, MOST, 0, is_whole=False),
        Bounds("ahead", 1, MOST_WEEKS, DEFAULT_WEEKS),
        Bounds("limit", 0, MOST, None, is_whole=False),
    )
}
#: What a saved scenario keeps of an address.
KEPT = frozenset({*BOUNDS, "measure", "out_of", "policy"} - {"ahead"})
#: Levers that stand where they are change nothing, and are as good as not asked.
UNTOUCHED = {
    **{one.name: str(one.usual) for one in BOUNDS.values() if one.usual is not None},
    "out_of": AMOUNT,
    "policy": EDD,
}


def levers(query: QueryDict) -> Levers:
    """Read the levers of an address.

    Raises:
        RuleBroken: ``web.impact`` for a number that is none or out of bounds, ``web.impact_stop`` for a
            stop that ends before it begins.
    """
    told: dict[str, Any] = {
        name: _number(query, BOUNDS[name]) for name in Levers.__slots__ if name in BOUNDS
    }
    if told["stop_last"] < told["stop_first"]:
        if query.get("stop_last"):
            raise RuleBroken(
                "web.impact_stop",
                _("It cannot end before it begins. Enter a later week."),
                needs=["stop_last"],
            )
        told["stop_last"] = told["stop_first"]
    policy = query.get("policy", EDD)
    return Levers(
        **told,
        out_of=OVERDUE if query.get("out_of") == OVERDUE else AMOUNT,
        policy=policy if policy in ORDER else EDD,
    )


def wanted(query: QueryDict, *, measure: str) -> Wanted:
    """Read how far ahead, and what is not to be passed.

    Raises:
        RuleBroken: ``web.impact``.
    """
    n_weeks = _number(query, BOUNDS["ahead"])
    limit = _number(query, BOUNDS["limit"])
    return Wanted(n_weeks=int(n_weeks or DEFAULT_WEEKS), measure=measure, threshold=limit)


def _number(query: QueryDict, bounds: Bounds) -> float | None:
    text = query.get(bounds.name, "").strip().replace(",", ".")
    if not text:
        return bounds.usual
    try:
        found: float = int(text[:12]) if bounds.is_whole else float(text[:20])
    except ValueError:
        found = bounds.high + 1
    # Not written the other way round: what is no number at all is within no bounds.
    if not bounds.low <= found <= bounds.high:
        raise RuleBroken(
            "web.impact",
            _("Enter a number from %(low)s to %(high)s.")
            % {"low": bounds.low, "high": bounds.high},
            needs=[bounds.name],
        )
    return int(found) if found == int(found) else found
