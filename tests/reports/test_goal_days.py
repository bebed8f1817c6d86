"""Days of goals as they stand now say the same as the history of every deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from penstock.catalog.models import Product
from penstock.flow import dating
from penstock.reports import goal_days, log
from penstock.reports.goal_days import Days
from penstock.reports.goal_facts import Counted, Rows
from penstock.reports.moment import moment
from penstock.sales import activities, deals
from penstock.sales.models import Deal, Goal
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
DAYS = range(log.day_number(START.date()) - 1, log.day_number(START.date()) + 12)


@dataclass(frozen=True)
class Now:
    """A deal as it stands, at whom an act is aimed, and a number that makes acts differ."""

    deal: Deal
    to: Member
    number: int


#: What happens to a deal while it is open, while it is closed, or at any time.
WHILE_OPEN: dict[str, Callable[[Now], object]] = {
    "win": lambda one: deals.win(one.deal, by=None),
    "lose": lambda one: deals.lose(one.deal, reason=make.loss_reason(one.deal.workspace), by=None),
}
WHILE_CLOSED: dict[str, Callable[[Now], object]] = {
    "reopen": lambda one: deals.reopen(one.deal, by=None)
}
ALWAYS: dict[str, Callable[[Now], object]] = {
    "dearer": lambda one: deals.change(one.deal, amount=Decimal(100 + one.number), by=None),
    "foreign": lambda one: deals.change(one.deal, currency=CURRENCIES[one.number % 2], by=None),
    "channel": lambda one: deals.change(one.deal, channel="fair", by=None),
    "product": lambda one: deals.change(one.deal, product=Product.objects.first(), by=None),
    "give": lambda one: deals.assign(one.deal, owner=one.to, by=None),
    "call": lambda one: activities.log(one.deal.item, kind="call", by=one.to),
    "ask": lambda one: activities.plan(one.deal.item, kind="task", due=dating.now(), by=one.to),
}
ACTS = [*WHILE_OPEN, *WHILE_CLOSED, *ALWAYS]
#: One has a rate, the other has none.
CURRENCIES = ("USD", "GBP")


def live(one: Now, act: str) -> None:
    """Let one thing happen to a deal; what may not happen to it now does not."""
    may = ALWAYS | (WHILE_OPEN if one.deal.item.is_open else WHILE_CLOSED)
    is_priceless = act == "win" and one.deal.amount is None
    if act in may and not is_priceless:
        may[act](one)


def goals_of(workspace: Workspace, rep: Member) -> Iterator[Goal]:
    """A goal of every kind, for all whom it can be of."""
    people: list[dict[str, Any]] = [{}, {"owner": rep}, {"team": rep.team}]
    things: list[dict[str, Any]] = [{"channel": "fair"}, {"product": Product.objects.first()}]
    for metric, one in product(("won_amount", "won_deals", "new_leads"), people + things):
        yield make.goal(workspace, value="10", metric=metric, **one)
    for kind, one in product(("", "call"), people):
        yield make.goal(workspace, value="10", metric="activities", activity=kind, **one)


# Shrinking would take minutes: each example lives through a small company.
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ACTS)), min_size=8, max_size=30),
    st.booleans(),
)
def test_days_equal_the_history_of_every_deal(acts: list[tuple[int, str]], sees_own: bool) -> None:
    workspace = make.workspace(time_zone="Europe/Berlin")
    make.rate(workspace)
    make.product(workspace)
    Workspace.objects.filter(pk=workspace.pk).update(reps_see=Sees.OWN if sees_own else Sees.ALL)
    rep = make.member(workspace, name="Rita", role=Role.REP)
    Member.objects.filter(pk=rep.pk).update(team=make.team(workspace))
    members = [Member.objects.get(pk=rep.pk), make.owner_of(workspace)]
    with dating.lived(START):
        found = [
            make.deal(workspace, amount=None if n == 3 else "50", owner=members[n % 2])
            for n in range(4)
        ]

    for number, (which, act) in enumerate(acts):
        with dating.lived(START + timedelta(hours=7 * (number + 1))):
            fresh = Deal.objects.select_related("item__owner").get(pk=found[which].pk)
            live(Now(fresh, members[number % 2], number), act)

    asked = list(goals_of(workspace, members[0]))
    for member in Member.objects.filter(pk__in=[one.pk for one in members]):
        counted = Counted(member, moment(member.workspace), ["fair"])
        for goal in asked:
            slow, fast = counted.of(goal), goal_days.of(member, goal, since=START.date())
            assert [said(slow, day) for day in DAYS] == [said(fast, day) for day in DAYS]
            assert slow.begins == fast.begins


def said(rows: Days | Rows, day: int) -> tuple[object, ...]:
    """All that is asked of some days, of one."""
    _days, amounts = rows.between(day, day)
    return (
        rows.total(day, day),
        rows.n(day, day),
        rows.n_unknown(day, day),
        round(float(amounts.sum()), 4),
    )
