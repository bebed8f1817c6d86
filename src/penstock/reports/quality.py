"""What is wrong with the data: findings counted by kind, each with examples."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Example:
    """One item that a finding is about; the key is empty where there is none."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Found:
    """How often one thing was found."""

    code: str
    label: str
    n: int
    examples: tuple[Example, ...]


def findings(member: Member, *, n_examples: int = 5) -> tuple[Found, ...]:
    """Findings that still stand, the most frequent first."""
    raise NotImplementedError
