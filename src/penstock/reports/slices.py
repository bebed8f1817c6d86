"""A slice of the deals, as it stands in an address: the same six dimensions for every figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.catalog.access import products_for
from penstock.contacts.access import companies_for
from penstock.flow.models import Kind, Pipeline
from penstock.reports.filters import DealFilter
from penstock.users.models import Member, Team

#: The dimensions by which every figure about deals can be cut, in the order in which they are offered.
DIMENSIONS = ("pipeline", "team", "owner", "channel", "product", "segment")


@dataclass(frozen=True, slots=True)
class Slice(DealFilter):
    """Only the deals of a pipeline, team, owner, channel, product, segment; None means all.

    It is a filter of deals like any other (see there for what is in force when), that can be read
    from an address and written into one.
    """

    @property
    def asked(self) -> dict[str, str]:
        """The dimensions that are cut, as an address carries them."""
        values = {name: getattr(self, name) for name in DIMENSIONS}
        return {
            name: str(getattr(value, "pk", value))
            for name, value in values.items()
            if value is not None
        }

    @property
    def query(self) -> str:
        """The same, encoded; empty for all deals."""
        return urlencode(self.asked)


ALL = Slice()


def asked(member: Member, query: Mapping[str, str]) -> Slice:
    """The slice that an address asks for; whatever else it carries is left alone.

    Raises:
        RuleBroken: ``reports.slice`` for something that is not there.
    """
    named = {name: query[name].strip() for name in DIMENSIONS if query.get(name, "").strip()}
    return Slice(**{name: _found(member, name, text) for name, text in named.items()})


def _found(member: Member, name: str, text: str) -> Any:
    if name in {"channel", "segment"}:
        return text[:60]
    rows = CHOICES[name](member)
    # More digits than a key has would be an error of the database, not an answer.
    is_key = text.isascii() and text.isdecimal() and len(text) <= 18
    found = rows.filter(pk=int(text)).first() if is_key else None
    if found is None:
        raise RuleBroken(
            "reports.slice",
            _("There is nothing of that name to cut by. Choose from the filters."),
            needs=[name],
        )
    return found


def _pipelines(member: Member) -> QuerySet[Pipeline]:
    rows = Pipeline.objects.filter(workspace_id=member.workspace_id, kind=Kind.DEAL)
    return rows.order_by("position", "id")


def _teams(member: Member) -> QuerySet[Team]:
    return Team.objects.filter(workspace_id=member.workspace_id).order_by("sort_key", "pk")


def _owners(member: Member) -> QuerySet[Member]:
    return Member.objects.filter(workspace_id=member.workspace_id).order_by("sort_key", "pk")


#: What can be chosen of a dimension whose values are rows.
CHOICES: Mapping[str, Callable[[Member], QuerySet[Any]]] = {
    "pipeline": _pipelines,
    "team": _teams,
    "owner": _owners,
    "product": products_for,
}


def segments(member: Member) -> list[str]:
    """The segments that the companies of the workspace are filed under."""
    rows = companies_for(member).exclude(segment="").order_by("segment")
    return list(rows.values_list("segment", flat=True).distinct())


def name_of(value: Model | str) -> str:
    """What people call one value of a dimension."""
    return str(getattr(value, "label", None) or getattr(value, "name", None) or value)
