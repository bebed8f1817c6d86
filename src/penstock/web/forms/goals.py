"""The grid in which goals are entered: a row per team, person, product or channel, a column per period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from penstock.catalog.access import products_for
from penstock.reports import slices
from penstock.sales import goals
from penstock.sales.access import deals_for
from penstock.sales.goals import DIMENSIONS, Target
from penstock.sales.models import Channel, Goal, GoalPeriod, Metric
from penstock.sales.models.activity import Activity
from penstock.users.models import Member, Team
from penstock.web import figures
from penstock.web.forms import widgets
from penstock.web.forms.orders import day_field
from penstock.web.pages.tiles import period_text

#: What is counted, as one choice: activities of every kind stand beside those of all kinds.
COUNTED: dict[str, tuple[str, str]] = {
    **{metric: (metric, "") for metric in Metric.values},
    **{f"activities-{kind}": (Metric.ACTIVITIES, kind) for kind in Activity.ActivityKind.values},
}
SUBJECTS = {
    "": gettext_lazy("Workspace"),
    "team": gettext_lazy("Team"),
    "owner": gettext_lazy("Member"),
    "product": gettext_lazy("Product"),
    "channel": gettext_lazy("Channel"),
}
PERIODS = [
    ("month", pgettext_lazy("length of a goal", "Month")),
    ("quarter", pgettext_lazy("length of a goal", "Quarter")),
    ("year", pgettext_lazy("length of a goal", "Year")),
]
STARTS = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}
N_ROWS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Which grid: what is counted, for whom, how long a period is, and in which year."""

    counted: str
    of: str
    period: str
    year: int

    @property
    def metric(self) -> str:
        """What is counted."""
        return COUNTED[self.counted][0]

    @property
    def firsts(self) -> list[date]:
        """The first days of the periods of the year."""
        return [date(self.year, month, 1) for month in STARTS[self.period]]


def asked(query: Any, *, this_year: int) -> Asked:
    """The grid that an address asks for; what it does not know is the usual one."""

    def one_of(name: str, offered: Iterable[str], usual: str) -> str:
        text = str(query.get(name, ""))
        return text if text in set(offered) else usual

    counted = one_of("counted", COUNTED, Metric.WON_AMOUNT)
    subjects = subjects_of(COUNTED[counted][0])
    text = str(query.get("year", ""))
    near = range(this_year - goals.FURTHEST_YEARS, this_year + goals.FURTHEST_YEARS + 1)
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return Asked(
        counted=counted,
        of=one_of("of", subjects, ""),
        period=one_of("period", STARTS, GoalPeriod.MONTH),
        year=year if year in near else this_year,
    )


def subjects_of(metric: str) -> tuple[str, ...]:
    """For whom a goal of a kind can be set: activities for people, costs for channels."""
    return {
        Metric.ACTIVITIES.value: ("", "team", "owner"),
        Metric.COST_PER_LEAD.value: ("", "channel"),
    }.get(metric, tuple(SUBJECTS))


class GridFilters(forms.Form):
    """Which grid is shown; the address carries it."""

    counted = forms.ChoiceField(label=gettext_lazy("What is counted"))
    of = forms.ChoiceField(label=gettext_lazy("Whose goals"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Length of a goal"), choices=PERIODS)
    year = forms.ChoiceField(label=gettext_lazy("Year"))

    def __init__(self, asked: Asked, *, this_year: int) -> None:
        super().__init__(initial=asdict(asked), auto_id="filter_%s")
        near = range(min(asked.year, this_year) - 1, max(asked.year, this_year) + 2)
        offered: dict[str, list[Any]] = {
            "counted": [(code, counted_text(*pair)) for code, pair in COUNTED.items()],
            "of": [(code, SUBJECTS[code]) for code in subjects_of(asked.metric)],
            "year": [(year, str(year)) for year in near],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


def counted_text(metric: str, activity: str = "") -> str:
    """What a goal counts."""
    if not activity:
        return str(Metric(metric).label)
    kind = str(Activity.ActivityKind(activity).label)
    return _("Done: %(kind)s") % {"kind": kind}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the grid: whose goals they are."""

    name: str
    subject: dict[str, Any]


class GoalGrid(forms.Form):
    """Goals as they are in force today; what is emptied is taken away."""

    valid_from = day_field(label=gettext_lazy("In force from"), required=True)

    def __init__(
        self, *args: Any, asked: Asked, member: Member, said: Sequence[Goal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.rows = rows_of(member, asked.of, metric=asked.metric)
        values = {goal.identity: goal.value for goal in said}
        places = 2 if asked.metric in goals.MONEY else 0
        for at, row in enumerate(self.rows):
            for number, first in enumerate(asked.firsts):
                value = values.get(self._target(row, first).identity)
                self.fields[f"cell_{at}_{number}"] = forms.DecimalField(
                    label=f"{row.name}, {period_text(asked.period, first)}",
                    required=False,
                    max_digits=15 + places,
                    decimal_places=places,
                    localize=True,
                    widget=_cell(),
                    initial=None if value is None else figures.plain(value),
                )

    @property
    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The rows with their fields."""
        n = range(len(self.asked.firsts))
        return [
            (row.name, [self[f"cell_{at}_{number}"] for number in n])
            for at, row in enumerate(self.rows)
        ]

    @property
    def wanted(self) -> list[tuple[Target, Decimal | None]]:
        """What was entered."""
        return [
            (self._target(row, first), self.cleaned_data[f"cell_{at}_{number}"])
            for at, row in enumerate(self.rows)
            for number, first in enumerate(self.asked.firsts)
        ]

    def _target(self, row: Row, first: date) -> Target:
        metric, activity = COUNTED[self.asked.counted]
        return Target(
            metric=metric,
            activity=activity,
            period=self.asked.period,
            first_on=first,
            **row.subject,
        )


def rows_of(member: Member, of: str, *, metric: str) -> list[Row]:
    """Whose goals can be entered."""
    if of not in DIMENSIONS:
        return [Row(_("Workspace"), {})]
    if of == "channel":
        return [Row(label, {"channel": name}) for name, label in _channels(member, metric)]
    found: Any = {
        "team": Team.objects.filter(workspace_id=member.workspace_id, retired_at=None).order_by(
            "sort_key", "pk"
        ),
        "owner": Member.objects.filter(workspace_id=member.workspace_id, is_active=True).order_by(
            "sort_key", "pk"
        ),
        "product": products_for(member),
    }[of]
    return [Row(slices.name_of(one), {of: one}) for one in found[:N_ROWS]]


def _channels(member: Member, metric: str) -> list[tuple[str, str]]:
    """Channels that can cost something; for other goals also what deals say in words of their own."""
    if metric == Metric.COST_PER_LEAD:
        return [(name, str(label)) for name, label in Channel.choices]
    found = deals_for(member).exclude(channel="").order_by("channel")
    names = found.values_list("channel", flat=True).distinct()[:N_ROWS]
    labels = dict(Channel.choices)
    return [(name, str(labels.get(name, name))) for name in names]


def _cell() -> forms.TextInput:
    field = widgets.money()
    field.attrs["class"] = "input"
    return field
