"""How the sample company's customers came: campaigns, what they cost, and touches."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from penstock.base.tracking import Trace
from penstock.flow import dating
from penstock.intake.sample.company import DAYS, Cast
from penstock.sales import campaigns, touches
from penstock.sales.models import Campaign, Channel, Deal

#: What the campaigns are called, in the order of :data:`PLANS`.
NAMES = {
    "en": ("Search advertising", "Newsletter", "Trade fair, autumn", "Trade fair, spring"),
    "ru": ("Контекстная реклама", "Рассылка", "Осенняя выставка", "Весенняя выставка"),
}
LANDING = "https://www.{slug}.example/{page}"
PAGES = ("pumps", "turbines", "service")
#: A rouble buys less advertising than a euro.
PRICE_LEVEL = {"EUR": Decimal(1), "RUB": Decimal(90)}


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign: its code, channel, days after the story began, and monthly or whole cost."""

    code: str
    channel: str
    first: int
    last: int | None
    cost: int
    is_monthly: bool = False


PLANS = (
    Plan("search-ads", Channel.PAID, 20, None, 900, is_monthly=True),
    Plan("newsletter", Channel.EMAIL, 5, None, 120, is_monthly=True),
    Plan("fair-autumn", Channel.EVENT, 70, 74, 7400),
    Plan("fair-spring", Channel.EVENT, 255, 259, 8100),
)


def tell(cast: Cast) -> None:
    """Run the campaigns, and write down how those came who stated the website or a fair."""
    # A chance of its own: the rest of the story stays as it is told.
    rng = random.Random(31)
    run = [_run(cast, plan, name) for plan, name in zip(PLANS, _names(cast), strict=True)]
    website, fair = cast.words.channels[1], cast.words.channels[2]
    deals = Deal.objects.filter(workspace=cast.workspace, channel__in=(website, fair))
    for deal in deals.select_related("item").order_by("pk"):
        came = _from_website if deal.channel == website else _from_fair
        for at, channel, campaign, trace in came(cast, deal, run, rng):
            with dating.lived(at):
                touches.record(deal, by=None, channel=channel, campaign=campaign, trace=trace)


def _names(cast: Cast) -> tuple[str, ...]:
    return NAMES["ru" if cast.words.currency == "RUB" else "en"]


def _run(cast: Cast, plan: Plan, name: str) -> Campaign:
    by = cast.members[1]
    begun = (cast.now - timedelta(days=DAYS)).date()
    first = begun + timedelta(days=plan.first)
    last = None if plan.last is None else begun + timedelta(days=plan.last)
    with dating.lived(cast.now - timedelta(days=DAYS - plan.first)):
        campaign = campaigns.start(
            cast.workspace,
            name=name,
            code=plan.code,
            channel=plan.channel,
            starts_on=first,
            ends_on=last,
            by=by,
        )
    for start, end, share in _periods(first, last or cast.now.date(), plan):
        amount = Decimal(plan.cost) * PRICE_LEVEL.get(cast.words.currency, Decimal(1)) * share
        known = datetime.combine(end, datetime.min.time(), tzinfo=cast.workspace.zone)
        campaigns.add_cost(
            campaign,
            first=start,
            last=end,
            amount=amount.quantize(Decimal(1)),
            by=by,
            known=min(known + timedelta(days=2), cast.now),
        )
    return campaign


def _periods(first: date, last: date, plan: Plan) -> list[tuple[date, date, Decimal]]:
    """The days that each bill is for, and how much of the usual cost it is."""
    if not plan.is_monthly:
        return [(first, last, Decimal(1))]
    periods, start = [], first
    while start <= last:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        end = min(after - timedelta(days=1), last)
        # Advertising went up by a third within the year.
        grown = Decimal(1) + Decimal((start - first).days) / Decimal(1200)
        share = Decimal((end - start).days + 1) / Decimal((after - start.replace(day=1)).days)
        periods.append((start, end, (grown * share).quantize(Decimal("0.01"))))
        start = after
    return periods


Came = list[tuple[datetime, str, Campaign | None, Trace | None]]


def _from_website(cast: Cast, deal: Deal, run: list[Campaign], rng: random.Random) -> Came:
    """One to three visits: found by search or an advertisement, back by the newsletter or directly."""
    opened = deal.item.opened_at
    page = LANDING.format(slug=cast.words.slug, page=rng.choice(PAGES))
    kinds = rng.choices(
        (Channel.SEARCH, Channel.PAID, Channel.CONTENT, Channel.SOCIAL), weights=(5, 4, 2, 1)
    )
    kinds += rng.choices(
        (Channel.EMAIL, Channel.DIRECT, Channel.PAID), k=rng.choice((0, 0, 1, 1, 2))
    )
    gaps = sorted((rng.uniform(0.02, 25) for _kind in kinds[1:]), reverse=True)
    moments = [opened - timedelta(days=gap) for gap in (*gaps, 0)]
    earliest = cast.now - timedelta(days=DAYS)
    return [
        (max(at, earliest), kind, None, _trace(kind, page, run))
        for at, kind in zip(moments, kinds, strict=True)
    ]


def _trace(kind: str, page: str, run: list[Campaign]) -> Trace:
    search_ads, newsletter = run[0], run[1]
    if kind == Channel.PAID:
        utm = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": search_ads.code}
        return Trace(utm=utm, landing=page, referrer="www.google.com")
    if kind == Channel.EMAIL:
        utm = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": newsletter.code}
        return Trace(utm=utm, landing=page)
    referrers = {Channel.SEARCH: "www.google.com", Channel.SOCIAL: "www.linkedin.com"}
    return Trace(landing=page, referrer=referrers.get(Channel(kind), ""))


def _from_fair(cast: Cast, deal: Deal, run: list[Campaign], _rng: random.Random) -> Came:
    """By the fair that was last before the deal was opened; by an event of others before any."""
    zone, opened = cast.workspace.zone, deal.item.opened_at
    before = [fair for fair in run[2:] if fair.starts_on <= opened.astimezone(zone).date()]
    return [(opened, Channel.EVENT, before[-1] if before else None, None)]
