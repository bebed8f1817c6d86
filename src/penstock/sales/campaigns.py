"""Campaigns: started, changed, retired, and what they cost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base import tracking
from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.base.money import exact
from penstock.flow import dating
from penstock.sales.models import Campaign, CampaignCost, Channel
from penstock.users import audit
from penstock.users.models import Member, Workspace

FIELDS = ("name", "code", "channel", "starts_on", "ends_on")


def start(  # noqa: PLR0913 -- a campaign has that many sides
    workspace: Workspace,
    *,
    name: str,
    channel: str,
    starts_on: date,
    by: Member | None,
    ends_on: date | None = None,
    code: str = "",
) -> Campaign:
    """Start a campaign.

    Raises:
        RuleBroken: ``sales.campaign_name``, ``sales.channel``, ``sales.campaign_period``,
            ``sales.campaign_code`` for a code that another campaign has.
    """
    with transaction.atomic():
        values = _checked(
            workspace.pk,
            {
                "name": name,
                "code": code,
                "channel": channel,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
        )
        campaign = Campaign.objects.create(workspace=workspace, **values)
        audit.record(workspace_id=workspace.pk, by=by, action="campaign.started", target=campaign)
        return campaign


def change(campaign: Campaign, *, by: Member | None, **values: Any) -> Campaign:
    """Change what is known of a campaign; touches keep the channel by which they came.

    Raises:
        RuleBroken: Those of :func:`start`.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"a campaign has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        row = _locked(campaign)
        held = {name: getattr(row, name) for name in FIELDS}
        fresh = _checked(row.workspace_id, held | values, besides=row.pk)
        for name, value in fresh.items():
            setattr(row, name, value)
        row.save(update_fields=list(FIELDS))
        audit.record(workspace_id=row.workspace_id, by=by, action="campaign.changed", target=row)
        return row


def retire(campaign: Campaign, *, by: Member | None) -> Campaign:
    """Offer a campaign no more; what it brought and cost stays. Safe to call twice."""
    with transaction.atomic():
        row = _locked(campaign)
        if row.retired_at is None:
            row.retired_at = dating.now()
            row.save(update_fields=["retired_at"])
            audit.record(
                workspace_id=row.workspace_id, by=by, action="campaign.retired", target=row
            )
        return row


def take_up(campaign: Campaign, *, by: Member | None) -> Campaign:
    """Offer a retired campaign again. Safe to call twice."""
    with transaction.atomic():
        row = _locked(campaign)
        if row.retired_at is not None:
            row.retired_at = None
            row.save(update_fields=["retired_at"])
            audit.record(
                workspace_id=row.workspace_id, by=by, action="campaign.taken_up", target=row
            )
        return row


def add_cost(  # noqa: PLR0913 -- a cost has that many sides
    campaign: Campaign,
    *,
    first: date,
    last: date,
    amount: Decimal,
    by: Member | None,
    currency: str = "",
    known: datetime | None = None,
) -> CampaignCost:
    """Say what a campaign cost over some days, both included.

    Raises:
        RuleBroken: ``sales.campaign_period``, ``sales.amount_negative``, ``sales.currency``.
    """
    with transaction.atomic():
        row = _locked(campaign)
        values = _checked_cost(row, first=first, last=last, amount=amount, currency=currency)
        return _write(row, values, by=by, known=known)


def correct_cost(
    cost: CampaignCost,
    *,
    first: date,
    last: date,
    amount: Decimal,
    by: Member | None,
    currency: str = "",
) -> CampaignCost:
    """Say that it cost something else, known from now on.

    Raises:
        Conflict: ``sales.cost_gone`` when it was corrected or taken back before.
        RuleBroken: Those of :func:`add_cost`.
    """
    with transaction.atomic():
        row = _locked(cost.campaign)
        _check_counts(cost)
        values = _checked_cost(
            row, first=first, last=last, amount=amount, currency=currency or cost.currency
        )
        return _write(row, values, by=by, supersedes=cost)


def withdraw_cost(cost: CampaignCost, *, by: Member | None) -> CampaignCost:
    """Say that there was no such cost, known from now on.

    Raises:
        Conflict: ``sales.cost_gone`` when it was corrected or taken back before.
    """
    with transaction.atomic():
        row = _locked(cost.campaign)
        _check_counts(cost)
        values = {name: getattr(cost, name) for name in ("first", "last", "amount", "currency")}
        return _write(row, values, by=by, supersedes=cost, is_void=True)


def costs(workspace_id: int, *, known: datetime | None = None) -> QuerySet[CampaignCost]:
    """The costs that count, now or as they were known before an instant."""
    later = CampaignCost.objects.filter(supersedes=OuterRef("pk"))
    rows = CampaignCost.objects.filter(workspace_id=workspace_id, is_void=False)
    if known is not None:
        later, rows = later.filter(known_at__lt=known), rows.filter(known_at__lt=known)
    return rows.exclude(Exists(later))


def cost_of(campaign: Campaign, cost_id: int) -> CampaignCost:
    """A cost of a campaign that counts.

    Raises:
        NotFound: ``sales.no_cost``.
    """
    found = costs(campaign.workspace_id).filter(campaign=campaign, pk=cost_id).first()
    if found is None:
        raise NotFound("sales.no_cost", _("There is no such cost by now. Reload the page."))
    return found


def named(workspace_id: int, code: str) -> Campaign | None:
    """The campaign that an address speaks of by its code, in use or not."""
    word = tracking.fold(code)
    return Campaign.objects.filter(workspace_id=workspace_id, code=word).first() if word else None


def _checked(workspace_id: int, values: dict[str, Any], *, besides: int = 0) -> dict[str, Any]:
    name, code = values["name"].strip(), tracking.fold(values["code"])[:120]
    if not name:
        raise RuleBroken("sales.campaign_name", _("Give the campaign a name."), needs=["name"])
    if values["channel"] not in Channel.values:
        raise RuleBroken("sales.channel", _("Choose one of the channels."), needs=["channel"])
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        raise _wrong_period("ends_on")
    if code and _others(workspace_id, besides).filter(code=code).exists():
        raise RuleBroken(
            "sales.campaign_code",
            _("Another campaign has this code. Choose one of its own, or leave it empty."),
            needs=["code"],
        )
    return values | {"name": name[:120], "code": code}


def _others(workspace_id: int, besides: int) -> QuerySet[Campaign]:
    return Campaign.objects.filter(workspace_id=workspace_id).exclude(pk=besides)


def _checked_cost(
    campaign: Campaign, *, first: date, last: date, amount: Decimal, currency: str
) -> dict[str, Any]:
    if last < first:
        raise _wrong_period("last")
    if amount < 0:
        raise RuleBroken("sales.amount_negative", _("An amount is zero or more."), needs=["amount"])
    currency = currency or campaign.workspace.currency
    if not (
        len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    ):
        raise RuleBroken(
            "sales.currency",
            _("Enter a currency as three letters, such as EUR."),
            needs=["currency"],
        )
    return {"first": first, "last": last, "amount": exact(amount), "currency": currency}


def _wrong_period(need: str) -> RuleBroken:
    return RuleBroken(
        "sales.campaign_period",
        _("The last day comes before the first. Enter a later one."),
        needs=[need],
    )


def _check_counts(cost: CampaignCost) -> None:
    if cost.is_void or CampaignCost.objects.filter(supersedes=cost).exists():
        raise Conflict(
            "sales.cost_gone", _("This cost was corrected or taken back. Reload the page.")
        )


def _write(
    campaign: Campaign,
    values: dict[str, Any],
    *,
    by: Member | None,
    known: datetime | None = None,
    supersedes: CampaignCost | None = None,
    is_void: bool = False,
) -> CampaignCost:
    return CampaignCost.objects.create(
        workspace_id=campaign.workspace_id,
        campaign=campaign,
        by=by,
        known_at=known or dating.now(),
        supersedes=supersedes,
        is_void=is_void,
        **values,
    )


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("workspace").get(pk=campaign.pk)
