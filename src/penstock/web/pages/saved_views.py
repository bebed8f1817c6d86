"""The views of a list: what is kept under a name, which of them is shown, and whether it was changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users import access_views, roles
from penstock.users.models import FirstView, Member, SavedView
from penstock.web.forms.activity_filters import ActivityFilters
from penstock.web.forms.deal_filters import DealFilters
from penstock.web.forms.impact_ahead import KEPT as LEVERS
from penstock.web.forms.impact_ahead import UNTOUCHED

#: The name in the address that says which view is shown; no view has number 0.
SAVED, PLAIN = "saved", "0"
DAYS = ("on", "known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A list that can be seen in several ways.

    ``names`` are the questions in its address that a view keeps; ``usual`` answers are as good as none.
    """

    code: str
    address: str
    every: Any
    names: frozenset[str]
    usual: Mapping[str, str] = field(default_factory=dict)


DEALS = Place(
    code="deals",
    address="pipeline",
    every=_("All open deals"),
    names=frozenset({"view", "pipeline", *DealFilters.base_fields}),
    usual={"state": "open", "view": "board", "sort": "-opened"},
)
LEADS = Place(
    code="leads",
    address="leads",
    every=_("All leads"),
    names=frozenset({"channel", "state", "whose"}),
)
COMPANIES = Place(
    code="companies",
    address="companies",
    every=_("All companies"),
    names=frozenset({"q", "sort"}),
    usual={"sort": "name"},
)
BACKLOG = Place(
    code="backlog",
    address="backlog",
    every=pgettext_lazy("view of the backlog", "All that is owed"),
    names=frozenset({"q", "stage", "overdue", "hours", "company", "sort"}),
    usual={"sort": "policy"},
)
ACTIVITIES = Place(
    code="activities",
    address="activities",
    every=_("All my activities"),
    names=frozenset(ActivityFilters.base_fields),
)
SCENARIOS = Place(
    code="scenarios",
    address="impact",
    every=pgettext_lazy("scenario", "As it is"),
    names=LEVERS,
    usual={**UNTOUCHED, "measure": "orders"},
)
PLACES = {place.code: place for place in (DEALS, LEADS, COMPANIES, BACKLOG, ACTIVITIES, SCENARIOS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One view to choose; ``whose`` names the colleague who shares it."""

    name: str
    url: str
    is_current: bool = False
    is_first: bool = False
    whose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The menu of views; ``elsewhere`` is where a page leads that was asked for nothing."""

    place: str
    plain: Choice
    mine: Sequence[Choice]
    shared: Sequence[Choice]
    current: SavedView | None
    is_first: bool
    is_changed: bool
    is_asking: bool
    may_change: bool
    query: str
    saved: str
    elsewhere: str = ""

    @property
    def may_save(self) -> bool:
        """Whether what is shown could be kept under a new name: all but the list as it is anyway."""
        return self.is_changed if self.current else self.is_asking


def build(member: Member, place: Place, query: QueryDict) -> Views:
    """The menu of a list, for what an address asks; one question."""
    rows = access_views.views_for(member, place.code)
    number, asks = query.get(SAVED, ""), asked(place, query)
    current = next((row for row in rows if str(row.pk) == number), None)
    first = next((row for row in rows if getattr(row, "is_first", False)), None)
    is_bare = first is not None and not any(name not in DAYS for name in query)
    return Views(
        place=place.code,
        plain=_plain(member, place, query, is_current=current is None and not asks),
        mine=_choices(rows, member=member, query=query, current=current, is_mine=True),
        shared=_choices(rows, member=member, query=query, current=current, is_mine=False),
        current=current,
        is_first=current is not None and current == first,
        is_changed=current is not None and current.query != asks,
        is_asking=bool(asks),
        may_change=current is not None and access_views.may_change(member, current),
        query=asks,
        saved=number,
        elsewhere=url(member, first, query) if is_bare and first else "",
    )


def asked(place: Place, query: QueryDict) -> str:
    """What a view of this list would keep of an address: the same text for the same questions."""
    pairs = [
        (name, text)
        for name in sorted(place.names)
        for text in sorted(query.getlist(name))
        if text and place.usual.get(name) != text
    ]
    return urlencode(pairs)


def url(member: Member, view: SavedView, query: QueryDict | None = None) -> str:
    """The address of a view in full, so that it can be shared with who does not have the view.

    Days of the past that ``query`` asks for stay.
    """
    path = reverse(PLACES[view.place].address, args=[member.workspace.slug])
    days = _days(query) if query else []
    rest = urlencode([(SAVED, str(view.pk)), *days])
    return f"{path}?{view.query}&{rest}" if view.query else f"{path}?{rest}"


def is_first(member: Member, view: SavedView) -> bool:
    """Whether the member's list opens with a view."""
    return FirstView.objects.filter(member=member, view=view).exists()


def may_share(member: Member) -> bool:
    """Whether a member's views can be shown to all."""
    return roles.may_share(member)


def _plain(member: Member, place: Place, query: QueryDict, *, is_current: bool) -> Choice:
    path = reverse(place.address, args=[member.workspace.slug])
    kept = [(name, text) for name in ("pipeline",) if (text := query.get(name))]
    return Choice(
        name=str(place.every),
        url=f"{path}?{urlencode([*kept, (SAVED, PLAIN), *_days(query)])}",
        is_current=is_current,
    )


def _choices(
    rows: Iterable[SavedView],
    *,
    member: Member,
    query: QueryDict,
    current: SavedView | None,
    is_mine: bool,
) -> list[Choice]:
    return [
        Choice(
            name=row.name,
            url=url(member, row, query),
            is_current=row == current,
            is_first=getattr(row, "is_first", False),
            whose="" if is_mine else row.owner.name,
        )
        for row in rows
        if (row.owner_id == member.pk) == is_mine
    ]


def _days(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, text) for name in DAYS if (text := query.get(name))]
