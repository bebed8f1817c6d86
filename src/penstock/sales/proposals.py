"""What can happen to a proposal on our side: drafting, sending, revising, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts.models import Person
from penstock.flow import bus, items
from penstock.flow.dating import today, when
from penstock.flow.models import Item
from penstock.sales import (
    deals,
    jobs,
    offers,
    proposal_lines,
    proposal_links,
    proposal_mail,
    proposal_records,
    proposal_settings,
)
from penstock.sales.models import Deal, Proposal, ProposalEvent, ProposalVersion
from penstock.sales.proposal_lines import Wanted
from penstock.sales.proposal_mail import Mailing
from penstock.users.models import Member

Kind = ProposalEvent.Kind
TEXTS = {"title": 250, "introduction": 4000, "terms": 20_000}
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class ProposalSent:
    """A version was sent: mailed, or handed over by its link."""

    version: ProposalVersion
    by: Member | None
    at: datetime


def draft(  # noqa: PLR0913 -- a proposal has that many details
    deal: Deal,
    *,
    by: Member | None,
    title: str = "",
    lines: Sequence[Wanted] = (),
    person: Person | None = None,
    language: str = "",
    currency: str = "",
    valid_until: date | None = None,
    introduction: str = "",
    terms: str | None = None,
    at: datetime | None = None,
) -> ProposalVersion:
    """Begin a proposal on an open deal: its number, and a first version that can still be changed.

    Raises:
        RuleBroken: ``proposals.deal_closed``, ``sales.currency``, ``proposals.language``, and those
            of :func:`penstock.sales.proposal_lines.write`.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        _check_open(item)
        workspace, times = item.workspace, when(at)
        items.check_time(item, at=times.occurred_at)
        settings = proposal_settings.of(workspace)
        language = proposal_settings.checked_language(language or workspace.language)
        money = deals.checked({"currency": currency or deal.currency})
        proposal = Proposal.objects.create(
            workspace=workspace,
            deal=deal,
            key=items.next_numbered(workspace.pk, prefix="PROP")[0],
            currency=money["currency"],
            language=language,
            person=person,
            by=by,
            created_at=times.occurred_at,
        )
        version = ProposalVersion(
            workspace=workspace,
            proposal=proposal,
            number=1,
            by=by,
            created_at=times.occurred_at,
            title=title or item.title,
            introduction=introduction,
            terms=settings.terms.get(language, "") if terms is None else terms,
            valid_until=valid_until or today(workspace) + timedelta(days=settings.valid_days),
        )
        return _write_draft(version, lines=lines)


def change(
    version: ProposalVersion,
    *,
    by: Member | None,
    lines: Sequence[Wanted] | None = None,
    **values: Any,
) -> ProposalVersion:
    """Change a draft; lines are replaced as a whole, other values only where they are named.

    Args:
        version: The draft.
        by: Who changes it.
        lines: All its lines, in order; None leaves them.
        **values: Any of title, introduction, terms, valid_until; of the proposal: person.

    Raises:
        RuleBroken: ``proposals.title_missing``, and those of
            :func:`penstock.sales.proposal_lines.write`.
        Conflict: ``proposals.sent_already``.
    """
    unknown = set(values) - {*TEXTS, "valid_until", "person"}
    if unknown:
        raise ValueError(f"a proposal has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        _item, version = _lock(version)
        _check_draft(version)
        if "person" in values:
            version.proposal.person = values.pop("person")
            version.proposal.save(update_fields=["person"])
        for name, value in values.items():
            setattr(version, name, value)
        return _write_draft(version, lines=lines)


def revise(proposal: Proposal, *, by: Member | None, at: datetime | None = None) -> ProposalVersion:
    """Begin the next version, as a copy of the last; one that is begun already is returned.

    Raises:
        RuleBroken: ``proposals.deal_closed``, ``proposals.accepted_already``.
    """
    with transaction.atomic():
        item = items.lock(proposal.deal_id)
        last = proposal.versions.select_related("proposal").order_by("-number")[0]
        if last.is_draft:
            return last
        _check_open(item)
        if proposal_records.verdict(last) == Kind.ACCEPTED:
            raise _accepted_already()
        day = today(item.workspace)
        valid_days = timedelta(days=proposal_settings.of(item.workspace).valid_days)
        version = ProposalVersion(
            workspace_id=proposal.workspace_id,
            proposal=proposal,
            number=last.number + 1,
            by=by,
            created_at=when(at).occurred_at,
            title=last.title,
            introduction=last.introduction,
            terms=last.terms,
            valid_until=max(last.valid_until, day + valid_days),
        )
        lines = [proposal_lines.copied(row) for row in last.lines.select_related("product")]
        return _write_draft(version, lines=lines)


def discard(version: ProposalVersion, *, by: Member | None) -> None:
    """Throw a draft away; with its only version the proposal goes too.

    Raises:
        Conflict: ``proposals.sent_already``.
    """
    with transaction.atomic():
        _item, version = _lock(version)
        _check_draft(version)
        version.lines.all().delete()
        version.delete()
        if version.number == 1:
            version.proposal.links.all().delete()
            version.proposal.delete()


def send(
    version: ProposalVersion,
    *,
    by: Member | None,
    mailing: Mailing | None = None,
    at: datetime | None = None,
) -> str:
    """Send a draft: it is fixed, its sum becomes the deal's amount, a link to it goes out.

    Its document is set by a job of its own.

    Args:
        version: The draft.
        by: Who sends it.
        mailing: Where to mail it and with which words; None to hand the link over otherwise.
        at: When it was sent, if not now.

    Returns:
        The secret of the link, to be handed over; it is kept nowhere. Empty when it was mailed.

    Raises:
        RuleBroken: ``proposals.no_lines``, ``proposals.valid_until_past``, ``proposals.deal_closed``,
            ``proposals.accepted_already`` when a proposal of the deal is accepted,
            ``proposals.address``.
        Conflict: ``proposals.sent_already``.
    """
    with transaction.atomic():
        item, version = _lock(version)
        _check_draft(version)
        _check_open(item)
        times = when(at)
        items.check_time(item, at=times.occurred_at)
        lines = list(version.lines.all())
        _check_sendable(version, n_lines=sum(not line.is_optional for line in lines))
        sums = proposal_lines.added_up(lines, currency=version.proposal.currency)
        version.sent_at, version.net, version.tax = times.occurred_at, sums.net, sums.tax
        version.save(update_fields=["sent_at", "net", "tax"])
        proposal_records.write(version, kind=Kind.SENT, by=by, times=times, amount=sums.net)
        offers.follow(version.proposal.deal, by=by, at=at)
        jobs.keep_document.defer(workspace_id=version.workspace_id, version_id=version.pk)
        bus.tell(ProposalSent(version, by, times.occurred_at))
        if mailing is None:
            return proposal_links.make(version.proposal, by=by)[1]
        proposal_mail.dispatch(version, mailing, by=by)
        return ""


def withdraw(
    proposal: Proposal, *, by: Member | None, reason: str = "", at: datetime | None = None
) -> ProposalEvent:
    """Take the version back that was sent last. Safe to call twice.

    Raises:
        RuleBroken: ``proposals.not_sent``, ``proposals.accepted_already``.
    """
    with transaction.atomic():
        items.lock(proposal.deal_id)
        version = proposal_records.sent_last(proposal)
        said = proposal_records.last_verdict(version)
        if said is not None and said.kind == Kind.WITHDRAWN:
            return said
        if said is not None and said.kind == Kind.ACCEPTED:
            raise _accepted_already()
        event = proposal_records.write(
            version, kind=Kind.WITHDRAWN, by=by, times=when(at), text=reason
        )
        offers.follow(proposal.deal, by=by, at=at)
        return event


def reopen(
    proposal: Proposal, *, by: Member | None, at: datetime | None = None
) -> ProposalEvent | None:
    """Take an acceptance, a refusal or a withdrawal back; None where there is none.

    Raises:
        RuleBroken: ``proposals.won``: the deal is won by it. Reopen the deal first.
    """
    with transaction.atomic():
        item = items.lock(proposal.deal_id)
        version = proposal_records.sent_last(proposal)
        said = proposal_records.last_verdict(version)
        if said is None or said.kind == Kind.REOPENED:
            return None
        if said.kind == Kind.ACCEPTED and item.outcome == "won":
            raise RuleBroken(
                "proposals.won", _("Its deal is won. Reopen the deal, then the proposal.")
            )
        times = when(at, not_before=said.occurred_at)
        event = proposal_records.write(version, kind=Kind.REOPENED, by=by, times=times)
        offers.follow(proposal.deal, by=by, at=at)
        return event


def _write_draft(version: ProposalVersion, *, lines: Sequence[Wanted] | None) -> ProposalVersion:
    for name, longest in TEXTS.items():
        setattr(version, name, getattr(version, name).strip()[:longest])
    if not version.title:
        raise RuleBroken("proposals.title_missing", _("Give it a title."), needs=["title"])
    day = today(version.workspace)
    if version.valid_until > day + timedelta(days=LONGEST_DAYS):
        raise RuleBroken(
            "proposals.valid_too_long",
            _("It can be valid for ten years at most. Enter an earlier day."),
            needs=["valid_until"],
        )
    version.save()
    if lines is not None:
        proposal_lines.write(version, lines, on=day)
    return version


def _lock(version: ProposalVersion) -> tuple[Item, ProposalVersion]:
    """Lock the deal, then read the version afresh."""
    item = items.lock(version.proposal.deal_id)
    fresh = ProposalVersion.objects.select_related("proposal__deal", "workspace")
    return item, fresh.get(pk=version.pk)


def _check_open(item: Item) -> None:
    if not item.is_open:
        raise RuleBroken(
            "proposals.deal_closed", _("Its deal is closed. Reopen the deal, then go on.")
        )


def _check_draft(version: ProposalVersion) -> None:
    if not version.is_draft:
        raise Conflict(
            "proposals.sent_already",
            _("This version was sent and can no longer be changed. Make a new version."),
        )


def _check_sendable(version: ProposalVersion, *, n_lines: int) -> None:
    if not n_lines:
        raise RuleBroken(
            "proposals.no_lines",
            _("Add a line that is not optional, then send it."),
            needs=["lines"],
        )
    if version.valid_until < today(version.workspace):
        raise RuleBroken(
            "proposals.valid_until_past",
            _("It would be out of date already. Enter a day that is not past."),
            needs=["valid_until"],
        )
    if offers.accepted(version.proposal.deal_id) is not None:
        raise _accepted_already()


def _accepted_already() -> RuleBroken:
    return RuleBroken(
        "proposals.accepted_already",
        _("A proposal of this deal is accepted already. Reopen that one first."),
    )
