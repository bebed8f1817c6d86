"""What is decided about a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Parsed


@dataclass(slots=True)
class Group:
    """The rows of a file that speak of one thing."""

    key: str
    rows: list[Parsed]

    @property
    def first(self) -> Parsed:
        """The first of them."""
        return self.rows[0]


@dataclass(slots=True)
class Ruling:
    """The verdict on one row, with its reason and what it touches."""

    row: Parsed
    verdict: str
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    target_kind: str = ""
    target_id: int | None = None


def reject(row: Parsed, reason: str, **params: Any) -> Ruling:
    """Refuse a row for a reason."""
    return Ruling(row, Verdict.REJECT, reason, params)


def conflict(row: Parsed, reason: str, **params: Any) -> Ruling:
    """Set a row aside that contradicts another."""
    return Ruling(row, Verdict.CONFLICT, reason, params)


def same(row: Parsed, target_id: int | None, reason: str = "") -> Ruling:
    """A row that says what is known."""
    return Ruling(row, Verdict.SAME, reason, target_id=target_id)
