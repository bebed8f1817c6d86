"""What was offered, and what became of it: the list, one proposal, its part of the deal's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.flow.dating import today as today_in
from penstock.sales import access, proposal_paper, proposal_settings
from penstock.sales.models import (
    WAITING,
    Deal,
    Proposal,
    ProposalEvent,
    ProposalState,
    ProposalVersion,
)
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import pipeline, proposal_letters
from penstock.web.pages.base import Crumb, Definition, Page
from penstock.web.pages.history import Entry
from penstock.web.pages.pipeline import Segment
from penstock.web.pages.proposal_letters import Mailed

TONES = {
    "accepted": "ok",
    "declined": "late",
    "expired": "warn",
    "viewed": "accent",
    "commented": "accent",
    "sent": "info",
}
SOON = timedelta(days=7)
N_ROWS = 200
FILTERS = {
    "": gettext_lazy("All"),
    "draft": gettext_lazy("Drafts"),
    "waiting": gettext_lazy("Waiting"),
    "viewed": gettext_lazy("Viewed and unanswered"),
    "expiring": gettext_lazy("Expiring within a week"),
    "accepted": gettext_lazy("Accepted"),
    "declined": gettext_lazy("Declined"),
    "expired": gettext_lazy("Expired"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One proposal in a list."""

    key: str
    title: str
    deal_key: str
    company: str
    state: str
    tone: str
    amount: str
    valid_until: date | None
    seen: str
    has_draft: bool


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """Which proposals wait for an answer?"""

    rows: Sequence[Row]
    filters: Sequence[Mapping[str, Any]]
    segments: Sequence[Segment]
    differing_url: str
    n_differing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The proposals of a deal, and whether its amount is theirs."""

    rows: Sequence[Row]
    divergence: str
    finding: str


@dataclass(frozen=True, kw_only=True)
class ProposalPage(Page):
    """One proposal in one of its versions."""

    proposal: Proposal
    version: ProposalVersion
    state: str
    tone: str
    paper: Mapping[str, Any]
    versions: Sequence[ProposalVersion]
    views: Sequence[tuple[str, str]]
    comments: Sequence[ProposalEvent]
    sha256: str
    links: int
    letters: Sequence[Mailed]
    is_sent: bool
    is_waiting: bool
    is_open: bool
    is_accepted: bool
    can_reopen: bool
    may_edit: bool


def index(member: Member, *, wanted: str) -> ListPage:
    """The proposals that a member may see, the newest first."""
    today = today_in(member.workspace)
    found: Any = access.proposals_for(member).standing(today=today)
    chosen = _chosen(found, wanted, today=today)
    rows = rows_of(chosen.order_by("-created_at", "-pk")[:N_ROWS])
    n_waiting = found.filter(state__in=WAITING).count()
    text = ngettext(
        "%(n)s proposal waits for an answer.", "%(n)s proposals wait for an answer.", n_waiting
    )
    url = reverse("proposals", args=[member.workspace.slug])
    return ListPage(
        title=_("Proposals"),
        nav="pipeline",
        answer=text % {"n": figures.number(n_waiting)},
        definition=Definition(
            text=_(
                "Sent, still valid, and neither accepted, declined nor withdrawn. Views count the customer's, not ours."
            ),
            window=_("now"),
            n=figures.number(n_waiting),
        ),
        crumbs=(Crumb(name=_("Pipeline"), url=reverse("pipeline", args=[member.workspace.slug])),),
        rows=rows,
        segments=pipeline.views(member.workspace.slug, current="proposals"),
        filters=[
            {
                "name": name,
                "url": f"{url}?state={code}" if code else url,
                "is_current": code == wanted,
            }
            for code, name in FILTERS.items()
        ],
        differing_url=reverse("proposals-differing", args=[member.workspace.slug]),
        n_differing=access.deals_for(member).differing().count(),
    )


def _chosen(found: Any, wanted: str, *, today: date) -> Any:
    if wanted == "waiting":
        return found.filter(state__in=WAITING)
    if wanted == "viewed":
        return found.filter(state__in=WAITING, n_views__gt=0)
    if wanted == "expiring":
        return found.filter(state__in=WAITING, valid_until__lte=today + SOON)
    return found.filter(state=wanted) if wanted in ProposalState.values else found


def rows_of(found: Any) -> list[Row]:
    """Annotated proposals as rows; one query for their titles."""
    listed = list(found.select_related("deal__item", "deal__company"))
    titles: dict[int, ProposalVersion] = {}
    for version in ProposalVersion.objects.filter(proposal__in=listed).order_by("number"):
        titles[version.proposal_id] = version
    return [_row(one, titles[one.pk]) for one in listed]


def _row(one: Any, last: ProposalVersion) -> Row:
    net = one.sent_net
    return Row(
        key=one.key,
        title=last.title,
        deal_key=one.deal.item.key,
        company=one.deal.company.name if one.deal.company else "",
        state=str(ProposalState(one.state).label),
        tone=TONES.get(one.state, ""),
        amount="" if net is None else proposal_paper.money(net, one.currency),
        valid_until=one.valid_until,
        seen=_seen(one.n_views, one.last_viewed_at),
        has_draft=one.has_draft and one.sent_version is not None,
    )


def _seen(n: int, last: datetime | None) -> str:
    if not n or last is None:
        return ""
    text = ngettext("%(n)s view, last on %(day)s", "%(n)s views, last on %(day)s", n)
    return text % {"n": figures.number(n), "day": date_format(last, "SHORT_DATE_FORMAT")}


def panel(deal: Deal, *, is_blank: bool = False) -> Panel:
    """What stands on the deal's page; of a deal without proposals nothing is asked."""
    if is_blank:
        return Panel(rows=[], divergence=divergence(deal), finding="")
    today = today_in(deal.workspace)
    found = Proposal.objects.filter(deal=deal).standing(today=today).order_by("-pk")
    refused = deal.item.findings.filter(code="accepted_not_won", withdrawn_at=None).exists()
    is_stuck = refused and deal.is_open
    return Panel(
        rows=rows_of(found),
        divergence=divergence(deal),
        finding=_(
            "It was accepted, but something that a stage asks for is missing. Win the deal by hand."
        )
        if is_stuck
        else "",
    )


def divergence(deal: Deal) -> str:
    """Both figures in a sentence, where they differ."""
    if not deal.differs_from_offer:
        return ""
    assert deal.offered_amount is not None, "differs"
    ours = (
        figures.money(deal.amount, deal.currency)
        if deal.amount is not None
        else _("unknown amount")
    )
    return _("The deal says %(deal)s, its proposal %(offer)s.") % {
        "deal": ours,
        "offer": figures.money(deal.offered_amount, deal.offered_currency),
    }


def show(proposal: Proposal, version: ProposalVersion, *, member: Member) -> ProposalPage:
    """The page of a proposal."""
    today = today_in(proposal.workspace)
    stood: Any = Proposal.objects.standing(today=today).get(pk=proposal.pk)
    deal, slug = proposal.deal, member.workspace.slug
    document = getattr(version, "document", None)
    comments = ProposalEvent.objects.filter(proposal=proposal, kind="commented")
    return ProposalPage(
        title=version.title,
        nav="pipeline",
        answer=_answer(stood, version),
        crumbs=(
            Crumb(name=_("Proposals"), url=reverse("proposals", args=[slug])),
            Crumb(name=deal.item.title, url=reverse("deal", args=[slug, deal.item.key])),
        ),
        proposal=proposal,
        version=version,
        state=str(ProposalState(stood.state).label),
        tone=TONES.get(stood.state, ""),
        paper=proposal_paper.data(
            version, settings=proposal_settings.of(proposal.workspace), logo=None
        ),
        versions=list(proposal.versions.order_by("-number")),
        views=_views(proposal),
        comments=list(
            comments.select_related("note", "by", "version").order_by("occurred_at", "pk")
        ),
        sha256=document.sha256 if document else "",
        links=proposal.links.filter(revoked_at=None).count(),
        letters=proposal_letters.of(proposal),
        is_sent=stood.sent_version is not None,
        is_waiting=stood.state in WAITING or stood.state == "expired",
        is_open=stood.state in WAITING or stood.state == "accepted",
        is_accepted=stood.state == "accepted",
        can_reopen=stood.state in ("accepted", "declined", "withdrawn"),
        may_edit=roles.may_sell_for(member, owner_id=deal.item.owner_id),
    )


def _answer(stood: Any, version: ProposalVersion) -> str:
    if version.is_draft:
        return _("Not sent yet: it can still be changed.")
    assert version.sent_at is not None, "no draft"
    text = _("Version %(n)s, sent on %(day)s, valid until %(until)s.") % {
        "n": version.number,
        "day": date_format(version.sent_at, "DATE_FORMAT"),
        "until": date_format(version.valid_until, "DATE_FORMAT"),
    }
    return " ".join(part for part in (text, _seen_sentence(stood)) if part)


def _seen_sentence(stood: Any) -> str:
    if not stood.n_views:
        return _("The customer has not looked at it yet.")
    text = ngettext(
        "The customer looked at it once.", "The customer looked at it %(n)s times.", stood.n_views
    )
    return text % {"n": figures.number(stood.n_views)}


def _views(proposal: Proposal) -> list[tuple[str, str]]:
    seen: dict[int, list[datetime]] = {}
    rows = ProposalEvent.objects.filter(proposal=proposal, kind="viewed").order_by("occurred_at")
    for number, at in rows.values_list("version__number", "occurred_at"):
        seen.setdefault(number, []).append(at)
    text = _("%(n)s, first on %(first)s, last on %(last)s")
    return [
        (
            _("Version %(n)s") % {"n": number},
            text
            % {
                "n": figures.number(len(times)),
                "first": date_format(times[0], "SHORT_DATETIME_FORMAT"),
                "last": date_format(times[-1], "SHORT_DATETIME_FORMAT"),
            },
        )
        for number, times in sorted(seen.items())
    ]


def entries(deal: Deal, *, at: datetime | None, known: datetime | None) -> list[Entry]:
    """What happened to its proposals, for the deal's timeline; of views the first of each version."""
    rows = ProposalEvent.objects.filter(item_id=deal.pk).select_related(
        "proposal", "version", "by", "note"
    )
    if at is not None:
        rows = rows.filter(occurred_at__lt=at)
    if known is not None:
        rows = rows.filter(known_at__lt=known)
    told, seen = [], set()
    for row in rows.order_by("occurred_at", "pk"):
        if row.kind == "viewed" and row.version_id in seen:
            continue
        if row.kind == "viewed":
            seen.add(row.version_id)
        told.append(_entry(row))
    return told


def _entry(row: ProposalEvent) -> Entry:
    note = getattr(row, "note", None)
    icons = {
        "accepted": ("check", "ok"),
        "declined": ("close", "late"),
        "commented": ("note", "accent"),
    }
    icon, tone = icons.get(row.kind, ("file", ""))
    return Entry(
        text=f"{row.get_kind_display()}: {row.proposal.key}, {row.version.number}",
        at=row.occurred_at,
        icon=icon,
        tone=tone,
        detail=note.text if note else "",
        by=row.by.name if row.by else (note.name if note else ""),
    )
