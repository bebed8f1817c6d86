"""The sample company's goals: set for each quarter and year, and once changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from penstock.flow import dating
from penstock.intake.sample.company import Cast
from penstock.sales import goals
from penstock.sales.goals import Target
from penstock.sales.models import Deal
from penstock.users.models import Role

#: Goals are set a fortnight before the quarter, and the last ones lowered by a tenth.
AHEAD_DAYS = 14
ROUND_TO = Decimal(1000)
QUARTER_OF_LEADS = 12
#: The most that a lead may cost.
LEAD_MAY_COST = Decimal(150)


def set_all(cast: Cast) -> None:
    """Goals of the year, its quarters and months, of teams and of sellers."""
    own = cast.words.currency
    won = Deal.objects.filter(workspace=cast.workspace, item__outcome="won", currency=own)
    total = won.aggregate(total=Sum("amount"))["total"] or Decimal(ROUND_TO)
    a_month = _rounded(total / 12)
    quarter = _quarter(cast.now.date())
    for first in (_quarter(quarter - timedelta(days=1)), quarter):
        _set(cast, _plan(cast, first, a_month=a_month), since=first - timedelta(days=AHEAD_DAYS))
    if quarter + timedelta(days=AHEAD_DAYS) > cast.now.date():
        return
    _set(
        cast,
        [(Target("won_amount", "quarter", quarter), _rounded(a_month * 3 * Decimal("0.9")))],
        since=quarter + timedelta(days=AHEAD_DAYS),
    )


def _plan(cast: Cast, first: date, *, a_month: Decimal) -> list[tuple[Target, Decimal | None]]:
    months = [first, *(_month_after(first, n) for n in (1, 2))]
    wanted: list[tuple[Target, Decimal | None]] = [
        (Target("won_amount", "year", first.replace(month=1)), a_month * 12),
        (Target("won_amount", "quarter", first), a_month * 3),
        *((Target("won_amount", "month", one), a_month) for one in months),
        *((Target("new_leads", "month", one), Decimal(QUARTER_OF_LEADS)) for one in months),
        (Target("cost_per_lead", "quarter", first), LEAD_MAY_COST),
        (Target("cost_per_lead", "quarter", first, channel="paid"), LEAD_MAY_COST * 2),
    ]
    sellers = [one for one in cast.members if one.role == Role.REP and one.is_active]
    for seller in sellers:
        share = _rounded(a_month * 3 / len(sellers))
        wanted.append((Target("won_amount", "quarter", first, owner=seller), share))
        wanted.append((Target("won_deals", "quarter", first, owner=seller), Decimal(6)))
    return wanted


def _set(cast: Cast, wanted: list[tuple[Target, Decimal | None]], *, since: date) -> None:
    at = cast.now - timedelta(days=(cast.now.date() - since).days)
    with dating.lived(at):
        goals.set_many(cast.workspace, wanted, by=cast.members[0], valid_from=since)


def _rounded(amount: Decimal) -> Decimal:
    return max((amount / ROUND_TO).quantize(Decimal(1)), Decimal(1)) * ROUND_TO


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _month_after(first: date, n: int) -> date:
    return first.replace(month=first.month + n)
