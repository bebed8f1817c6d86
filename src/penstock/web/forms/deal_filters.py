"""Which deals a board or a list shows; the address carries it all, so that it can be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.base.calendar import month_of, quarter_of
from penstock.contacts.access import companies_for
from penstock.flow import pipelines
from penstock.flow.dating import today
from penstock.flow.models import Pipeline
from penstock.users import members
from penstock.users.models import Member
from penstock.web.forms import deal_columns, widgets

OPEN, PARKED, WON, LOST, ALL = "open", "parked", "won", "lost", "all"
STATES = [
    (OPEN, pgettext_lazy("deals", "Open")),
    (PARKED, pgettext_lazy("deals", "Parked")),
    (WON, pgettext_lazy("deals", "Won")),
    (LOST, pgettext_lazy("deals", "Lost")),
    (ALL, pgettext_lazy("deals", "All")),
]
#: Open or won: what stands in the last stage of a board. Not offered in the bar.
IN_CARE = "in_care"
NOBODY, ME = "nobody", "me"
#: How the next step stands, and what stands for too long; a deal that waits for nobody is in none of these lanes.
NO_STEP, STEP_OVERDUE, STEP_TODAY, LATE = "none", "overdue", "today", "late"
STEPS = [
    ("", _("Any next step")),
    (NO_STEP, _("No next step")),
    (STEP_OVERDUE, _("Step overdue")),
    (STEP_TODAY, _("Step due today")),
    (LATE, _("Late in the stage")),
]
#: When a deal is expected to close, by the day on which it is asked; a saved view stays true.
CLOSES = [
    ("", _("Any day")),
    ("overdue", _("Overdue")),
    ("week", _("Within 7 days")),
    ("month", _("This month")),
    ("next_month", _("Next month")),
    ("quarter", _("This quarter")),
    ("none", _("No day yet")),
]
FOLDED = ("channel", "amount_from", "amount_to", "close", "close_from", "close_to")
#: How the table looks, and no filter of its rows.
LOOKS = ("sort", "columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to see; empty means all."""

    state: str = OPEN
    q: str = ""
    owner: str = ""
    stage: str = ""
    company: int | None = None
    channel: str = ""
    step: str = ""
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    close_from: date | None = None
    close_to: date | None = None
    has_no_close: bool = False


class DealFilters(forms.Form):
    """The filter bar over deals."""

    q = forms.CharField(label=_("Title, company or number"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False, initial=OPEN)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    step = forms.ChoiceField(label=_("Next step"), choices=STEPS, required=False)
    company = forms.IntegerField(required=False, widget=forms.HiddenInput)
    channel = forms.CharField(label=_("Channel"), required=False, max_length=60)
    amount_from = forms.DecimalField(label=_("Amount from"), required=False, widget=widgets.money())
    amount_to = forms.DecimalField(label=_("Amount to"), required=False, widget=widgets.money())
    close = forms.ChoiceField(label=_("Expected close"), choices=CLOSES, required=False)
    close_from = forms.DateField(label=_("Closes from"), required=False, widget=widgets.day())
    close_to = forms.DateField(label=_("Closes until"), required=False, widget=widgets.day())
    sort = forms.ChoiceField(label=_("Sort by"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict, *, member: Member, pipeline: Pipeline) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.member, self.query = member, data
        people = [(str(one.pk), one.name) for one in members.active(member.workspace_id)]
        stages = pipelines.stages_of(pipeline.pk)
        for name in ("state", "step", "close"):
            self.fields[name].widget.attrs["class"] = "input"
        self._choose(
            "owner",
            [("", _("Any owner")), (ME, _("Mine, whoever looks")), (NOBODY, _("Nobody")), *people],
        )
        self._choose("sort", deal_columns.orders())
        columns = self.fields["columns"]
        assert isinstance(columns, forms.MultipleChoiceField)
        columns.choices = deal_columns.optional()
        columns.initial = deal_columns.USUAL
        self._choose("stage", [("", _("Any stage")), *((str(row.pk), row.label) for row in stages)])

    def wanted(self) -> Wanted:
        """What was asked for; an answer that makes no sense is left out."""
        self.is_valid()
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "") and name not in LOOKS
        }
        if told.get("owner") == ME:
            told["owner"] = str(self.member.pk)
        closes = told.pop("close", "")
        return Wanted(**{**_closing(closes, today=today(self.member.workspace)), **told})

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of the table."""
        return deal_columns.shown(self.query.getlist("columns"))

    @property
    def usual(self) -> str:
        """The columns that need not be asked for, as the boxes that are checked."""
        return " ".join(name for name in deal_columns.USUAL if name != deal_columns.ALWAYS)

    @property
    def chosen(self) -> list[tuple[str, object, bool]]:
        """The boxes of the columns: name, label, whether it is shown."""
        return [(name, label, name in self.shown) for name, label in deal_columns.optional()]

    @property
    def bar(self) -> list[forms.BoundField]:
        """The filters that are always in sight."""
        names = ("owner",) if self.is_past else ("owner", "stage", "state", "step")
        return [self[name] for name in names]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The filters behind “More”."""
        return [self[name] for name in (("channel",) if self.is_past else FOLDED)]

    @property
    def is_past(self) -> bool:
        """Whether a day of the past is asked for, of which fewer filters are known."""
        return bool(self.data.get("on") or self.data.get("known"))

    @property
    def is_used(self) -> bool:
        """Whether anything is filtered."""
        usual = {"state": OPEN}
        names = [name for name in self.fields if name not in LOOKS]
        return any((text := self.data.get(name)) and text != usual.get(name) for name in names)

    @property
    def clear_url(self) -> str:
        """The same page without filters."""
        kept = [
            (name, value)
            for name in ("view", "pipeline", "on", "known", *LOOKS)
            for value in self.query.getlist(name)
            if value
        ]
        # No view: an address without any question opens the first one.
        return f"?{urlencode([*kept, ('saved', '0')])}"

    @property
    def company_name(self) -> str:
        """The company that the address names."""
        number = self.cleaned_data.get("company")
        company = companies_for(self.member).filter(pk=number).first() if number else None
        return company.name if company else ""

    @property
    def n_more(self) -> int:
        """How many of the folded filters are in use."""
        return sum(bool(self.data.get(name)) for name in FOLDED)

    def _choose(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "input"
        field.choices = choices


def _closing(code: str, *, today: date) -> dict[str, Any]:
    """What one of :data:`CLOSES` means on a day."""
    utc = ZoneInfo("UTC")
    month = month_of(today, zone=utc)
    after = month_of(month.last + timedelta(days=1), zone=utc)
    quarter = quarter_of(today, zone=utc)
    spans = {
        "overdue": (None, today - timedelta(days=1)),
        "week": (today, today + timedelta(days=6)),
        "month": (month.first, month.last),
        "next_month": (after.first, after.last),
        "quarter": (quarter.first, quarter.last),
    }
    if code not in spans:
        return {"has_no_close": code == "none"}
    first, last = spans[code]
    return {"close_from": first, "close_to": last}
