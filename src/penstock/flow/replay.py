"""Reading append-only rows: which of them count, and which was the last at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class DatedRow(Protocol):
    """What replaying needs of a row."""

    pk: int
    occurred_at: datetime
    known_at: datetime
    is_void: bool
    supersedes_id: int | None


Row = TypeVar("Row", bound=DatedRow)


def effective(rows: Iterable[Row], *, known: datetime | None = None) -> list[Row]:
    """Rows that count, in the order in which they happened.

    A row counts when it was known, is not void, and no row known by then supersedes it. Rows of the
    same instant count in the order of their writing.

    Args:
        rows: Dated rows of one kind of one item, in any order.
        known: Only what was known before this instant; None for all that is known now.
    """
    seen = [row for row in rows if known is None or row.known_at < known]
    gone = {row.supersedes_id for row in seen}
    counting = [row for row in seen if row.pk not in gone and not row.is_void]
    return sorted(counting, key=lambda row: (row.occurred_at, row.pk))


def last(
    rows: Iterable[Row], *, at: datetime | None = None, known: datetime | None = None
) -> Row | None:
    """The row in force at an instant (exclusive), as known at another; None before the first."""
    before = [row for row in effective(rows, known=known) if at is None or row.occurred_at < at]
    return before[-1] if before else None
