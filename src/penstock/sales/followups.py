"""What follows a delivery or a loss: planned by rule or by hand, called off, carried out on its day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from penstock.base.errors import RuleBroken
from penstock.catalog import products
from penstock.contacts.models import Company
from penstock.flow import bus, dating, items, pipelines
from penstock.flow.models import Item, Kind, Link, LossReason, Outcome
from penstock.sales import deals, surveys
from penstock.sales.models import Act, Deal, Followup, FollowupRule
from penstock.users.models import Member, Workspace

#: A survey that comes later than this after its day only reminds the customer that nobody cared.
STALE = timedelta(days=14)
#: How a deal is tied to what it follows.
LINKS: dict[str, str] = {Act.RENEWAL: "renewed", Act.UPSELL: "upsold", Act.WIN_BACK: "won_back"}
OF_DELIVERY = (Act.SURVEY, Act.RENEWAL, Act.UPSELL)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery as the rules see it: the order, the deal it came from, its value without tax."""

    order: Item
    at: datetime
    amount: Decimal
    currency: str
    deal: Deal | None = None
    company: Company | None = None
    product_ids: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class DealFollowed:
    """A deal was opened because a delivery or a loss was followed up."""

    deal: Deal
    act: str
    source: Item


def after_delivery(delivered: Delivered) -> list[Followup]:
    """Plan what the rules in use say about a delivered order, each rule once. Safe to call twice."""
    sold_in = delivered.deal.item.pipeline_id if delivered.deal else None
    rules = _rules(delivered.order, OF_DELIVERY, pipeline_id=sold_in).filter(
        Q(product=None) | Q(product_id__in=delivered.product_ids)
    )
    details = {
        "company": delivered.company,
        "amount": delivered.amount,
        "currency": delivered.currency,
    }
    return _plan_all(rules, delivered.order, since=delivered.at, details=details)


def after_loss(deal: Deal, *, reason: LossReason | None, at: datetime) -> list[Followup]:
    """Plan to win a lost deal back, where a rule says so for its reason. Safe to call twice."""
    rules = _rules(deal.item, (Act.WIN_BACK,), pipeline_id=deal.item.pipeline_id).filter(
        Q(reason=None) | Q(reason=reason)
    )
    return _plan_all(rules, deal.item, since=at, details={"company": deal.company})


def call_off(source: Item, *, at: datetime | None = None) -> int:
    """Call off all that is planned for an order that came back, or a lost deal that was reopened."""
    planned = Followup.objects.filter(source=source, done_at=None, cancelled_at=None)
    return planned.update(cancelled_at=at or dating.now())


def plan(
    source: Item, *, act: str, on: date, by: Member | None, company: Company | None = None
) -> Followup:
    """Plan one act by hand.

    Raises:
        RuleBroken: ``sales.followup_past`` for a day before today; ``sales.followup_source`` when the
            act does not go with what it should follow; ``sales.followup_planned`` when the same is
            planned already; ``sales.upsell_by_rule``: only a rule knows what to offer.
    """
    with transaction.atomic():
        item = items.lock(source.pk)
        if on < dating.today(item.workspace):
            raise RuleBroken("sales.followup_past", _("Choose today or a later day."), needs=["on"])
        _check_source(item, act=act)
        if Followup.objects.filter(source=item, act=act, done_at=None, cancelled_at=None).exists():
            raise RuleBroken(
                "sales.followup_planned",
                _("This is planned already. Call it off first, or choose something else."),
            )
        return Followup.objects.create(
            workspace_id=item.workspace_id,
            act=act,
            source=item,
            company=company,
            due_on=on,
            by=by,
            planned_at=dating.now(),
        )


def cancel(followup: Followup, *, by: Member | None) -> Followup:
    """Call one act off. Safe to call twice.

    Raises:
        RuleBroken: ``sales.followup_done`` when it was carried out.
    """
    with transaction.atomic():
        row = _locked(followup)
        if row.done_at is not None:
            raise RuleBroken(
                "sales.followup_done", _("This was carried out already and cannot be called off.")
            )
        if row.cancelled_at is None:
            row.cancelled_at = dating.now()
            row.save(update_fields=["cancelled_at"])
        return row


def restore(followup: Followup, *, by: Member | None) -> Followup:
    """Plan again what was called off, for the same day. Safe to call twice."""
    with transaction.atomic():
        row = _locked(followup)
        if row.cancelled_at is not None:
            row.cancelled_at = None
            row.save(update_fields=["cancelled_at"])
        return row


def due(workspace: Workspace, *, on: date) -> QuerySet[Followup]:
    """What is planned for a day or before it, earliest first."""
    planned = Followup.objects.filter(
        workspace=workspace, done_at=None, cancelled_at=None, due_on__lte=on
    )
    return planned.select_related("source", "rule", "company").order_by("due_on", "pk")


def carry_out_due(workspace: Workspace) -> int:
    """Carry out all whose day has come; each in its own transaction. Returns how many were."""
    today = dating.today(workspace)
    return sum(carry_out(followup, on=today) for followup in due(workspace, on=today))


def carry_out(followup: Followup, *, on: date) -> bool:
    """Do what was planned, once: ask for satisfaction, or open the deal that follows.

    What was done or called off meanwhile stays as it is; a survey that is two weeks late is called
    off. False when nothing was done.
    """
    with transaction.atomic():
        row = _locked(followup)
        if not row.is_planned:
            return False
        if row.act == Act.SURVEY and row.due_on + STALE < on:
            row.cancelled_at = dating.now()
            row.save(update_fields=["cancelled_at"])
            return False
        if row.act == Act.SURVEY:
            _ask(row)
        else:
            row.opened = _open(row).item
        row.done_at = dating.now()
        row.save(update_fields=["done_at", "opened"])
        return True


def deal_behind(source: Item) -> Deal | None:
    """The deal that a delivered order came from, or the lost deal itself."""
    deals_ = Deal.objects.select_related("item__pipeline", "item__owner", "company", "product")
    if source.kind == Kind.DEAL:
        return deals_.filter(pk=source.pk).first()
    link = Link.objects.filter(target=source, kind="placed").first()
    return deals_.filter(pk=link.source_id).first() if link else None


def _locked(followup: Followup) -> Followup:
    rows = Followup.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("source__pipeline", "rule", "company", "workspace").get(
        pk=followup.pk
    )


def _rules(
    source: Item, acts: Collection[str], *, pipeline_id: int | None
) -> QuerySet[FollowupRule]:
    rules = FollowupRule.objects.filter(
        workspace_id=source.workspace_id, retired_at=None, act__in=acts
    )
    return rules.filter(Q(pipeline=None) | Q(pipeline_id=pipeline_id)).order_by("pk")


def _plan_all(
    rules: QuerySet[FollowupRule], source: Item, *, since: datetime, details: Mapping[str, Any]
) -> list[Followup]:
    today = dating.today(source.workspace)
    since_on = since.astimezone(source.workspace.zone).date()
    planned = []
    for rule in rules:
        due_on = since_on + timedelta(days=rule.after_days)
        # What should have followed long ago, of a delivery told only now, follows no more.
        if due_on + STALE < today:
            continue
        row, is_new = Followup.objects.get_or_create(
            workspace_id=source.workspace_id,
            rule=rule,
            source=source,
            cancelled_at=None,
            defaults={**details, "act": rule.act, "due_on": due_on, "planned_at": dating.now()},
        )
        if is_new:
            planned.append(row)
    return planned


def _check_source(item: Item, *, act: str) -> None:
    if act == Act.UPSELL:
        raise RuleBroken(
            "sales.upsell_by_rule", _("An upsell needs a rule that says what to offer.")
        )
    wanted = Outcome.Verdict.LOST if act == Act.WIN_BACK else Outcome.Verdict.FULFILLED
    if item.outcome != wanted:
        raise RuleBroken(
            "sales.followup_source",
            _("Only a delivered order can be followed up so, and only a lost deal won back."),
        )


def _ask(row: Followup) -> None:
    scale = row.rule.scale if row.rule else surveys.DEFAULT_SCALE
    deal = deal_behind(row.source)
    surveys.ask(row.source, scale=scale, by=row.by, deal=deal, company=row.company, followup=row)


def _open(row: Followup) -> Deal:
    """Open the deal that follows, and tie it to what it follows."""
    before = deal_behind(row.source)
    workspace = row.workspace
    pipeline = (
        before.item.pipeline if before else pipelines.default_for(workspace.pk, kind=Kind.DEAL)
    )
    product = row.rule.offer if row.rule and row.act == Act.UPSELL else None
    amount, currency = _worth(row, before)
    deal = deals.open_deal(
        pipeline,
        title=_title(row),
        by=row.by,
        owner=before.item.owner if before else row.source.owner,
        company=row.company or (before.company if before else None),
        product=product or (before.product if before else None),
        amount=amount,
        currency=currency,
        close_on=dating.today(workspace) + timedelta(days=row.rule.close_days if row.rule else 30),
    )
    Link.objects.create(
        workspace=workspace, source=row.source, target=deal.item, kind=LINKS[row.act]
    )
    bus.tell(DealFollowed(deal=deal, act=row.act, source=row.source))
    return deal


def _worth(row: Followup, before: Deal | None) -> tuple[Decimal | None, str]:
    """What the new deal may bring: the price of what is offered, or as much as the last time."""
    if row.act == Act.UPSELL:
        offer = row.rule.offer if row.rule else None
        assert offer is not None, "an upsell has a rule, and the rule an offer"
        currency = row.workspace.currency
        day = dating.today(row.workspace)
        return products.price_on(offer, day=day, currency=currency), currency
    if row.amount is not None:
        return row.amount, row.currency
    return (before.amount, before.currency) if before else (None, "")


def _title(row: Followup) -> str:
    """In the workspace's language: a title is a text that stays."""
    with override(row.workspace.language):
        if row.act == Act.UPSELL and row.rule and row.rule.offer:
            return _now("%(product)s after “%(title)s”") % {
                "product": row.rule.offer.name,
                "title": row.source.title,
            }
        if row.act == Act.RENEWAL:
            return _now("Renewal: %(title)s") % {"title": row.source.title}
        return _now("Win back: %(title)s") % {"title": row.source.title}
