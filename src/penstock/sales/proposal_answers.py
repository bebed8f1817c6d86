"""What a customer can do with a proposal: accept it, decline it, say something about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.contacts.models import Person
from penstock.flow import bus, items
from penstock.flow.dating import today, when
from penstock.flow.models import Finding, Item
from penstock.sales import deals, offers, proposal_lines, proposal_records, proposal_settings
from penstock.sales.models import Deal, ProposalEvent, ProposalVersion
from penstock.users.models import Member

Kind = ProposalEvent.Kind
#: The acceptance stands although its deal could not be won by it.
NOT_WON = "accepted_not_won"


@dataclass(frozen=True, slots=True)
class ProposalAnswered:
    """A proposal was accepted or declined, or somebody commented on it; ``event`` says which."""

    event: ProposalEvent
    by: Member | None


@dataclass(frozen=True, slots=True)
class ProposalViewed:
    """The customer looked at a version for the first time."""

    event: ProposalEvent


@dataclass(frozen=True, slots=True)
class Who:
    """Who answers: a name as it was typed, and the person to whom the proposal went, if known."""

    name: str = ""
    person: Person | None = None


def accept(
    version: ProposalVersion,
    *,
    by: Member | None,
    who: Who,
    note: str = "",
    options: Sequence[int] = (),
    at: datetime | None = None,
) -> ProposalEvent:
    """Accept the version that was sent last; where the workspace says so, its deal is won by it.

    The amount of the deal becomes the accepted one. An acceptance stands even where a gate keeps the
    deal from being won: that is noted as a finding on the deal. Accepting again what is accepted
    changes nothing.

    Args:
        version: A sent version.
        by: The member who was told so; None when the customer did it.
        who: Who accepted.
        note: What else they said.
        options: Marks of the optional lines that they want.
        at: When, if not now.

    Raises:
        Conflict: ``proposals.superseded``: a newer version was sent; ``proposals.accepted_already``.
        RuleBroken: ``proposals.name_missing``, ``proposals.expired``, ``proposals.withdrawn``,
            ``proposals.declined``, ``proposals.deal_closed``, ``proposals.option``.
    """
    with transaction.atomic():
        item, version = _lock(version)
        said = proposal_records.last_verdict(version)
        if said is not None and said.kind == Kind.ACCEPTED:
            return said
        _check_answerable(item, version, who=who, by=by)
        lines = list(version.lines.all())
        chosen = sorted(set(options))
        if not set(chosen) <= {line.mark for line in lines if line.is_optional}:
            raise RuleBroken("proposals.option", _("Choose among the options offered."))
        currency = version.proposal.currency
        sums = proposal_lines.added_up(lines, currency=currency, options=chosen)
        event = proposal_records.write(
            version,
            kind=Kind.ACCEPTED,
            by=by,
            times=when(at, not_before=version.sent_at),
            amount=sums.net,
            options=chosen,
            name=who.name,
            text=note,
            person=who.person,
        )
        deal = offers.follow(version.proposal.deal, by=by, at=at)
        if proposal_settings.of(version.workspace).accepting_wins:
            _win(item, deal, by=by, at=at)
        bus.tell(ProposalAnswered(event, by))
        return event


def decline(
    version: ProposalVersion,
    *,
    by: Member | None,
    who: Who,
    reason: str = "",
    at: datetime | None = None,
) -> ProposalEvent:
    """Decline the version that was sent last; its deal stays open. Safe to call twice.

    Raises:
        Conflict: ``proposals.superseded``, ``proposals.accepted_already``.
        RuleBroken: As :func:`accept`.
    """
    with transaction.atomic():
        item, version = _lock(version)
        said = proposal_records.last_verdict(version)
        if said is not None and said.kind == Kind.DECLINED:
            return said
        _check_answerable(item, version, who=who, by=by)
        event = proposal_records.write(
            version,
            kind=Kind.DECLINED,
            by=by,
            times=when(at, not_before=version.sent_at),
            name=who.name,
            text=reason,
            person=who.person,
        )
        bus.tell(ProposalAnswered(event, by))
        return event


def comment(  # noqa: PLR0913 -- a comment has that many details
    version: ProposalVersion,
    *,
    by: Member | None,
    who: Who,
    text: str,
    mark: int | None = None,
    source_key: str | None = None,
    at: datetime | None = None,
) -> ProposalEvent:
    """Say something about a sent version, or about one of its lines; ours answer in the same place.

    Args:
        version: A sent version.
        by: The member who answers; None for the customer.
        who: Who says it.
        text: What.
        mark: Which line it is about.
        source_key: Said once however often it is sent.
        at: When, if not now.

    Raises:
        RuleBroken: ``proposals.text_missing``, ``proposals.name_missing``, ``proposals.no_line``,
            ``proposals.not_sent``.
    """
    with transaction.atomic():
        _item, version = _lock(version)
        if source_key:
            told = ProposalEvent.objects.filter(
                workspace_id=version.workspace_id, source_key=source_key
            ).first()
            if told is not None:
                return told
        _check_comment(version, who=who, by=by, text=text, mark=mark)
        event = proposal_records.write(
            version,
            kind=Kind.COMMENTED,
            by=by,
            times=when(at, not_before=version.sent_at),
            mark=mark,
            name=by.name if by else who.name,
            text=text,
            person=who.person,
            source_key=source_key,
        )
        bus.tell(ProposalAnswered(event, by))
        return event


def view(version: ProposalVersion, *, source_key: str, at: datetime | None = None) -> ProposalEvent:
    """Note that the customer looked at a sent version; the same look, said twice, is one."""
    with transaction.atomic():
        _item, version = _lock(version)
        key = f"view:{version.pk}:{source_key}"[:200]
        seen = ProposalEvent.objects.filter(version=version, kind=Kind.VIEWED)
        if (told := seen.filter(source_key=key).first()) is not None:
            return told
        is_first = not seen.exists()
        event = proposal_records.write(
            version, kind=Kind.VIEWED, by=None, times=when(at), source_key=key
        )
        if is_first:
            bus.tell(ProposalViewed(event))
        return event


def superseded() -> Conflict:
    """What is said to whoever answers a version that is no longer the last."""
    return Conflict(
        "proposals.superseded",
        _("A newer version of this proposal was sent. Look at that one, then answer."),
    )


def _win(item: Item, deal: Deal, *, by: Member | None, at: datetime | None) -> None:
    """Win the deal, or note why it could not be won: the customer has said yes all the same."""
    try:
        with transaction.atomic():
            deals.win(deal, by=by, at=at)
    except PenstockError as refusal:
        Finding.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            code=NOT_WON,
            detail={"code": refusal.code, "needs": list(refusal.needs)},
        )


def _lock(version: ProposalVersion) -> tuple[Item, ProposalVersion]:
    item = items.lock(version.proposal.deal_id)
    rows = ProposalVersion.objects.select_related("proposal__deal__item", "workspace")
    return item, rows.get(pk=version.pk)


def _check_answerable(item: Item, version: ProposalVersion, *, who: Who, by: Member | None) -> None:
    """Refuse what can no longer be answered, and say what to do instead."""
    if not who.name.strip() and by is None:
        raise RuleBroken("proposals.name_missing", _("Enter your name."), needs=["name"])
    latest = proposal_records.sent_last(version.proposal)
    if version.pk != latest.pk:
        raise superseded()
    if offers.accepted(item.pk) is not None:
        raise Conflict(
            "proposals.accepted_already", _("A proposal of this deal is accepted already.")
        )
    said = proposal_records.verdict(version)
    if said == Kind.WITHDRAWN:
        raise RuleBroken(
            "proposals.withdrawn", _("This proposal was withdrawn. Ask for a new one.")
        )
    if said == Kind.DECLINED:
        raise RuleBroken("proposals.declined", _("It was declined. Ask to have it opened again."))
    if by is None and version.valid_until < today(version.workspace):
        raise RuleBroken("proposals.expired", _("It is no longer valid. Ask for a new one."))
    if not item.is_open:
        raise RuleBroken(
            "proposals.deal_closed", _("It can no longer be answered. Ask for a new one.")
        )


def _check_comment(
    version: ProposalVersion, *, who: Who, by: Member | None, text: str, mark: int | None
) -> None:
    if version.is_draft:
        raise RuleBroken("proposals.not_sent", _("It was not sent yet. Send it first."))
    if not text.strip():
        raise RuleBroken(
            "proposals.text_missing", _("Write something, then send it."), needs=["text"]
        )
    if by is None and not who.name.strip():
        raise RuleBroken("proposals.name_missing", _("Enter your name."), needs=["name"])
    if mark is not None and not version.lines.filter(mark=mark).exists():
        raise RuleBroken("proposals.no_line", _("There is no such line. Reload the page."))
