"""Customers of the sample company that somebody entered twice: some still stand so, one pair was merged."""

from __future__ import annotations

from typing import Any

from penstock.contacts import companies, merging, people
from penstock.contacts.models import Company
from penstock.intake.sample.company import Cast

#: Each company as two people wrote it, in both alphabets; the last pair was found and merged.
PAIRS = (
    ("Volga Trading Ltd", "ООО «Волга Трейдинг»", "volga-trading.example"),
    ("Nordwind GmbH", "NORDWIND", "nordwind.example"),
    ("Alpha Metall", "ООО «Альфа Металл»", ""),
    ("Baltic Cargo Ltd", "Baltik Cargo", "baltic-cargo.example"),
)
PEOPLE = (("Sergei Ivanov", "Иванов Сергей"), ("Anna Weber", "Weber, Anna"))


def enter(cast: Cast) -> None:
    """Add them, and merge one pair."""
    made = [_pair(cast, *pair) for pair in PAIRS]
    for (first, second), number in zip(PEOPLE, range(len(PEOPLE)), strict=True):
        one, other = made[number]
        _people(cast, one, other, names=(first, second), number=number)
    kept, gone = made[-1]
    merging.merge_companies(kept, gone=gone, by=cast.members[0])


def _pair(cast: Cast, first: str, second: str, domain: str) -> tuple[Company, Company]:
    details: list[dict[str, Any]] = [
        {"domain": domain, "industry": cast.words.industries[0]},
        {"domain": f"www.{domain}" if domain else "", "city": cast.words.places[0]},
    ]
    one, other = (
        companies.add(cast.workspace, name=name, by=cast.members[0], **more)
        for name, more in zip((first, second), details, strict=True)
    )
    return one, other


def _people(
    cast: Cast, one: Company, other: Company, *, names: tuple[str, str], number: int
) -> None:
    phones = (f"+7 495 700-10-{number:02d}", f"8 (495) 700 10 {number:02d}")
    for company, name, phone in zip((one, other), names, phones, strict=True):
        people.add(cast.workspace, name=name, by=cast.members[0], company=company, phone=phone)
