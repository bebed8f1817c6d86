"""A slice of the orders, as it stands in an address: pipeline, team, product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.catalog.access import products_for
from penstock.flow.models import Kind, Pipeline
from penstock.reports.filters import OrderFilter
from penstock.users.models import Member, Team

#: The dimensions by which figures about orders can be cut, in the order in which they are offered.
DIMENSIONS = ("pipeline", "team", "product")


@dataclass(frozen=True, slots=True)
class OrderSlice(OrderFilter):
    """Only the orders of a pipeline, the work of a team, the lines of a product; None means all."""

    @property
    def asked(self) -> dict[str, str]:
        """The dimensions that are cut, as an address carries them."""
        values = {name: getattr(self, name) for name in DIMENSIONS}
        return {name: str(value.pk) for name, value in values.items() if value is not None}


def asked(member: Member, query: Mapping[str, str]) -> OrderSlice:
    """The slice that an address asks for; whatever else it carries is left alone.

    Raises:
        RuleBroken: ``reports.slice`` for something that is not there.
    """
    named = {name: query[name].strip() for name in DIMENSIONS if query.get(name, "").strip()}
    return OrderSlice(**{name: _found(member, name, text) for name, text in named.items()})


def _found(member: Member, name: str, text: str) -> Any:
    # More digits than a key has would be an error of the database, not an answer.
    is_key = text.isascii() and text.isdecimal() and len(text) <= 18
    found = CHOICES[name](member).filter(pk=int(text)).first() if is_key else None
    if found is None:
        raise RuleBroken(
            "reports.slice",
            _("There is nothing of that name to cut by. Choose from the filters."),
            needs=[name],
        )
    return found


def _pipelines(member: Member) -> QuerySet[Pipeline]:
    rows = Pipeline.objects.filter(workspace_id=member.workspace_id, kind=Kind.ORDER)
    return rows.order_by("position", "id")


def _teams(member: Member) -> QuerySet[Team]:
    return Team.objects.filter(workspace_id=member.workspace_id).order_by("sort_key", "pk")


#: What can be chosen of each dimension.
CHOICES: Mapping[str, Callable[[Member], QuerySet[Any]]] = {
    "pipeline": _pipelines,
    "team": _teams,
    "product": products_for,
}
