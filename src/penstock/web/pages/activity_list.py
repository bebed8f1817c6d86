"""All activities of a member, or of those whom they lead: planned, late, done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.base.calendar import Window, trailing
from penstock.flow.dating import today as today_in
from penstock.flow.models import Kind
from penstock.reports import activities as report
from penstock.reports import today as todays
from penstock.sales import access
from penstock.sales.models import Activity
from penstock.sales.models.activity import ActivityQuerySet
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.activity_filters import (
    AHEAD,
    DONE,
    OVERDUE,
    TEAM,
    TODAY,
    ActivityFilters,
    WantedActivities,
)
from penstock.web.pages import due, tiles
from penstock.web.pages.base import Crumb, Definition, Page
from penstock.web.pages.due import Due

N_ROWS, DAYS = 50, 30
#: Of a note without a subject so much of its words is shown.
N_LETTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One activity of the list."""

    id: int
    kind: str
    kind_name: str
    what: str
    about: str
    url: str
    who: str
    due: Due | None
    done_at: datetime | None
    result: str
    may_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each kind one member did."""

    who: str
    n_by_kind: Sequence[str]
    n: str


@dataclass(frozen=True, kw_only=True)
class ActivityList(Page):
    """One page of activities, and what was done by whom where that is asked for."""

    lines: Sequence[Line]
    page_obj: Part[Any]
    base_query: str
    kinds: Sequence[str]
    counts: Sequence[Counts]


def build(member: Member, form: ActivityFilters, *, number: str) -> ActivityList:
    """The list that a filter bar asks for: the nearest first, of what was done the latest."""
    wanted, today = form.wanted(), today_in(member.workspace)
    owners = todays.owners(member, of_team=wanted.of == TEAM)
    window = trailing(until=today, days=DAYS, zone=member.workspace.zone)
    rows = _rows(member, wanted, owners=owners, today=today, window=window)
    part = Paginator(rows, N_ROWS).get_page(number)
    is_done = wanted.state == DONE
    return ActivityList(
        title=_("Activities"),
        nav="today",
        answer=_answer(part.paginator.count, is_done=is_done),
        definition=_definition(part.paginator.count, window=window) if is_done else None,
        crumbs=(Crumb(name=_("Today"), url=reverse("today", args=[member.workspace.slug])),),
        lines=[_line(row, member=member, today=today) for row in part],
        page_obj=part,
        base_query="&".join(
            f"{name}={value}"
            for name, value in (("of", wanted.of), ("state", wanted.state), ("kind", wanted.kind))
            if value
        ),
        kinds=[str(kind.label) for kind in Activity.ActivityKind],
        counts=_counts(report.done(member, window, owners=owners)) if is_done else (),
    )


def _rows(
    member: Member,
    wanted: WantedActivities,
    *,
    owners: frozenset[int] | None,
    today: date,
    window: Window,
) -> ActivityQuerySet:
    rows = access.activities_for(member).select_related("item", "owner", "workspace")
    if owners is not None:
        rows = rows.filter(owner__in=owners)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state == DONE:
        found = rows.filter(done_at__gte=window.start, done_at__lt=window.stop)
        return found.order_by("-done_at", "-pk")
    days = {
        OVERDUE: {"due_on__lt": today},
        TODAY: {"due_on": today},
        AHEAD: {"due_on__gt": today},
    }
    return rows.waiting(today).filter(**days.get(wanted.state, {})).in_order()


def _line(row: Activity, *, member: Member, today: date) -> Line:
    slug = member.workspace.slug
    names = {Kind.DEAL: "deal", Kind.ORDER: "order"}
    name = names.get(Kind(row.item.kind))
    when = None
    if row.is_planned and row.due_on is not None:
        when = due.told(row.due_on, today=today, at=row.due_at, zone=member.workspace.zone)
    return Line(
        id=row.pk,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        what=row.subject or row.notes[:N_LETTERS] or str(row.get_kind_display()),
        about=row.item.title,
        url=reverse(name, args=[slug, row.item.key]) if name else "",
        who=row.owner.name if row.owner else "",
        due=when,
        done_at=row.done_at,
        result=str(row.get_result_display()) if row.result else "",
        may_edit=row.is_planned and access.may_edit_activity(member, row),
    )


def _answer(n: int, *, is_done: bool) -> str:
    if is_done:
        text = ngettext(
            "%(n)s was done in the last 30 days.", "%(n)s were done in the last 30 days.", n
        )
    else:
        text = ngettext("%(n)s is planned like this.", "%(n)s are planned like this.", n)
    return text % {"n": figures.number(n)}


def _definition(n: int, *, window: Window) -> Definition:
    return Definition(
        text=_(
            "What was done, planned before or not, by whose it is; notes count as done when written."
        ),
        window=tiles.window_text(window),
        n=figures.number(n),
    )


def _counts(found: Sequence[report.Done]) -> list[Counts]:
    by_owner: dict[tuple[int | None, str], dict[str, int]] = {}
    for one in found:
        by_owner.setdefault((one.owner_id, one.owner), {})[one.kind] = one.n
    return [
        Counts(
            who=name or _("Nobody"),
            n_by_kind=[figures.number(kinds.get(kind, 0)) for kind in Activity.ActivityKind.values],
            n=figures.number(sum(kinds.values())),
        )
        for (_owner, name), kinds in by_owner.items()
    ]
