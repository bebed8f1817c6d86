"""What a field of an import is: its name, what its cells hold, and the headers it is known by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sort(Enum):
    """What the cells of a field hold."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    SHARE = "share"
    WHOLE = "whole"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Field:
    """One answer that a column can give."""

    name: str
    label: object
    sort: Sort = Sort.TEXT
    aliases: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def is_date(self) -> bool:
        """Whether its cells are days or moments."""
        return self.sort in (Sort.DAY, Sort.MOMENT)

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.sort in (Sort.NUMBER, Sort.SHARE, Sort.WHOLE, Sort.EXACT)
