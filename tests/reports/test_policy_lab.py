"""The policy lab: the past of a workspace again, under every policy."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penstock.backlog import orders, priorities
from penstock.backlog.models import Order, QueueRule
from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import policy_lab
from penstock.reports.policy_lab import Lab
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


def _lived(workspace: Workspace, n: int = 12, *, hours: str | None = "8") -> None:
    """Orders that came two days apart and were promised in another order than they came."""
    for number in range(n):
        at = dating.now() - timedelta(days=90 - 2 * number)
        line = make.line("1", price=str(100 * (number % 3 + 1)), hours=hours)
        day = (at + timedelta(days=3 + 9 * (number % 2))).date()
        order = make.order(workspace, lines=[line], at=at, promised_on=day)
        orders.fulfil_all(order, by=None, at=at + timedelta(days=8))


def _lab(workspace: Workspace, *, bound_days: int = 5) -> Lab:
    today = dating.today(workspace)
    window = Window(today - timedelta(days=120), today, workspace.zone)
    return policy_lab.of(make.owner_of(workspace), window, bound_days=bound_days)


def test_same_orders_are_done_under_every_policy(workspace: Workspace) -> None:
    _lived(workspace)

    found = _lab(workspace)

    ends = {policy: sorted(one.end.tolist()) for policy, one in found.rows}
    assert found.n == 12
    assert {policy for policy, _one in found.rows} == set(QueueRule.Policy.values)
    # Equal jobs, one after the other: whoever goes first, somebody is done at the same moments.
    assert all(end == pytest.approx(ends["fcfs"]) for end in ends.values())
    assert found.actual is not None
    assert (found.actual.n_late, found.actual.n_due) == (6, 12)
    assert (found.measure, found.n_open, found.n_before, found.n_guessed) == ("hours", 0, 0, 0)


def test_first_come_waits_the_least_at_the_worst(workspace: Workspace) -> None:
    _lived(workspace)

    told = dict(_lab(workspace).rows)

    longest = {policy: one.wait_longest or 0.0 for policy, one in told.items()}
    assert longest["fcfs"] <= min(longest.values()) + 1e-9
    assert told["wspt"].cost <= min(one.cost for one in told.values()) + 1e-6


def test_bound_of_the_rule_lets_orders_age(workspace: Workspace) -> None:
    _lived(workspace)
    young = dict(_lab(workspace).rows)["wspt"]

    make.queue_rule(workspace, "wspt", bound_days=1)
    old = dict(_lab(workspace).rows)["wspt"]

    assert (old.wait_longest or 0) <= (young.wait_longest or 0)


def test_orders_without_hours_count_alike_or_as_the_middle(workspace: Workspace) -> None:
    _lived(workspace, hours=None)
    alike = _lab(workspace)

    _lived(workspace, 20)
    guessed = _lab(workspace)

    assert (alike.measure, alike.n_teams, alike.n_guessed, len(alike.rows)) == ("orders", 1, 0, 6)
    assert (guessed.measure, guessed.n, guessed.n_guessed) == ("hours", 32, 12)


def test_few_orders_tell_no_policy_from_another(workspace: Workspace) -> None:
    _lived(workspace, 9)

    found = _lab(workspace)

    assert (found.n, found.rows, found.actual) == (9, (), None)


def test_what_is_owed_still_or_was_owed_before_is_part_of_it_and_what_was_cancelled_is_not(
    workspace: Workspace,
) -> None:
    _lived(workspace)
    old = make.order(workspace, at=dating.now() - timedelta(days=200))
    gone = make.order(workspace, at=dating.now() - timedelta(days=20))
    orders.cancel_rest(gone, reason="customer", by=None)

    found = _lab(workspace)

    assert (found.n, found.n_before, found.n_open) == (13, 1, 1)
    assert old.item.is_open


def test_contribution_ranks_by_itself_but_costs_count_the_same(workspace: Workspace) -> None:
    _lived(workspace)
    for number, order in enumerate(Order.objects.order_by("pk")):
        priorities.say_costs(order, cost_of_delay=None, contribution=Decimal(1 + number), by=None)

    told = dict(_lab(workspace).rows)

    assert told["contribution"].start.tolist() != told["wspt"].start.tolist()
    assert told["contribution"].cost >= told["wspt"].cost - 1e-6


def test_several_at_once_each_at_their_part_of_the_pace(workspace: Workspace) -> None:
    team = make.team(workspace)
    for _number in range(3):
        make.place(workspace, at=team)
    _lived(workspace)

    found = _lab(workspace)

    assert found.n_teams == 3
    assert found.rows


def test_nothing_comes_of_nothing(workspace: Workspace) -> None:
    found = _lab(workspace)

    assert (found.n, found.pace, found.rows, found.actual) == (0, 0.0, (), None)
