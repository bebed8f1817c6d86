"""What a new workspace is asked for."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CURRENCIES = ("EUR", "USD", "GBP", "RUB", "BRL", "CHF", "CNY", "INR", "JPY", "KZT", "PLN", "UAH")


def _zones() -> list[tuple[str, str]]:
    places = sorted(name for name in available_timezones() if "/" in name and name[0].isupper())
    return [
        ("UTC", "UTC"),
        *((name, name.replace("_", " ")) for name in places if name[:4] not in ("Etc/", "SyST")),
    ]


class FoundForm(forms.Form):
    """Name, time zone, currency and language; all but the name have a guess."""

    name = forms.CharField(label=_("Name of your company"), max_length=120)
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("Sums stand in it; it cannot be changed later."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        initial="UTC",
        help_text=_("Says when your days begin and end."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, initial=get_language
    )
