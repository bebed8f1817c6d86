"""Figures as a table for people, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from penstock.base import spreadsheets
from penstock.base.errors import RuleBroken

FORMATS = ("table", "json", "csv")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure laid out: named columns, rows of values, and what people must know to read it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""


def check(form: str) -> str:
    """The format, if there is such a one.

    Raises:
        RuleBroken: ``cli.format``.
    """
    if form not in FORMATS:
        raise RuleBroken("cli.format", _("Choose one of these formats: table, json, csv."))
    return form


def show(figure: object, sheets: Sequence[Sheet], *, form: str) -> None:
    """Print a figure; JSON holds all of it, CSV its first sheet, money is text in both."""
    if form == "json":
        typer.echo(json.dumps(plain(figure), ensure_ascii=False, indent=2))
    elif form == "csv":
        typer.echo(_csv(sheets[0]), nl=False)
    else:
        # Names are no markup: “[/]” in one would be a mistake, and “[red]” would be swallowed.
        console = Console(highlight=False, markup=False)
        for sheet in sheets:
            console.print(_table(sheet))
            if sheet.note:
                console.print(sheet.note, markup=False, style="dim")


def plain(value: Any) -> Any:
    """A value as JSON knows it: decimals as text, days in ISO form, dataclasses as objects."""
    if is_dataclass(value):
        named = ((part.name, getattr(value, part.name)) for part in fields(value))
        value = {name: part for name, part in named if not isinstance(part, ZoneInfo)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def money(sums: Mapping[str, Decimal]) -> str:
    """Sums per currency for people, to two places."""
    return "; ".join(f"{sum_:,.2f} {currency}" for currency, sum_ in sums.items()) or "0"


def percent(share: float | None) -> str:
    """A share for people, or a dash where there are no cases."""
    return "–" if share is None else f"{share:.3%}"


def _csv(sheet: Sheet) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(spreadsheets.harmless(str(column)) for column in sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{amount} {currency}" for currency, amount in value.items())
    text = str(plain(value))
    # A spreadsheet would run a name that begins like a formula; numbers of ours are no text.
    return text if isinstance(value, (int, float, Decimal)) else spreadsheets.harmless(text)


def _table(sheet: Sheet) -> Table:
    table = Table(title=sheet.title, title_justify="left", header_style="bold")
    for number, column in enumerate(sheet.columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in sheet.rows:
        table.add_row(*(_shown(value) for value in row))
    return table


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return money(value)
    if isinstance(value, (int, float, Decimal)):
        digits = {int: 0, float: 1, Decimal: 2}[type(value)]
        return f"{value:,.{digits}f}".removesuffix(".00")
    return "–" if value is None else str(value)
