"""Where do we lose deals, and how long does it take?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import survival
from penstock.analytics.survival import Duration, Estimate, Quantile
from penstock.reports.funnel import MIN_CASES, Funnel, StageStep
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import day_text, window_text

AGAINST = {"": gettext_lazy("Against the window before"), "all": gettext_lazy("Against all deals")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stage of the funnel, ready to be shown."""

    stage_id: int
    name: str
    n: str
    n_advanced: str
    n_lost: str
    n_open: str
    has_enough: bool
    n_raw: int
    share: str
    interval: str
    lost: str
    undecided: str
    horizon: str
    other: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """How long one thing takes, ready to be shown."""

    name: str
    n: str
    n_running: str
    query: str
    median: str
    median_interval: str
    p85: str
    p85_interval: str


def head(found: Funnel) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Funnel"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "For each stage, the deals that entered it in the window, each once. A deal goes on when it "
                "first stands in a later stage or is won, whichever stages it skips; it is lost when it is "
                "lost for good. Deals that are still open are followed as long as they could be and not "
                "counted as either (Aalen-Johansen); parked deals are followed until they were parked. The "
                "shares hold by the day named in the line; the intervals are at 95 %."
            ),
            window=window_text(found.window),
            n=figures.number(found.steps[0].step.n_entered if found.steps else 0),
        ),
    )


def lines(found: Funnel, other: Funnel) -> list[Line]:
    """The stages, each against the same stage of another window or of all deals."""
    others = {one.stage_id: one for one in other.steps}
    return [_line(one, others.get(one.stage_id), n_looks=len(found.steps)) for one in found.steps]


def notes(found: Funnel) -> list[str]:
    """What bears on the figures."""
    skipped = sum(one.step.n_skipped for one in found.steps)
    back = sum(one.step.n_back for one in found.steps)
    said = []
    if skipped:
        said.append(
            ngettext(
                "%(n)s time a deal passed a stage by: it is not among those that entered that stage.",
                "%(n)s times a deal passed a stage by: it is not among those that entered that stage.",
                skipped,
            )
            % {"n": figures.number(skipped)}
        )
    if back:
        said.append(
            ngettext(
                "%(n)s deal moved back from a stage; it goes on being followed.",
                "%(n)s deals moved back from a stage; they go on being followed.",
                back,
            )
            % {"n": figures.number(back)}
        )
    if found.n_parked:
        said.append(
            ngettext(
                "%(n)s deal is parked: neither lost nor gone on.",
                "%(n)s deals are parked: neither lost nor gone on.",
                found.n_parked,
            )
            % {"n": figures.number(found.n_parked)}
        )
    if found.lag_days:
        said.append(
            _(
                "Ends are entered late: 95 %% of them within %(days)s days. So deals are followed only until %(day)s."
            )
            % {
                "days": figures.number(Decimal(str(found.lag_days)), places=1),
                "day": day_text(found.followed_until.astimezone(found.window.zone).date()),
            }
        )
    return said


def charts(found: Funnel) -> list[dict[str, Any]]:
    """What became of those that entered each stage: shares that add up to one."""
    steps = [one for one in found.steps if one.has_enough]
    if not steps:
        return []
    names = [one.label for one in steps]
    parts = [
        (_("Went on"), "accent", [_of(one, 0) for one in steps]),
        (_("Lost"), "late", [_of(one, 1) for one in steps]),
        (_("Undecided"), "faint", [100 * (one.step.incidence.undecided or 0.0) for one in steps]),
    ]
    return [
        {
            "id": "chart-funnel",
            "title": _("What became of the deals that entered each stage, in per cent"),
            "summary": _answer(found),
            "data": {
                "x": names,
                "sideways": True,
                "series": [
                    {"name": name, "kind": "bar", "stack": "all", "values": values, "tone": tone}
                    for name, tone, values in parts
                ],
            },
            "heads": [_("Stage"), *(name for name, _tone, _values in parts)],
            "rows": [
                [name, *(_share(values[at] / 100) for _name, _tone, values in parts)]
                for at, name in enumerate(names)
            ],
        }
    ]


def times_head(found: Funnel) -> Page:
    """The answer about times, and how they are measured."""
    cycle = found.cycle.to_end
    if cycle.median.days is None:
        answer = _(
            "Too few deals that were opened in this window have ended to say how long it takes."
        )
    else:
        answer = _(
            "Half of the deals are won or lost within %(median)s days of their opening, 85 %% within %(p85)s."
        ) % {
            "median": _days(cycle.median.days),
            "p85": _days(cycle.p85.days, beyond=_("a longer time")),
        }
    return Page(
        title=_("Times"),
        nav="insights",
        answer=answer,
        definition=Definition(
            text=_(
                "Time in a stage runs from a deal's first entry into it in the window until it leaves the "
                "stage in any direction, or ends. The cycle runs from the opening, for deals opened in the "
                "window. Deals that still run are part of it (Kaplan-Meier); the intervals are at 95 %. "
                "The time to win is that of the deals that are won by the end of the follow-up, each weighted by how "
                "seldom one that took as long is seen to its end."
            ),
            window=window_text(found.window),
            n=figures.number(cycle.n),
        ),
    )


def time_lines(found: Funnel) -> list[TimeLine]:
    """The stages, then the cycle."""
    stages = [_time(one.label, one.step.stay, query=f"stage={one.stage_id}") for one in found.steps]
    return [
        *stages,
        _time(_("From opening until won or lost"), found.cycle.to_end, query="cycle=1"),
        replace(
            _time(
                _("From opening until won, of those won"),
                found.cycle.to_win,
                query="cycle=1&part=won",
            ),
            n_running="",
        ),
    ]


def time_charts(found: Funnel) -> list[dict[str, Any]]:
    """Median and 85 % of each stage as bars."""
    steps = [one for one in found.steps if one.step.stay.median.days is not None]
    if not steps:
        return []
    names = [one.label for one in steps]
    medians = [one.step.stay.median.days for one in steps]
    p85s = [one.step.stay.p85.days for one in steps]
    return [
        {
            "id": "chart-times",
            "title": _("Days in each stage"),
            "summary": _("The longest stage takes %(days)s days at the median.")
            % {"days": _days(max(days or 0.0 for days in medians))},
            "data": {
                "x": names,
                "sideways": True,
                "series": [
                    {"name": _("Median"), "kind": "bar", "values": medians, "tone": "accent"},
                    {"name": _("85 %"), "kind": "bar", "values": p85s, "tone": "faint"},
                ],
            },
            "heads": [_("Stage"), _("Median"), _("85 %")],
            "rows": [
                [name, _days(median), _days(p85)]
                for name, median, p85 in zip(names, medians, p85s, strict=True)
            ],
        }
    ]


def _line(one: StageStep, other: StageStep | None, *, n_looks: int) -> Line:
    step, found = one.step, one.step.incidence
    on = found.ended[0]
    against = other.step.incidence.ended[0] if other and other.has_enough else None
    return Line(
        stage_id=one.stage_id,
        name=one.label,
        n=figures.number(step.n_entered),
        n_advanced=figures.number(step.n_advanced),
        n_lost=figures.number(step.n_lost),
        n_open=figures.number(step.n_open),
        has_enough=one.has_enough,
        n_raw=step.n_entered,
        share=_share(on.share),
        interval=interval(on),
        lost=_share(found.ended[1].share),
        undecided=_share(found.undecided),
        horizon=_days(found.horizon_days),
        other=_share(against.share) if against else "–",
        verdict=_verdict(on, against, n_looks=n_looks) if one.has_enough else "",
    )


def _verdict(on: Estimate, other: Estimate | None, *, n_looks: int) -> str:
    if other is None:
        return ""
    is_other = survival.differ(on, other, n_looks=n_looks)
    if is_other is None or on.share is None or other.share is None:
        return ""
    if not is_other:
        return _("no clear difference")
    return _("better") if on.share > other.share else _("worse")


def _answer(found: Funnel) -> str:
    sure = [
        one
        for one in found.steps
        if one.has_enough and one.step.incidence.ended[0].share is not None
    ]
    if not sure:
        return _(
            "Too few deals entered a stage in this window to say how they go on: at least %(n)s are needed."
        ) % {"n": figures.number(MIN_CASES)}
    worst = min(sure, key=lambda one: one.step.incidence.ended[0].share or 0.0)
    on = worst.step.incidence.ended[0]
    return _(
        "Fewest go on from “%(stage)s”: %(share)s of the %(n)s deals that entered it "
        "(between %(low)s and %(high)s)."
    ) % {
        "stage": worst.label,
        "share": _share(on.share),
        "n": figures.number(worst.step.n_entered),
        "low": _share(on.low),
        "high": _share(on.high),
    }


def _time(name: str, found: Duration, *, query: str) -> TimeLine:
    return TimeLine(
        name=name,
        query=query,
        n=figures.number(found.n),
        n_running=figures.number(found.n - found.n_ended),
        median=_days(found.median.days),
        median_interval=_between(found.median),
        p85=_days(found.p85.days),
        p85_interval=_between(found.p85),
    )


def _between(found: Quantile) -> str:
    if found.days is None:
        return ""
    return f"{_days(found.low)} – {_days(found.high, beyond='…')}"


def _days(days: float | None, *, beyond: str = "–") -> str:
    return beyond if days is None else figures.number(Decimal(str(days)), places=1)


def _of(one: StageStep, kind: int) -> float:
    return 100 * (one.step.incidence.ended[kind].share or 0.0)


def _share(value: float | None) -> str:
    return "–" if value is None else figures.share(value)


def interval(found: Estimate) -> str:
    """The bounds of a share."""
    return "–" if found.low is None else f"{_share(found.low)} – {_share(found.high)}"
