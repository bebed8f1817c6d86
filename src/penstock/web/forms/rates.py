"""What people fill in about an exchange rate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.web.forms import widgets
from penstock.web.forms.orders import day_field


def rate_field(**settings: Any) -> forms.DecimalField:
    """A rate as people write it in their language, with all its places."""
    return forms.DecimalField(
        max_digits=27, decimal_places=15, localize=True, widget=widgets.NumberInput(), **settings
    )


class RateForm(forms.Form):
    """What a currency was worth on a day; the pair either way round."""

    currency = forms.CharField(
        label=_("One unit of"),
        max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        help_text=_("Three letters, such as USD."),
    )
    rate = rate_field(label=_("is worth"))
    into = forms.CharField(
        label=_("of"),
        max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        help_text=_("One of the two is the currency of this workspace."),
    )
    day = day_field(label=_("On the day"), required=True)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=60, help_text=_("Such as the central bank.")
    )


class CorrectionForm(forms.Form):
    """Another rate for the same currency and day."""

    value = rate_field(label=_("Rate"))
    source = forms.CharField(label=_("Source"), required=False, max_length=60)
