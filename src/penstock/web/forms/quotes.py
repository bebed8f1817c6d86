"""What is asked before anything is signed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.reports.quotes import Wanted
from penstock.users.models import Team


class QuoteForm(forms.Form):
    """An order that is not placed yet."""

    hours = forms.DecimalField(
        label=_("Hours of work"),
        min_value=Decimal("0.01"),
        max_value=Decimal(10_000_000),
        max_digits=12,
        decimal_places=2,
    )
    promised_on = forms.DateField(
        label=_("Promised for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cost_of_delay = forms.DecimalField(
        label=_("A working day of waiting costs"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("any team")
    )
    place = forms.IntegerField(
        label=_("Place in the queue"),
        help_text=_("Leave empty to stand where the order of work puts it."),
        min_value=1,
        max_value=100_000,
        required=False,
    )

    def __init__(self, data: Any, *, workspace_id: int) -> None:
        super().__init__(data)
        teams = Team.objects.filter(workspace_id=workspace_id, retired_at=None)
        self.fields["team"].queryset = teams.order_by("sort_key")  # type: ignore[attr-defined]  # -- a field of rows

    def wanted(self) -> Wanted:
        """What was asked."""
        told = self.cleaned_data
        cost = told["cost_of_delay"]
        return Wanted(
            hours=float(told["hours"]),
            promised_on=told["promised_on"],
            cost_of_delay=None if cost is None else float(cost),
            team_id=told["team"].pk if told["team"] else None,
            place=told["place"],
        )
