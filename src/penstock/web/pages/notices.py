"""What a member should know: given to them, due soon, what happened to their leads and proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.flow.models import Kind
from penstock.notices.models import Notice
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import activities
from penstock.web.pages.base import Crumb, Page

N_SHOWN = 50
#: What is told of a proposal, and its sign.
PROPOSALS = {
    Notice.Kind.VIEWED: gettext_lazy("The customer looks at proposal %(key)s for the first time"),
    Notice.Kind.COMMENTED: gettext_lazy("The customer commented on proposal %(key)s"),
    Notice.Kind.ACCEPTED: gettext_lazy("The customer accepted proposal %(key)s"),
    Notice.Kind.DECLINED: gettext_lazy("The customer declined proposal %(key)s"),
    Notice.Kind.EXPIRING: gettext_lazy("Proposal %(key)s is about to expire"),
}
#: What is told of a lead.
LEADS = {
    Notice.Kind.LEAD: gettext_lazy("A lead came in and waits for an answer"),
    Notice.Kind.UNANSWERED: gettext_lazy("Nobody answered this lead in time"),
}
ICONS: dict[str, str] = {
    Notice.Kind.LEAD: "leads",
    Notice.Kind.UNANSWERED: "clock",
    Notice.Kind.VIEWED: "file",
    Notice.Kind.COMMENTED: "note",
    Notice.Kind.ACCEPTED: "won",
    Notice.Kind.DECLINED: "lost",
    Notice.Kind.EXPIRING: "clock",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One notice."""

    text: str
    about: str
    url: str
    icon: str
    at: datetime
    is_unread: bool


@dataclass(frozen=True, kw_only=True)
class NoticesPage(Page):
    """The latest notices."""

    lines: Sequence[Line]
    n_unread: int


def build(member: Member) -> NoticesPage:
    """The latest notices of a member."""
    rows = Notice.objects.filter(member=member, item__withdrawn_at=None)
    rows = rows.select_related("item", "activity", "proposal").order_by("-created_at", "-pk")[
        :N_SHOWN
    ]
    lines = [_line(row, member) for row in rows]
    n_unread = sum(line.is_unread for line in lines)
    return NoticesPage(
        title=_("Notices"),
        nav="today",
        answer=_answer(n_unread),
        crumbs=(_today(member),),
        lines=lines,
        n_unread=n_unread,
    )


def wishes(member: Member) -> Page:
    """The page on which a member says how to be reminded."""
    return Page(
        title=_("Reminders by e-mail"),
        nav="today",
        answer=_("They go to the address of your account, in your language."),
        crumbs=(_today(member),),
    )


def _today(member: Member) -> Crumb:
    return Crumb(name=_("Today"), url=reverse("today", args=[member.workspace.slug]))


def _answer(n_unread: int) -> str:
    if not n_unread:
        return _("You have read everything.")
    text = ngettext("%(n)s notice is unread.", "%(n)s notices are unread.", n_unread)
    return text % {"n": figures.number(n_unread)}


def _line(row: Notice, member: Member) -> Line:
    return Line(
        text=_text(row, member),
        about=row.item.title,
        url=_page_of(row, member.workspace.slug),
        icon=row.activity.kind if row.activity else ICONS.get(row.kind, "info"),
        at=row.created_at,
        is_unread=row.read_at is None,
    )


def _page_of(row: Notice, slug: str) -> str:
    if row.proposal is not None:
        return reverse("proposal", args=[slug, row.proposal.key])
    names = {Kind.DEAL: "deal", Kind.ORDER: "order"}
    name = names.get(Kind(row.item.kind))
    return reverse(name, args=[slug, row.item.key]) if name else ""


def _text(row: Notice, member: Member) -> str:
    if row.proposal is not None:
        return str(PROPOSALS[Notice.Kind(row.kind)]) % {"key": row.proposal.key}
    if row.kind in LEADS:
        return str(LEADS[Notice.Kind(row.kind)])
    what = activities.what(row.activity) if row.activity else ""
    due_at = row.activity.due_at if row.activity else None
    if row.kind == Notice.Kind.SOON and due_at is not None:
        time = date_format(due_at.astimezone(member.workspace.zone), "DATETIME_FORMAT")
        return _("Due at %(time)s: %(what)s") % {"time": time, "what": what}
    return _("Given to you: %(what)s") % {"what": what}
