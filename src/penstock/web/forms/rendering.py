"""Inputs and choices of forms, written in Python: a template for each option takes most of a page's time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
INPUTS = ("text", "number", "email", "url", "password", "hidden", "search", "date", "time")


class Quick(DjangoTemplates):
    """Writes the common widgets itself, exactly as Django's templates do, and leaves it the rest."""

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        """One widget or form."""
        write = WRITTEN.get(template_name)
        if write is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308 -- rendered by Django
        return mark_safe(write(context["widget"]))  # noqa: S308 -- every value is escaped below


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return (
        f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"'
        f"{value}{_attributes(widget)}>"
    )


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{escape(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: str | None, options: list[Widget]) -> str:
    inside = "".join(f"\n  {_option(option)}" for option in options)
    if not name:
        return inside
    return f'\n  <optgroup label="{conditional_escape(name)}">{inside}\n  </optgroup>'


def _option(option: Widget) -> str:
    label = conditional_escape(option["label"])
    return f'<option value="{_text(option["value"])}"{_attributes(option)}>{label}</option>\n'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: object) -> str:
    return escape(str(value))


WRITTEN: Mapping[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/select.html": _select,
}
