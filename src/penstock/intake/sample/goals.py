"""The sample company's goals: a little more than what it won before, set ahead of each quarter, and once lowered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, QuerySet, Sum

from penstock.flow import dating
from penstock.intake.sample.company import DAYS, Cast
from penstock.sales import goals
from penstock.sales.goals import Target
from penstock.sales.models import Deal
from penstock.users.models import Role

#: Goals are set a fortnight before the quarter, and the last ones lowered by a tenth.
AHEAD_DAYS = 14
LOWERED = Decimal("0.9")
ROUND_TO = Decimal(1000)
#: So much of the past says what is usual, and so much more is asked for.
BACK_DAYS = 182
MORE = Decimal("1.08")
#: The most that a lead may cost.
LEAD_MAY_COST = Decimal(150)

Wanted = list[tuple[Target, Decimal | None]]


def set_all(cast: Cast) -> None:
    """Goals of the year, its quarters and months; of sellers, of a product and of a channel."""
    quarter = _quarter(cast.now.date())
    for first in (_quarter(quarter - timedelta(days=1)), quarter):
        _set(cast, _plan(cast, first), since=first - timedelta(days=AHEAD_DAYS))
    changed = quarter + timedelta(days=AHEAD_DAYS)
    if changed <= cast.now.date():
        value = _rounded(_amount(cast, before=quarter, days=91) * LOWERED)
        _set(cast, [(Target("won_amount", "quarter", quarter), value)], since=changed)


def _plan(cast: Cast, first: date) -> Wanted:
    months, year = [first, *(_month_after(first, n) for n in (1, 2))], first.replace(month=1)
    a_month = _rounded(_amount(cast, before=first, days=30))
    leads = _count(_since(cast, "opened_at", before=first, days=BACK_DAYS), BACK_DAYS, days=30)
    return [
        (Target("won_amount", "year", year), _rounded(_amount(cast, before=year, days=365))),
        (Target("won_amount", "quarter", first), _rounded(_amount(cast, before=first, days=91))),
        *((Target("won_amount", "month", one), a_month) for one in months),
        *((Target("new_leads", "month", one), leads) for one in months),
        (Target("cost_per_lead", "quarter", first), LEAD_MAY_COST),
        (Target("cost_per_lead", "quarter", first, channel="paid"), LEAD_MAY_COST * 2),
        *_of_sellers(cast, first),
        *_of_parts(cast, first),
    ]


def _of_sellers(cast: Cast, first: date) -> Iterable[tuple[Target, Decimal]]:
    """What each seller is to win in a quarter, by what each won before, and what they do about it."""
    won = _won(cast, before=first)
    total = _amount(cast, before=first, days=91)
    for seller in cast.members:
        mine = won.filter(item__owner=seller)
        if seller.role == Role.REP and seller.is_active and mine.exists():
            share = Decimal(mine.count()) / won.count()
            yield Target("won_amount", "quarter", first, owner=seller), _rounded(total * share)
            yield Target("won_deals", "quarter", first, owner=seller), _count(mine, days=91)


def _of_parts(cast: Cast, first: date) -> Iterable[tuple[Target, Decimal]]:
    """The product and the channel that brought most deals are to bring them again."""
    won = _won(cast, before=first)
    by_product = won.exclude(product=None).order_by("product")
    by_channel = won.exclude(channel="").order_by("channel")
    for name, rows in (("product", by_product), ("channel", by_channel)):
        counted = rows.values(name).annotate(n=Count("pk")).order_by("-n", name).first()
        if counted is not None:
            best = rows.filter(**{name: counted[name]})
            part = best.select_related("product").first()
            assert part is not None, "it was counted"
            target = Target("won_deals", "quarter", first, **{name: getattr(part, name)})
            yield target, _count(best, days=91)


def _amount(cast: Cast, *, before: date, days: int) -> Decimal:
    """What is to be won in some days: what was won before, with deals in other currencies as usual ones."""
    said = _won(cast, before=before).aggregate(
        own=Sum("amount", filter=Q(currency=cast.words.currency)),
        n_own=Count("amount", filter=Q(currency=cast.words.currency)),
        n=Count("amount"),
    )
    if not said["n_own"]:
        return ROUND_TO
    each: Decimal = said["own"] / said["n_own"]
    whole: Decimal = each * said["n"] * days * MORE
    return whole / _days_back(cast, before=before)


def _count(rows: QuerySet[Deal], back: int = BACK_DAYS, *, days: int) -> Decimal:
    """How many are to come in some days, if so many came before."""
    n: Decimal = max(Decimal(rows.count() * days) * MORE / back, Decimal(1))
    return n.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _won(cast: Cast, *, before: date) -> QuerySet[Deal]:
    rows = _since(cast, "decided_at", before=before, days=_days_back(cast, before=before))
    return rows.filter(item__outcome="won")


def _since(cast: Cast, name: str, *, before: date, days: int) -> QuerySet[Deal]:
    first = before - timedelta(days=days)
    days_of = {f"item__{name}__date__gte": first, f"item__{name}__date__lt": before}
    return Deal.objects.filter(workspace=cast.workspace, **days_of)


def _days_back(cast: Cast, *, before: date) -> int:
    """How far the past goes back; the company's first weeks saw no wins yet."""
    begins = cast.now.date() - timedelta(days=DAYS)
    return min(BACK_DAYS, max((before - begins).days, 1))


def _set(cast: Cast, wanted: Wanted, *, since: date) -> None:
    at = cast.now - timedelta(days=(cast.now.date() - since).days)
    with dating.lived(at):
        goals.set_many(cast.workspace, wanted, by=cast.members[0], valid_from=since)


def _rounded(amount: Decimal) -> Decimal:
    return max((amount / ROUND_TO).quantize(Decimal(1)), Decimal(1)) * ROUND_TO


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _month_after(first: date, n: int) -> date:
    return first.replace(month=first.month + n)
