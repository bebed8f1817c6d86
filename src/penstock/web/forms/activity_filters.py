"""Which activities a list shows; the address carries it, so that it can be shared."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales.models import Activity

MINE, TEAM = "mine", "team"
OVERDUE, TODAY, AHEAD, DONE = "overdue", "today", "ahead", "done"
STATES = [
    ("", pgettext_lazy("activities", "All that is planned")),
    (OVERDUE, pgettext_lazy("activities", "Late")),
    (TODAY, pgettext_lazy("activities", "Due today")),
    (AHEAD, pgettext_lazy("activities", "Later")),
    (DONE, pgettext_lazy("activities", "Done in the last 30 days")),
]


@dataclass(frozen=True, slots=True)
class WantedActivities:
    """Whose, in which state, of which kind; empty means mine, planned, of any kind."""

    of: str
    state: str
    kind: str


class ActivityFilters(forms.Form):
    """The filter bar over activities."""

    of = forms.ChoiceField(label=_("Whose"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Any kind")), *Activity.ActivityKind.choices],
        required=False,
    )

    def __init__(self, data: QueryDict, *, may_see_team: bool) -> None:
        super().__init__(data, auto_id="filter_%s")
        whose = self.fields["of"]
        assert isinstance(whose, forms.ChoiceField)
        whose.choices = [("", pgettext_lazy("whose", "Mine"))]
        if may_see_team:
            whose.choices += [(TEAM, _("My team"))]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def wanted(self) -> WantedActivities:
        """What was asked for; an answer that makes no sense is left out."""
        self.is_valid()
        values = self.cleaned_data
        return WantedActivities(*(str(values.get(name) or "") for name in ("of", "state", "kind")))
