"""In which order rows are to stand, as a page asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)


def asked(request: HttpRequest, rows: Sequence[Row], *, name: str) -> list[Row] | None:
    """The rows in their new order: all of them as dragged, or one a step up or down; None where none is named."""
    known = {str(row.pk): row for row in rows}
    named = request.POST.getlist(name)
    if len(named) > 1:
        return [known[number] for number in named if number in known]
    row = known.get(named[0] if named else "")
    if row is None:
        return None
    ordered = list(rows)
    at = ordered.index(row)
    to = min(len(ordered) - 1, max(0, at + (-1 if request.POST.get("step") == "up" else 1)))
    ordered.insert(to, ordered.pop(at))
    return ordered
