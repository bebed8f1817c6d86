"""Proposing which column is which field, and how dates and numbers are written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from penstock.base.keys import match_key
from penstock.intake.files import values
from penstock.intake.files.table import Row
from penstock.intake.nouns.field import Field


@dataclass(slots=True)
class Proposal:
    """A mapping field → column and the options that the sample speaks for; ``asks`` names what it leaves open."""

    mapping: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)


def propose(fields: Sequence[Field], *, headers: Sequence[str], rows: Sequence[Row]) -> Proposal:
    """Match headers to fields by name, then by what the cells hold; settle date order and decimal mark."""
    columns = {name: _cells(rows, name) for name in headers}
    mapping: dict[str, str] = {}
    for one in fields:
        found = _best(one, headers, columns, taken=set(mapping.values()))
        if found:
            mapping[one.name] = found
    proposal = Proposal(mapping=mapping)
    _propose_dates(proposal, fields, columns)
    _propose_numbers(proposal, fields, columns)
    return proposal


def fingerprint(headers: Sequence[str]) -> str:
    """What files with the same headers have in common, whatever their order and spelling."""
    return hashlib.sha256("|".join(sorted(map(match_key, headers))).encode()).hexdigest()


def _cells(rows: Sequence[Row], name: str) -> list[str]:
    return [row.cells[name] for row in rows if not values.is_empty(row.cells[name])]


def _best(
    one: Field, headers: Sequence[str], columns: dict[str, list[str]], *, taken: set[str]
) -> str | None:
    names = [match_key(alias) for alias in (one.name, *one.aliases)]
    ranked = sorted(
        (names.index(match_key(header)), place)
        for place, header in enumerate(headers)
        if match_key(header) in names and header not in taken and _suits(one, columns[header])
    )
    return headers[ranked[0][1]] if ranked else None


def _suits(one: Field, cells: list[str]) -> bool:
    if not cells:
        return True
    if one.is_date:
        return bool(values.possible_orders(cells))
    if one.is_number:
        return sum(map(values.is_number, cells)) >= 0.9 * len(cells)
    return True


def _propose_dates(
    proposal: Proposal, fields: Sequence[Field], columns: dict[str, list[str]]
) -> None:
    mapped = [one for one in fields if one.is_date and one.name in proposal.mapping]
    cells = [cell for one in mapped for cell in columns[proposal.mapping[one.name]]]
    if not cells:
        return
    orders = values.possible_orders(cells)
    if len(orders) == 1:
        proposal.options["date_order"] = orders[0]
    else:
        proposal.asks.append("date_order")


def _propose_numbers(
    proposal: Proposal, fields: Sequence[Field], columns: dict[str, list[str]]
) -> None:
    mapped = [one for one in fields if one.is_number and one.name in proposal.mapping]
    cells = [cell for one in mapped for cell in columns[proposal.mapping[one.name]]]
    proposal.options["decimal"] = values.decimal_mark(cells) or "."
