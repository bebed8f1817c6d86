"""Fields as a browser shows them best."""

from __future__ import annotations

from django import forms


def day() -> forms.DateInput:
    """A date with the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def money() -> forms.TextInput:
    """An amount; as text, for numbers are written differently in each language."""
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
