"""What should I do next?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.flow.models import Kind
from penstock.reports import today as report
from penstock.reports.today import Today, Todo
from penstock.reports.today_sources import Found
from penstock.sales import access
from penstock.users.models import Member, Workspace
from penstock.web import figures
from penstock.web.pages import due, today_matters
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.pipeline import Segment

MINE, TEAM = "mine", "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One matter: what it is about, why it is here, its button, and how to put it off."""

    id: str
    kind: str
    icon: str
    title: str
    url: str
    about: str
    reason: str
    tone: str
    button: today_matters.Button
    later_url: str


@dataclass(frozen=True, kw_only=True)
class TodayPage(Page):
    """The ranked list, and what to say where it is empty."""

    lines: Sequence[Line]
    more: str
    snoozed: str
    segments: Sequence[Segment]
    is_team: bool
    has_deals: bool
    list_url: str
    ahead: str


def build(member: Member, *, of: str = "") -> TodayPage:
    """The page of a member; ``of`` "team" for whom they lead, which is also shown where nothing is their own."""
    may_see_team = report.may_see_team(member)
    found = report.for_member(member, of_team=of == TEAM and may_see_team)
    if not found.n and not of and may_see_team:
        found = report.for_member(member, of_team=True)
    slug = member.workspace.slug
    return TodayPage(
        title=pgettext("page", "Today"),
        nav="today",
        answer=_answer(found),
        definition=_definition(found),
        lines=[_line(one, found=found, workspace=member.workspace) for one in found.todos],
        more=_more(found),
        snoozed=_snoozed(found.n_snoozed),
        segments=_segments(slug, is_team=found.is_team) if may_see_team else (),
        is_team=found.is_team,
        has_deals=bool(found.n) or access.items_for(member).exists(),
        list_url=reverse("today-list", args=[slug]) + f"?of={TEAM if found.is_team else MINE}",
        ahead="" if found.n else _ahead(member, found.on),
    )


def _segments(slug: str, *, is_team: bool) -> list[Segment]:
    url = reverse("today", args=[slug])
    return [
        Segment(
            name=pgettext("whose", "Mine"),
            url=f"{url}?of={MINE}",
            icon="person",
            is_current=not is_team,
        ),
        Segment(name=_("My team"), url=f"{url}?of={TEAM}", icon="meeting", is_current=is_team),
    ]


def _answer(found: Today) -> str:
    if not found.n:
        return ""
    parts = [
        told(found.n_by_kind[kind]) % {"n": figures.number(found.n_by_kind[kind])}
        for kind, told in today_matters.COUNTED.items()
        if found.n_by_kind.get(kind)
    ]
    return _("%(list)s.") % {"list": ", ".join(parts)}


def _more(found: Today) -> str:
    left = found.n - len(found.todos)
    text = ngettext("%(n)s more waits below these.", "%(n)s more wait below these.", left)
    return text % {"n": figures.number(left)} if left > 0 else ""


def _snoozed(n: int) -> str:
    text = ngettext("%(n)s matter rests until its day.", "%(n)s matters rest until their day.", n)
    return text % {"n": figures.number(n)} if n else ""


def _ahead(member: Member, on: date) -> str:
    """When the next thing is due, where nothing is due now."""
    rows = access.activities_for(member).waiting(on).filter(owner=member)
    row = rows.in_order().first()
    if row is None or row.due_on is None:
        return ""
    day = due.short(row.due_on, today=on)
    return _("The next thing is due on %(day)s.") % {"day": day}


def _definition(found: Today) -> Definition:
    return Definition(
        text=_(
            "The order is how pressing something is times how much is at stake. How pressing it is grows with each"
            " day of lateness: an unhappy customer begins higher than a planned step, a step higher than a deal"
            " without one. At stake is the amount times the chance of the stage, compared with the usual one on this"
            " list; an unknown amount counts as the usual one."
        ),
        window=_("now"),
        n=figures.number(found.n),
    )


def _line(todo: Todo, *, found: Today, workspace: Workspace) -> Line:
    one = todo.found
    reason, tone = today_matters.REASONS[one.kind](one, found.on, workspace)
    amount = "" if one.amount is None else figures.money(one.amount, one.currency)
    owner = one.owner if found.is_team else ""
    return Line(
        id=f"{one.kind}-{one.activity_id or one.item_id}",
        kind=one.kind,
        icon=one.activity_kind or today_matters.ICONS.get(one.kind, "alert"),
        title=one.title,
        url=_page_of(one, workspace.slug),
        about=" · ".join(filter(None, [one.company, amount, owner])),
        reason=reason,
        tone=tone,
        button=today_matters.BUTTONS[one.kind](one, workspace.slug),
        later_url=_later(one, workspace.slug),
    )


def _page_of(one: Found, slug: str) -> str:
    names = {Kind.DEAL: "deal", Kind.ORDER: "order"}
    name = names.get(Kind(one.item_kind))
    return reverse(name, args=[slug, one.key]) if name else ""


def _later(one: Found, slug: str) -> str:
    """How to put it off: an activity gets another day, any other matter rests."""
    if one.activity_id:
        return reverse("activity-due", args=[slug, one.activity_id])
    return reverse("today-snooze", args=[slug, one.key, one.kind])
