"""Fields as a browser shows them best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

GROUPED_BY_COMMA = re.compile(r",(?=\d{3}(?!\d))")


class Suggesting(forms.TextInput):
    """A text for which some words are offered, and any other may be typed."""

    def __init__(self, offered: Iterable[str] = ()) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self._offered = offered

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The field with its list of words."""
        number = f"{(attrs or {}).get('id', name)}_offered"
        field = super().render(name, value, {**(attrs or {}), "list": number}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((o,) for o in self._offered)
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, number, options)


class NumberInput(forms.TextInput):
    """A number as text, for numbers are written differently in each language."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        """What was typed, as a computer writes it."""
        typed = super().value_from_datadict(data, files, name)
        return as_typed(typed) if isinstance(typed, str) else typed


def as_typed(text: str) -> str:
    """A number in the reader's language with groups of digits, or as it was copied from a page.

    >>> as_typed("1,234.5"), as_typed("−3")
    ('1234.5', '-3')
    """
    bare = "".join(text.split()).replace("−", "-")
    if get_format("DECIMAL_SEPARATOR") == ",":
        return bare.replace(",", ".", 1)
    return GROUPED_BY_COMMA.sub("", bare)


def day() -> forms.DateInput:
    """A date with the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def money() -> forms.TextInput:
    """An amount."""
    return NumberInput()
