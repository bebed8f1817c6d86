"""What people fill in about how soon leads are answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.sales.answers import LONGEST_HOURS
from penstock.web.forms import widgets


def hours_field(**settings: Any) -> forms.DecimalField:
    """Working hours, up to the minute."""
    return forms.DecimalField(
        max_digits=6,
        decimal_places=2,
        min_value=0,
        max_value=LONGEST_HOURS,
        localize=True,
        widget=widgets.NumberInput(),
        **settings,
    )


class AnswerRuleForm(forms.Form):
    """Working hours until each step of the ladder."""

    target_hours = hours_field(
        label=_("Answer within, working hours"), help_text=_("Then the owner is reminded.")
    )
    lead_hours = hours_field(label=_("So many more, then the team lead is told"))
    manager_hours = hours_field(label=_("So many more, then the managers are told"))
