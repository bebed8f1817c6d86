"""What can happen to a deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.base.money import exact
from penstock.catalog.models import Product
from penstock.contacts import companies
from penstock.contacts.models import Company, Person
from penstock.flow import bus, changes, gates, items, limits, moves, outcomes, replay
from penstock.flow.dating import When, when
from penstock.flow.models import Item, LossReason, Outcome, Pipeline, Stage, Transition
from penstock.sales import closings
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import Member

KEYS = ("company", "product")
#: How the field changes of a person's part in the decision begin; the person's id follows.
PART_OF = "person:"
TRACKED = (*KEYS, "amount", "currency", "close_on", "channel")


@dataclass(frozen=True, slots=True)
class DealOpened:
    """A deal, or a lead, was opened."""

    deal: Deal
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DealWon:
    """A deal became a customer's order."""

    deal: Deal
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DealLost:
    """A deal was lost, or a lead disqualified."""

    deal: Deal
    reason: LossReason
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DealReopened:
    """A won or lost deal is open again."""

    deal: Deal
    by: Member | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DealGiven:
    """A deal, or a lead, was given to a member; ``change_id`` names the row that says so."""

    item: Item
    owner: Member
    by: Member | None
    change_id: int


def open_deal(  # noqa: PLR0913 -- a deal has that many details
    pipeline: Pipeline,
    *,
    title: str,
    by: Member | None,
    stage: Stage | None = None,
    owner: Member | None = None,
    company: Company | None = None,
    company_name: str = "",
    product: Product | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    close_on: date | None = None,
    channel: str = "",
    despite: str = "",
    at: datetime | None = None,
) -> Deal:
    """Open a deal, or a lead: that is a deal which is not qualified yet.

    In a later stage than the first it asks the gates before it, as a move there would; ``despite`` is
    the reason to pass them without their answers, which is kept. A company can be named instead of
    given; it is added if nobody knows it.

    Raises:
        RuleBroken: ``sales.amount_negative``, ``sales.currency``, ``flow.gate``, and those of
            :func:`penstock.flow.items.open_item`.
    """
    with transaction.atomic():
        times = when(at)
        if company is None and company_name:
            company = companies.named(pipeline.workspace, name=company_name, by=by)
        values = checked(
            {
                "company": company,
                "product": product,
                "amount": amount,
                "currency": currency or pipeline.workspace.currency,
                "close_on": close_on,
                "channel": channel,
            }
        )
        item = items.open_item(
            pipeline=pipeline, title=title, by=by, times=times, stage=stage, owner=owner
        )
        deal = Deal.objects.create(workspace_id=item.workspace_id, item=item, **values)
        told = {name: value for name, value in values.items() if value not in (None, "")}
        if values["currency"] == pipeline.workspace.currency:
            del told["currency"]
        changes.record(item, values=_codes(told), by=by, times=times)
        if missing := gates.check_opening(item, despite=despite):
            gates.remember(item.transitions.get(), missing, despite=despite)
        bus.tell(DealOpened(deal=deal, by=by, at=times.occurred_at))
        return deal


def change(deal: Deal, *, by: Member | None, at: datetime | None = None, **values: Any) -> Deal:
    """Change what is known of a deal; only what differs is written.

    Args:
        deal: The deal.
        by: Who says so.
        at: Since when it was so, if not now.
        **values: ``title`` and any of company, product, amount, currency, close_on, channel.

    Raises:
        RuleBroken: ``sales.amount_negative``, ``sales.currency``, ``flow.title_missing``.
    """
    unknown = set(values) - {*TRACKED, "title"}
    if unknown:
        raise ValueError(f"a deal has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        item = items.lock(deal.pk)
        deal = Deal.objects.get(pk=deal.pk)
        if "title" in values:
            items.rename(item, title=values.pop("title"))
        told = checked(values)
        held = {name: getattr(deal, f"{name}_id" if name in KEYS else name) for name in told}
        fresh = changes.differing(item, _codes(told), now=held, at=at)
        if fresh:
            times = when(at)
            items.check_time(item, at=times.occurred_at)
            changes.record(item, values=fresh, by=by, times=times)
            for name in changes.last_words(item, fresh):
                setattr(deal, name, told[name])
            deal.save(update_fields=list(fresh))
            if deal.closed_at is not None and not fresh.keys().isdisjoint(closings.FIELDS):
                closings.keep([deal.pk])
            bus.announce(
                item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id]
            )
        return deal


def assign(deal: Deal, *, owner: Member | None, by: Member | None) -> Deal:
    """Give a deal to a member, or to nobody."""
    with transaction.atomic():
        item, times = items.lock(deal.pk), when(None)
        if item.owner_id != (owner.pk if owner else None):
            item.owner = owner
            items.write(item, "owner_id")
            [change] = changes.record(
                item, values={"owner": owner.pk if owner else None}, by=by, times=times
            )
            bus.announce(
                item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id]
            )
            # What a file says is no news: whoever brings it in knows what is in it.
            if owner is not None and times.batch is None:
                bus.tell(DealGiven(item=item, owner=owner, by=by, change_id=change.pk))
        return Deal.objects.select_related("item").get(pk=deal.pk)


def add_person(deal: Deal, *, person: Person, part: str, by: Member | None) -> DealPerson:
    """Put a person on a deal, or give them another part in the decision.

    Raises:
        RuleBroken: ``sales.part`` for a part that there is not.
    """
    if part not in DealPerson.Part.values:
        raise RuleBroken("sales.part", _("Choose one of the parts offered."), needs=["part"])
    with transaction.atomic():
        item = items.lock(deal.pk)
        row, is_new = DealPerson.objects.get_or_create(
            workspace_id=item.workspace_id, deal=deal, person=person, defaults={"part": part}
        )
        if is_new or row.part != part:
            row.part = part
            row.save(update_fields=["part"])
            _record_part(item, person, part, by=by)
        return row


def remove_person(deal: Deal, *, person: Person, by: Member | None) -> None:
    """Take a person off a deal; the person stays known."""
    with transaction.atomic():
        item = items.lock(deal.pk)
        if DealPerson.objects.filter(deal=deal, person=person).delete()[0]:
            _record_part(item, person, None, by=by)


def move(
    deal: Deal,
    *,
    to: Stage,
    by: Member | None,
    at: datetime | None = None,
    seen: int | None = None,
    despite: str = "",
) -> Transition:
    """Move a deal; see :func:`penstock.flow.moves.move`."""
    return moves.move(deal.item, to=to, by=by, at=at, seen=seen, despite=despite)


def qualify(
    deal: Deal, *, by: Member | None, at: datetime | None = None, despite: str = ""
) -> Deal:
    """Say that a lead deserves a call: it becomes a deal, in needs assessment or beyond.

    Safe to call twice.

    Raises:
        RuleBroken: ``flow.closed``, ``flow.before_opening``, and those of
            :func:`penstock.flow.moves.move`.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        deal = Deal.objects.get(pk=deal.pk)
        if not item.is_open:
            raise RuleBroken("flow.closed", _("It is closed. Reopen it before you qualify it."))
        if deal.qualified_at is None:
            times = when(at)
            items.check_time(item, at=times.occurred_at)
            deal.qualified_at = times.occurred_at
            deal.save(update_fields=["qualified_at"])
            changes.record(item, values={"qualified": "yes"}, by=by, times=times)
            target = _stage(item, canonical="needs_assessment")
            if target and target.position > item.stage.position:
                moves.move(item, to=target, by=by, at=at, despite=despite)
        return Deal.objects.select_related("item__stage").get(pk=deal.pk)


def disqualify(
    deal: Deal, *, reason: LossReason, by: Member | None, at: datetime | None = None
) -> Outcome:
    """Say that a lead is not worth the time: it is lost for a reason, and marked as not qualified.

    Raises:
        RuleBroken: Those of :func:`lose`.
    """
    with transaction.atomic():
        ending = lose(deal, reason=reason, by=by, at=at)
        times = when(at, not_before=ending.occurred_at)
        changes.record(ending.item, values={"qualified": "no"}, by=by, times=times)
        Deal.objects.filter(pk=deal.pk).update(qualified_at=None)
        return ending


def win(
    deal: Deal,
    *,
    by: Member | None,
    at: datetime | None = None,
    seen: int | None = None,
    despite: str = "",
) -> Deal:
    """Close a deal as won: outcome, move to follow-up, and what follows elsewhere.

    Calling it for a deal that is won already changes nothing. ``despite`` is why it passes gates
    whose answers are missing; the amount it needs in any case, for the order.

    Raises:
        RuleBroken: ``sales.lost_already`` for a lost deal, ``sales.merged``, ``sales.amount_missing`` with ``needs``,
            ``flow.gate``, ``sales.moved_later`` for a date before its last move.
        Conflict: ``flow.moved_meanwhile``.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        deal = _reread(deal)
        if item.outcome == Outcome.Verdict.WON:
            return deal
        if item.outcome == Outcome.Verdict.LOST:
            raise RuleBroken(
                "sales.lost_already", _("This deal is lost. Reopen it before you win it.")
            )
        _check_not_merged(item)
        moves.check_seen(item, seen=seen)
        target = _stage(item, canonical="follow_up")
        lacking = _check_answers(deal, item, target=target, despite=despite)
        times = _closing_times(item, at=at)
        if target is not None and target.pk != item.stage_id:
            row = moves.enter_stage(item, to=target, by=by, times=times)
            gates.remember(row, lacking, despite=despite)
        outcomes.decide(item, verdict=Outcome.Verdict.WON, by=by, times=times)
        deal = _reread(deal)
        bus.tell(DealWon(deal=deal, by=by, at=times.occurred_at))
        return deal


def lose(
    deal: Deal,
    *,
    reason: LossReason,
    by: Member | None,
    at: datetime | None = None,
    seen: int | None = None,
) -> Outcome:
    """Close a deal as lost, for a reason; it keeps the stage in which it died.

    Raises:
        RuleBroken: ``sales.closed_already``; ``sales.moved_later`` for a date before its last move.
        Conflict: ``flow.moved_meanwhile``.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        moves.check_seen(item, seen=seen)
        if not item.is_open:
            raise RuleBroken(
                "sales.closed_already",
                _("This deal is closed already. Reopen it to change how it ended."),
            )
        times = _closing_times(item, at=at)
        ending = outcomes.decide(
            item, verdict=Outcome.Verdict.LOST, by=by, times=times, reason=reason
        )
        bus.tell(DealLost(deal=_reread(deal), reason=reason, by=by, at=times.occurred_at))
        return ending


def reopen(deal: Deal, *, by: Member | None, at: datetime | None = None) -> Deal:
    """Open a closed deal again, back in the stage where it stood before it was won.

    An order that it placed is cancelled, as far as nothing was delivered yet. Open deals stay as
    they are.

    Raises:
        RuleBroken: ``backlog.delivered_already`` when something of its order was delivered;
            ``sales.merged`` for a deal that another one answers for;
            ``flow.decided_later`` for a date before it was closed; ``flow.wip_limit`` where the
            stage it comes back to has no place for it.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        if item.is_open:
            return _reread(deal)
        _check_not_merged(item)
        was_won = item.outcome == Outcome.Verdict.WON
        origin = _stage_before_win(item) if was_won else None
        limits.check(origin or item.stage)
        times = when(at, not_before=max(item.entered_at, item.decided_at or item.entered_at))
        outcomes.decide(item, verdict=Outcome.Verdict.OPEN, by=by, times=times)
        if origin is not None:
            moves.enter_stage(item, to=origin, by=by, times=times)
        deal = _reread(deal)
        bus.tell(DealReopened(deal=deal, by=by, at=times.occurred_at))
        return deal


def park(deal: Deal, *, until: date, by: Member | None) -> None:
    """Let a deal wait until a day; it is neither lost nor in today's sums."""
    outcomes.park(deal.item, until=until, by=by)


def unpark(deal: Deal, *, by: Member | None) -> None:
    """End the waiting."""
    outcomes.unpark(deal.item, by=by)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a deal as they are stored, or a refusal; the import asks the same."""
    checked = dict(values)
    amount = checked.get("amount")
    if amount is not None:
        if amount < 0:
            raise RuleBroken(
                "sales.amount_negative", _("An amount is zero or more."), needs=["amount"]
            )
        checked["amount"] = exact(amount)
    currency = checked.get("currency")
    if currency is not None and not (
        len(currency) == 3 and currency.isalpha() and currency.isupper()
    ):
        raise RuleBroken(
            "sales.currency",
            _("Enter a currency as three letters, such as EUR."),
            needs=["currency"],
        )
    return checked


def _record_part(item: Item, person: Person, part: str | None, *, by: Member | None) -> None:
    """Parts have a history like any other value: one field per person."""
    changes.record(item, values={f"{PART_OF}{person.pk}": part}, by=by, times=when(None))
    bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])


def _codes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "pk", value) for name, value in values.items()}


def _check_answers(deal: Deal, item: Item, *, target: Stage | None, despite: str) -> list[str]:
    """What a win needs, said at once: the gates up to its stage, and the amount of the order."""
    needs = gates.missing(item, to=target) if target is not None else []
    if deal.amount is None and (despite or set(needs) <= {"amount"}):
        raise RuleBroken(
            "sales.amount_missing",
            _("Enter the amount that was agreed, then the deal can be won."),
            needs=["amount"],
        )
    if deal.amount is None:
        needs = ["amount", *(need for need in needs if need != "amount")]
    return gates.refuse(item, needs, despite=despite)


def _check_not_merged(item: Item) -> None:
    if item.outcome == Outcome.Verdict.MERGED:
        raise RuleBroken(
            "sales.merged",
            _("Another deal answers for this one since they were merged. Undo the merge first."),
        )


def _stage(item: Item, *, canonical: str) -> Stage | None:
    named: QuerySet[Stage] = item.pipeline.stages.filter(canonical=canonical, retired_at=None)
    return named.order_by("position").first()


def _stage_before_win(item: Item) -> Stage | None:
    """Where the winning move came from; None when it stood in follow-up before."""
    *before, winning = replay.effective(item.transitions.select_related("stage"))
    if winning.occurred_at != item.decided_at:
        return None
    in_use = [row.stage for row in before if row.stage.retired_at is None]
    return in_use[-1] if in_use else None


def _closing_times(item: Item, *, at: datetime | None) -> When:
    times = when(at, not_before=item.entered_at)
    if times.occurred_at < item.entered_at:
        moved_on = item.entered_at.astimezone(item.workspace.zone).date()
        raise RuleBroken(
            "sales.moved_later",
            _("It was moved after this date. Enter a date on or after %(day)s.")
            % {"day": date_format(moved_on)},
            needs=["at"],
        )
    return times


def _reread(deal: Deal) -> Deal:
    return Deal.objects.select_related("item__stage", "item__pipeline", "workspace").get(pk=deal.pk)
