"""The cumulative flow of orders, and what came in and went out week by week."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from penstock.reports.backlog_flow import BacklogFlow, Week
from penstock.web import figures
from penstock.web.pages.backlog_flow import answer
from penstock.web.pages.tiles import short_day

#: Of the stages, the last one first.
TONES = ("accent", "warn", "info", "faint")


def charts(found: BacklogFlow) -> list[dict[str, Any]]:
    """The cumulative flow, and the weeks."""
    if not found.n_in and not found.n_opening:
        return []
    return [_diagram(found), _by_week(found)]


def _diagram(found: BacklogFlow) -> dict[str, Any]:
    flow = found.flow
    x = [short_day(day) for day in flow.days]
    # From the bottom: what is out of the door, then backwards along the stages.
    bands = list(reversed(flow.bands))
    delivered = _("Delivered since the begin")
    series = [
        {
            "name": delivered,
            "kind": "area",
            "stack": "flow",
            "values": flow.delivered.tolist(),
            "tone": "ok",
        },
        *(
            {
                "name": band.name,
                "kind": "area",
                "stack": "flow",
                "values": band.counts.tolist(),
                "tone": TONES[at % len(TONES)],
            }
            for at, band in enumerate(bands)
        ),
    ]
    ends = sorted({week.window.last for week in found.weeks})
    places = [(day - found.window.first).days for day in ends]
    return {
        "id": "chart-flow",
        "title": _("Orders in each stage at the end of each day"),
        "summary": answer(found),
        "data": {"x": x, "series": series},
        "heads": [_("Day"), delivered, *(band.name for band in bands)],
        "rows": [
            [
                x[at],
                figures.number(int(flow.delivered[at])),
                *(figures.number(int(band.counts[at])) for band in bands),
            ]
            for at in places
        ],
    }


def _by_week(found: BacklogFlow) -> dict[str, Any]:
    names = [short_day(week.window.first) for week in found.weeks]
    heads = [
        _("Week from"),
        _("Came in"),
        _("Delivered"),
        _("Cancelled"),
        _("Owed at the end"),
        _("Hours delivered"),
        _("Counts for capacity"),
    ]
    return {
        "id": "chart-weeks",
        "title": _("What came in and went out, week by week"),
        "summary": answer(found),
        "data": {
            "x": names,
            "series": [
                {
                    "name": heads[1],
                    "kind": "bar",
                    "values": [one.n_in for one in found.weeks],
                    "tone": "info",
                },
                {
                    "name": heads[2],
                    "kind": "bar",
                    "values": [one.n_out for one in found.weeks],
                    "tone": "ok",
                },
                {
                    "name": heads[4],
                    "kind": "line",
                    "values": [one.n_inside for one in found.weeks],
                    "tone": "ink",
                },
            ],
        },
        "heads": heads,
        "rows": [[name, *_week(one)] for name, one in zip(names, found.weeks, strict=True)],
    }


def _week(one: Week) -> list[str]:
    if one.counts:
        counts = _("yes")
    elif one.ran_out:
        counts = _("no, work ran out")
    else:
        counts = _("no, not a whole week") if one.work_days else _("no, no working days")
    return [
        *(figures.number(n) for n in (one.n_in, one.n_out, one.n_cancelled, one.n_inside)),
        figures.number(one.hours),
        counts,
    ]
