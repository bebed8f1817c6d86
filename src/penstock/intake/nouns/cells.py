"""From the cells of a row to the values of a noun, by its mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from penstock.base.money import exact
from penstock.intake.files import values
from penstock.intake.nouns.field import Field, Sort

LONGEST = 250


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether the file named a whole day only."""

    at: datetime
    is_day: bool


@dataclass(slots=True)
class Parsed:
    """A row as values: only mapped fields are there, None where the cell is empty."""

    number: int
    raw: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """The value of a field, None when it is empty or not mapped."""
        return self.values.get(name)

    def has(self, name: str) -> bool:
        """Whether the file says something about a field."""
        return self.values.get(name) is not None


class Cells:
    """Reads rows of one file: which column is which field, and how dates and numbers are written."""

    def __init__(
        self,
        fields: Sequence[Field],
        *,
        mapping: dict[str, str],
        options: dict[str, Any],
        zone: ZoneInfo,
    ) -> None:
        self._fields = [(one, mapping[one.name]) for one in fields if mapping.get(one.name)]
        self._required = [one.name for one in fields if one.is_required]
        self._order = options.get("date_order", "ymd")
        self._decimal = options.get("decimal", ".")
        self._empty = {text.casefold() for text in options.get("empty", [])}
        self._zone = zone
        self._used = set(mapping.values())

    def read(self, number: int, raw: dict[str, str]) -> Parsed:
        """The values of a row; the first cell that cannot be read becomes its ``problem``."""
        parsed = Parsed(number=number, raw=raw)
        for one, column in self._fields:
            text = column[1:] if column.startswith("=") else raw.get(column, "")
            if values.is_empty(text) or text.casefold() in self._empty:
                parsed.values[one.name] = None
                continue
            try:
                parsed.values[one.name] = self._value(one, text)
            except ValueError:
                parsed.problem = _problem(one)
                parsed.params = {"column": column, "text": text[:80]}
                return parsed
        missing = next((name for name in self._required if not parsed.has(name)), None)
        if missing:
            parsed.problem, parsed.params = "missing", {"field": missing}
        return parsed

    def key_of(self, name: str, raw: dict[str, str]) -> str:
        """The text of a key field, without reading the rest of the row."""
        column = next((column for one, column in self._fields if one.name == name), "")
        text = column[1:] if column.startswith("=") else raw.get(column, "")
        return "" if values.is_empty(text) else text.strip()

    def unmapped(self, raw: dict[str, str]) -> dict[str, str]:
        """The cells of columns that no field takes: they are kept."""
        return {
            name: text[:2000]
            for name, text in raw.items()
            if name not in self._used and not values.is_empty(text)
        }

    def _value(self, one: Field, text: str) -> Any:
        if one.sort is Sort.TEXT:
            return text[:LONGEST]
        if one.is_date:
            return self._date(one, text)
        if one.sort is Sort.SHARE:
            return values.share(text, decimal=self._decimal)
        number = values.number(text, decimal=self._decimal)
        made = {Sort.WHOLE: int, Sort.EXACT: Decimal}.get(one.sort, exact)
        return made(number)

    def _date(self, one: Field, text: str) -> Any:
        if one.sort is Sort.DAY:
            return values.day(text, order=self._order, zone=self._zone)
        at, is_day = values.moment(text, order=self._order, zone=self._zone)
        return Moment(at=at, is_day=is_day)


def _problem(one: Field) -> str:
    if one.is_date:
        return "not_a_date"
    return "not_a_number"
