"""All nouns that a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from penstock.intake.nouns import (
    catalog,
    contacts,
    deals,
    order_events,
    order_fields,
    order_lines,
    orders,
    plain,
    rates,
    staff,
    stage_history,
)
from penstock.intake.nouns.field import Field
from penstock.intake.nouns.ruling import Group, Ruling
from penstock.intake.nouns.run import Run


class Handler(Protocol):
    """Judges and writes chunks of rows."""

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Rule on every row of these groups, and write what they bring."""
        ...


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of content: its fields, how rows belong together, who handles them."""

    name: str
    fields: tuple[Field, ...]
    key_of: Callable[[Run, dict[str, str]], str]
    handler: Callable[[Run], Handler]
    is_grouped: bool = False


_ALL = (
    Noun("companies", contacts.COMPANY_FIELDS, plain.key_by_name, contacts.Companies),
    Noun("people", contacts.PERSON_FIELDS, contacts.key_of_person, contacts.People),
    Noun("products", catalog.FIELDS, plain.key_by_name, catalog.Products),
    Noun("members", staff.FIELDS, plain.key_by_name, staff.Members),
    Noun(deals.NAME, deals.FIELDS, deals.key_of, deals.Deals),
    Noun(
        stage_history.NAME,
        stage_history.FIELDS,
        stage_history.key_of,
        stage_history.StageHistory,
        is_grouped=True,
    ),
    Noun(orders.NAME, orders.FIELDS, order_fields.key_of, orders.Orders, is_grouped=True),
    Noun(
        order_lines.NAME,
        order_lines.FIELDS,
        order_fields.key_of,
        order_lines.OrderLines,
        is_grouped=True,
    ),
    Noun(
        order_events.NAME,
        order_events.FIELDS,
        order_fields.key_of,
        order_events.OrderEvents,
        is_grouped=True,
    ),
    Noun(rates.NAME, rates.FIELDS, rates.key_of, rates.Rates),
)
NOUNS: dict[str, Noun] = {noun.name: noun for noun in _ALL}
