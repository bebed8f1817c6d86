"""Pipeline against backlog, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from penstock.reports.outlook import Measure, Outlook, Side
from penstock.web import figures
from penstock.web.pages import money
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.money import shown
from penstock.web.pages.tiles import day_text, moneys, short_day, window_text


@dataclass(frozen=True, slots=True)
class Words:
    """One question asked of both sides, with both answers in words."""

    question: str
    pipeline: str
    backlog: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one side, written out."""

    name: str
    value: str
    unit: str
    definition: Definition
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same measure of both sides."""

    pipeline: Figure | None
    backlog: Figure | None


def head(state: Outlook) -> Page:
    """Title and answer: both totals in one sentence."""
    return Page(
        title=_("Outlook"),
        nav="outlook",
        answer=_("%(pipeline)s may come; %(backlog)s is owed.")
        % {"pipeline": _total(state.pipeline), "backlog": _total(state.backlog)},
        definition=Definition(
            text=_(
                "The pipeline holds what may be sold, the backlog what was promised. They are "
                "measured differently and never added up."
            ),
            window=day_text(state.moment.on),
        ),
    )


def _total(side: Side) -> str:
    sums = next((one.in_one for one in side.measures if one.in_one is not None), None)
    return money.sentence(sums) if sums and sums.parts else _("Nothing")


def words(state: Outlook) -> list[Words]:
    """What each holds, when something enters, when it leaves."""
    left, right = state.pipeline, state.backlog
    return [
        Words(_("What it holds"), str(left.holds), str(right.holds)),
        Words(_("When something enters"), str(left.enters), str(right.enters)),
        Words(_("When it leaves"), str(left.leaves), str(right.leaves)),
    ]


def measures(state: Outlook) -> list[Pair]:
    """The measures of both sides, in the same order."""
    left = [_figure(one, state) for one in state.pipeline.measures]
    right = [_figure(one, state) for one in state.backlog.measures]
    n = max(len(left), len(right))
    return [
        Pair(left[at] if at < len(left) else None, right[at] if at < len(right) else None)
        for at in range(n)
    ]


def _figure(measure: Measure, state: Outlook) -> Figure:
    value, unit = _written(measure)
    return Figure(
        name=str(measure.label),
        value=value,
        unit=unit,
        definition=Definition(
            text=str(measure.definition),
            window=window_text(state.window)
            if measure.unit == "per_week"
            else day_text(state.moment.on),
            n=figures.number(measure.n),
        ),
        note=shown(measure.in_one).note if measure.in_one else "",
    )


def _written(measure: Measure) -> tuple[str, str]:
    if measure.money is not None:
        return moneys(measure.money) if measure.in_one is None else shown(measure.in_one).text, ""
    if measure.number is None:
        return "–", ""
    return figures.number(measure.number, places=_places(measure.number)), _unit(measure.unit)


def _places(value: Decimal) -> int:
    return 0 if value == value.to_integral_value() else 1


def _unit(unit: str) -> str:
    units = {"hours": _("hours"), "days": _("days"), "per_week": _("per week")}
    return units.get(unit, "")


def charts(state: Outlook) -> list[dict[str, Any]]:
    """What entered and left each side, week by week."""
    return [_chart(side, title) for side, title in _titled(state)]


def _titled(state: Outlook) -> list[tuple[Side, str]]:
    return [
        (state.pipeline, _("Deals that entered and left the pipeline per week")),
        (state.backlog, _("Orders that entered and left the backlog per week")),
    ]


def _chart(side: Side, title: str) -> dict[str, Any]:
    x = [short_day(week.first) for week in side.weeks]
    entered, left = [week.n_in for week in side.weeks], [week.n_out for week in side.weeks]
    return {
        "id": f"chart-{side.code}",
        "title": title,
        "size": "short",
        "summary": _("In %(weeks)s weeks %(n_in)s entered and %(n_out)s left.")
        % {
            "weeks": figures.number(len(x)),
            "n_in": figures.number(sum(entered)),
            "n_out": figures.number(sum(left)),
        },
        "data": {
            "x": x,
            "series": [
                {"name": _("Entered"), "kind": "bar", "values": entered, "tone": "accent"},
                {"name": _("Left"), "kind": "bar", "values": left, "tone": "faint"},
            ],
        },
        "heads": [_("Week of"), _("Entered"), _("Left")],
        "rows": [
            [week, figures.number(n_in), figures.number(n_out)]
            for week, n_in, n_out in zip(x, entered, left, strict=True)
        ],
    }
