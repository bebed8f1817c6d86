"""Campaigns: the list of them, and one with its costs and the deals it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.sales import access, access_leads, campaigns
from penstock.sales.models import Campaign, CampaignCost, Touch
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import insights
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.insights import DealsBehind
from penstock.web.pages.tiles import day_text, moneys


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One campaign of the list."""

    id: int
    name: str
    code: str
    channel: str
    period: str
    cost: str
    n_deals: str
    is_retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What a campaign cost over some days."""

    id: int
    period: str
    amount: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CampaignPage(Page):
    """One campaign."""

    campaign: Campaign
    period: str
    costs: Sequence[CostLine]
    total: str
    behind: DealsBehind


def head(lines: Sequence[Line], *, member: Member) -> Page:
    """The list, with what it holds in a sentence."""
    in_use = sum(not line.is_retired for line in lines)
    text = ngettext("%(n)s campaign in use.", "%(n)s campaigns in use.", in_use)
    return Page(
        title=_("Campaigns"),
        nav="leads",
        crumbs=(Crumb(name=_("Leads"), url=reverse("leads", args=[member.workspace.slug])),),
        answer=text % {"n": figures.number(in_use)} if lines else "",
    )


def lines(member: Member) -> list[Line]:
    """Every campaign with its costs and the deals that it touched."""
    costs: dict[int, dict[str, Decimal]] = {}
    for campaign_id, currency, total in (
        campaigns.costs(member.workspace_id)
        .values_list("campaign", "currency")
        .annotate(Sum("amount"))
    ):
        costs.setdefault(campaign_id, {})[currency] = total
    visible = access.deals_for(member).values("pk")
    touched = Touch.objects.filter(
        workspace_id=member.workspace_id, is_void=False, superseded_by=None, item__in=visible
    ).exclude(campaign=None)
    n_deals = dict(
        touched.values_list("campaign").annotate(Count("item", distinct=True)).order_by()
    )
    return [
        Line(
            id=row.pk,
            name=row.name,
            code=row.code,
            channel=str(row.get_channel_display()),
            period=_period(row),
            cost=moneys(costs.get(row.pk, {})),
            n_deals=figures.number(n_deals.get(row.pk, 0)),
            is_retired=row.retired_at is not None,
        )
        for row in access_leads.campaigns_for(member)
    ]


def build(campaign: Campaign, *, member: Member, number: str = "") -> CampaignPage:
    """The page of one campaign."""
    rows = list(
        campaigns.costs(campaign.workspace_id)
        .filter(campaign=campaign)
        .select_related("by")
        .order_by("-first", "-pk")
    )
    visible = access.deals_for(member).values("pk")
    touched = Touch.objects.filter(
        campaign=campaign, is_void=False, superseded_by=None, item__in=visible
    )
    ids = list(touched.values_list("item", flat=True).distinct().order_by("-item"))
    slug = member.workspace.slug
    return CampaignPage(
        title=campaign.name,
        nav="leads",
        crumbs=(
            Crumb(name=_("Leads"), url=reverse("leads", args=[slug])),
            Crumb(name=_("Campaigns"), url=reverse("campaigns", args=[slug])),
        ),
        answer=_answer(campaign, n=len(ids)),
        campaign=campaign,
        period=_period(campaign),
        costs=[_cost(row) for row in rows],
        total=moneys(_sums(rows)),
        behind=insights.deals_behind(member, ids, title=campaign.name, crumbs=(), number=number),
    )


def _answer(campaign: Campaign, *, n: int) -> str:
    text = ngettext(
        "%(channel)s, %(period)s. It touched %(n)s deal.",
        "%(channel)s, %(period)s. It touched %(n)s deals.",
        n,
    )
    return text % {
        "channel": campaign.get_channel_display(),
        "period": _period(campaign),
        "n": figures.number(n),
    }


def _period(campaign: Campaign) -> str:
    first = day_text(campaign.starts_on)
    if campaign.ends_on is None:
        return _("since %(day)s") % {"day": first}
    return f"{first} – {day_text(campaign.ends_on)}"


def _cost(row: CampaignCost) -> CostLine:
    one_day = row.first == row.last
    return CostLine(
        id=row.pk,
        period=day_text(row.first) if one_day else f"{day_text(row.first)} – {day_text(row.last)}",
        amount=figures.money(row.amount, row.currency),
        by=row.by.name if row.by else "",
    )


def _sums(rows: Sequence[CampaignCost]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    return sums
