"""What people fill in about working time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from penstock.base.working_time import Day, Week, WorkingTime, format_day, parse_day
from penstock.web.forms.widgets import day as day_input


class HoursField(forms.CharField):
    """Hours of a day such as 9:00–13:00, 14:00–18:00; empty for a free day."""

    def clean(self, value: Any) -> Day:
        """The spans, in minutes after midnight."""
        try:
            return parse_day(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(
                _("Enter hours such as 9:00–18:00 or 9–13, 14–18; leave it empty for a free day.")
            ) from error


class WeekForm(forms.Form):
    """The hours of each day of the week, and since when they are worked."""

    since = forms.DateField(
        label=_("In force from"),
        widget=day_input(),
        help_text=_("Days before keep the hours they had."),
    )

    def __init__(self, data: Any = None, *, clock: WorkingTime, today: date) -> None:
        super().__init__(data, initial={"since": today})
        week = clock.weeks[-1][1]
        for number, name in WEEKDAYS.items():
            self.fields[f"day_{number}"] = HoursField(
                label=name, required=False, max_length=100, initial=format_day(week[number])
            )

    @property
    def week(self) -> Week:
        """Monday to Sunday, as entered."""
        return tuple(self.cleaned_data[f"day_{number}"] for number in WEEKDAYS)


class DaysForm(forms.Form):
    """A list of days pasted in, with the hours of all of them."""

    days = forms.CharField(
        label=_("Days, one per line"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A date and what it is called, such as 2026-12-25 Christmas or 25.12.2026."),
    )
    hours = HoursField(
        label=_("Hours on these days"),
        required=False,
        max_length=100,
        help_text=_("Leave it empty for holidays."),
    )
