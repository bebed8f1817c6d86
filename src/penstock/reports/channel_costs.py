"""What campaigns cost in a window, and which part of it a slice of the leads bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from penstock.analytics import attribution
from penstock.catalog.exchange import Exchange
from penstock.catalog.exchange import Part as Sum
from penstock.reports import channel_cases, rows
from penstock.reports.channel_cases import Group, Question
from penstock.reports.slices import ALL
from penstock.sales import campaigns
from penstock.sales.models import CampaignCost, Deal
from penstock.users.models.workspace import Sees

Leads = dict[tuple[str, str], Fraction]


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs by channel or campaign in the workspace's currency; what has no rate is apart, and is in no sum.

    ``idle`` is what brought no lead at all in the window, so that no slice bears it.
    """

    by_key: Mapping[str, Fraction]
    without_rate: Mapping[str, Decimal] = field(default_factory=dict)
    idle: Fraction = Fraction()


def costs(
    asked: Question,
    found: Sequence[Group],
    *,
    by: str,
    stated: Mapping[str, str],
    exchange: Exchange,
) -> Costs:
    """What campaigns cost in the window; of a slice the part that its leads bear.

    Nobody writes down for which leads money was spent, so all leads of a campaign bear equal parts of
    what it cost in the window, and slices add up to the whole. Where no lead names the campaign, those
    of its channel bear it.

    Args:
        asked: Which leads.
        found: These leads, in groups.
        by: ``channel`` or ``campaign``.
        stated: The channel of each stated source.
        exchange: Turns costs into the workspace's currency, each day at its own rate.
    """
    by_campaign, missing = _by_campaign(asked, exchange)
    shares: Mapping[str, Fraction | None] = {}
    if is_part(asked) and by_campaign:
        shares = _shares(by_campaign, _leads(found, stated), _all_leads(asked))
    by_key: dict[str, Fraction] = {}
    idle = Fraction()
    for campaign, (channel, cost) in by_campaign.items():
        share = shares.get(campaign, Fraction(1))
        if share is None:
            idle += cost
        elif share:
            key = channel if by == "channel" else campaign
            by_key[key] = by_key.get(key, Fraction()) + cost * share
    return Costs(by_key, missing, idle)


def is_part(asked: Question) -> bool:
    """Whether only some of the workspace's leads are asked for, by a slice or by what the member may see."""
    member = asked.member
    return asked.only != ALL or (member.role == "rep" and member.workspace.reps_see == Sees.OWN)


def _by_campaign(
    asked: Question, exchange: Exchange
) -> tuple[dict[str, tuple[str, Fraction]], dict[str, Decimal]]:
    """Of each campaign its channel, and what it cost in the window."""
    window = asked.window
    found = campaigns.costs(asked.member.workspace_id, known=asked.known_at).filter(
        first__lte=window.last, last__gte=window.first
    )
    costs_: dict[str, tuple[str, Fraction]] = {}
    missing: dict[str, Decimal] = {}
    for row in found.select_related("campaign"):
        inside = _in_own(row, asked, exchange)
        key, channel = str(row.campaign_id), row.campaign.channel
        if inside is None:
            spread = _spread(row, asked)
            missing[row.currency] = missing.get(row.currency, Decimal()) + decimal(spread)
        else:
            costs_[key] = (channel, costs_.get(key, (channel, Fraction()))[1] + inside)
    return costs_, missing


def _shares(
    by_campaign: Mapping[str, tuple[str, Fraction]], mine: Leads, whole: Leads
) -> dict[str, Fraction | None]:
    """Which part of each campaign's leads, or else of its channel's, is in the slice; None for one without any."""
    shares: dict[str, Fraction | None] = {}
    for campaign, (channel, _cost) in by_campaign.items():
        borne = [
            mine.get(key, Fraction()) / whole[key]
            for key in (("campaign", campaign), ("channel", channel))
            if whole.get(key)
        ]
        shares[campaign] = borne[0] if borne else None
    return shares


def _leads(found: Sequence[Group], stated: Mapping[str, str]) -> Leads:
    leads: Leads = {}
    for one in found:
        for by in ("campaign", "channel"):
            key = (by, channel_cases.key(one, stated, by=by))
            leads[key] = leads.get(key, Fraction()) + Fraction(one.n, one.among)
    return leads


def _all_leads(asked: Question) -> Leads:
    """The credit of all leads of the workspace: what a slice is a part of, whoever asks; only shares come of it."""
    query, params = channel_cases.cases(
        replace(asked, only=ALL),
        of=Deal.objects.filter(workspace_id=asked.member.workspace_id, item__withdrawn_at=None),
    )
    query += """
        SELECT channel, campaign_id, coalesce(stated, ''), among, '', '', NULL, count(*), 0, NULL
        FROM credited GROUP BY 1, 2, 3, 4
    """
    found = [Group(*row) for row in rows.ask(query, params)]
    return _leads(found, channel_cases.stated(found, asked.member))


def _spread(row: CampaignCost, asked: Question) -> Fraction:
    window = asked.window
    return attribution.cost_within(
        row.amount, of=(row.first, row.last), window=(window.first, window.last)
    )


def _in_own(row: CampaignCost, asked: Question, exchange: Exchange) -> Fraction | None:
    if row.currency == exchange.own:
        return _spread(row, asked)
    first, last = max(row.first, asked.window.first), min(row.last, asked.window.last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    a_day = Fraction(row.amount) / ((row.last - row.first).days + 1)
    sums = [Sum(row.currency, Decimal(1), 1, day) for day in days]
    exchange.learn(sums)
    total = Fraction()
    for one in sums:
        rate = exchange.rate_of(one)
        if rate is None:
            return None
        total += a_day * Fraction(rate)
    return total


def decimal(value: Fraction) -> Decimal:
    """A fraction as an amount."""
    return Decimal(value.numerator) / Decimal(value.denominator)
