"""What an import is asked for: the file, and which column is which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.base.errors import RuleBroken
from penstock.intake.files.table import Row
from penstock.intake.models import ChangeSet
from penstock.intake.nouns import registry
from penstock.intake.nouns.field import Field

SAMPLES = 3

DATE_ORDERS = {
    "ymd": gettext_lazy("Year, month, day: 2026-03-31"),
    "dmy": gettext_lazy("Day, month, year: 31.03.2026"),
    "mdy": gettext_lazy("Month, day, year: 03/31/2026"),
}
DECIMALS = {".": gettext_lazy("A point: 1,234.50"), ",": gettext_lazy("A comma: 1.234,50")}


class StartForm(forms.Form):
    """A file and what it holds."""

    noun = forms.ChoiceField(label=gettext_lazy("What does the file hold?"))
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "The name of the other system. Files of one source find what earlier ones brought."
        ),
    )
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        names = dict(ChangeSet._meta.get_field("noun").choices or ())
        self.fields["noun"].choices = [  # type: ignore[attr-defined]  # -- a choice field
            (noun, names.get(noun, noun)) for noun in registry.NOUNS
        ]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the file: its first cells, and the field that it fills."""

    name: str
    at: int
    samples: list[str]
    field: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class SameRow:
    """A field without a column: it may be the same for all rows."""

    name: str
    label: str
    value: str
    is_required: bool


def fields_of(change_set: ChangeSet) -> tuple[Field, ...]:
    """The fields of what the file holds."""
    return registry.NOUNS[change_set.noun].fields


def choices(change_set: ChangeSet) -> list[Choice]:
    """What a column can be."""
    return [Choice(one.name, str(one.label), one.is_required) for one in fields_of(change_set)]


def columns(
    change_set: ChangeSet, *, headers: Sequence[str], sample: Sequence[Row]
) -> list[ColumnRow]:
    """The columns with their first cells that are not empty, and what they fill."""
    fills = {column: name for name, column in change_set.mapping.items()}
    return [
        ColumnRow(header, at, _first(sample, header), fills.get(header, ""))
        for at, header in enumerate(headers)
    ]


def _first(sample: Sequence[Row], header: str) -> list[str]:
    cells = [row.cells.get(header, "") for row in sample]
    return [cell[:60] for cell in cells if cell][:SAMPLES]


def sames(change_set: ChangeSet) -> list[SameRow]:
    """The fields that no column fills."""
    mapping = change_set.mapping
    return [
        SameRow(one.name, str(one.label), mapping.get(one.name, "")[1:], one.is_required)
        for one in fields_of(change_set)
        if not mapping.get(one.name) or mapping[one.name].startswith("=")
    ]


def read_mapping(
    change_set: ChangeSet, data: QueryDict, *, headers: Sequence[str]
) -> dict[str, str]:
    """The mapping that was chosen: every field with its column, its one value, or nothing.

    Raises:
        RuleBroken: ``web.field_twice`` when two columns are to fill one field.
    """
    names = {one.name: str(one.label) for one in fields_of(change_set)}
    mapping = dict.fromkeys(names, "")
    for at, header in enumerate(headers):
        name = data.get(f"column-{at}", "")
        if name in names:
            if mapping[name]:
                raise RuleBroken(
                    "web.field_twice",
                    _("“%(first)s” and “%(second)s” cannot both be the field “%(field)s”.")
                    % {"first": mapping[name], "second": header, "field": names[name]},
                )
            mapping[name] = header
    for name in names:
        same = data.get(f"same-{name}", "").strip()
        if same and not mapping[name]:
            mapping[name] = f"={same[:200]}"
    return mapping


def read_options(data: QueryDict) -> dict[str, Any]:
    """How dates and numbers are written, and what else was chosen."""
    options: dict[str, Any] = {}
    if data.get("date_order") in DATE_ORDERS:
        options["date_order"] = data["date_order"]
    if data.get("decimal") in DECIMALS:
        options["decimal"] = data["decimal"]
    if "has_stage_options" in data:
        options["stages"] = "create" if data.get("stages") == "create" else ""
        options["place_orders"] = data.get("place_orders") == "1"
        options["despite"] = data.get("despite", "").strip()[:500]
    return options
