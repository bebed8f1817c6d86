"""What the backlog comes to: drawn from what was, changed by levers, in an order of work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penstock.backlog import orders
from penstock.flow import dating
from penstock.reports import impact_ahead, impact_queue
from penstock.reports.impact_ahead import AS_IS, Levers, Wanted
from penstock.reports.moment import moment
from penstock.users.models import Workspace
from tests import make
from tests.reports import weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


def _ahead(workspace: Workspace, *scenarios: Levers, **wanted: object) -> impact_ahead.Ahead:
    owner = make.owner_of(workspace)
    usual = {"n_weeks": 4, **wanted}
    return impact_ahead.ahead(owner, moment(workspace), [AS_IS, *scenarios], Wanted(**usual))


def test_weeks_that_were_all_alike_go_on_alike(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 10)

    found = _ahead(workspace)

    assert found.opening == 10
    assert found.draws.method == "bayes"
    assert found.outcomes[0].line == (11, 12, 13, 14)
    assert [edge[-1] for edge in found.outcomes[0].fan] == [14] * 5


def test_levers_change_the_walk_and_nothing_else(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 10)

    found = _ahead(
        workspace,
        Levers(demand=-100, crew=5, crew_from=2, crew_ramp=1, crew_cost=100),
        Levers(stop_lost=50, stop_first=2, stop_last=2),
        Levers(out=4, held=6, until=3),
        Levers(overtime=50, overtime_cost=10),
    )

    ends = [one.line for one in found.outcomes]
    assert ends[1] == (8, 3.5, 0, 0)
    assert ends[2] == (11, 13, 14, 15)
    assert ends[3] == (1, 2, 9, 10)
    assert ends[4] == (10, 10, 10, 10)
    assert (found.outcomes[1].cost, found.outcomes[4].cost) == (300, 40)


def test_too_short_a_history_is_called_an_assumption(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 3)

    found = _ahead(workspace)

    assert found.draws.method == "assumed"
    assert "is_assumption" in found.draws.warnings
    assert found.draws.n_history == 3


def test_without_any_history_nothing_is_made_up(workspace: Workspace) -> None:
    found = _ahead(workspace, threshold=1)

    assert found.window is None
    assert found.outcomes[0].line == (0, 0, 0, 0)
    assert found.outcomes[0].passes == 0


def test_past_day_answers_as_of_it_and_says_nothing_of_promises(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 10)
    owner, day = make.owner_of(workspace), dating.today(workspace) - timedelta(days=14)

    found = impact_ahead.ahead(owner, moment(workspace, on=day), [AS_IS], Wanted(n_weeks=2))

    assert found.opening == 8
    assert found.overdue is None
    assert found.outcomes[0].overdue == (0, 0)


def _promised(workspace: Workspace, days: int, *, price: str, hours: str) -> None:
    order = make.order(workspace, lines=[make.line("1", price=price, hours=hours)])
    day = dating.today(workspace) + timedelta(days=days)
    orders.change_dates(order, by=None, promised_on=day)


def test_queue_stands_in_the_order_of_the_policy(workspace: Workspace) -> None:
    on = dating.today(workspace)
    _promised(workspace, 20, price="10", hours="1")
    _promised(workspace, -3, price="10", hours="5")
    _promised(workspace, 7, price="90", hours="10")
    owner = make.owner_of(workspace)

    found = {
        policy: impact_queue.of(
            owner, policy=policy, measure="hours", on=on, last=on + timedelta(days=14)
        )
        for policy in impact_queue.ORDER
    }

    # The order without a promise in sight is worked on in its turn, but never told as late.
    assert found["edd"].ends.tolist() == [5, 15]
    assert found["edd"].due.tolist() == [-1, 0]
    assert found["fcfs"].ends.tolist() == [6, 16]
    assert found["wspt"].ends.tolist() == [11, 16]
    assert found["wspt"].due.tolist() == [0, -1]


def test_all_that_is_overdue_can_be_called_off_at_once(workspace: Workspace) -> None:
    weeks.lived(workspace, [(1, 0)] * 9)
    _promised(workspace, -1, price="10", hours="5")

    found = _ahead(workspace, Levers(out_of="overdue"))

    assert (found.opening, found.overdue) == (10, 1)
    assert found.outcomes[1].line[0] == found.outcomes[0].line[0] - 1


def test_money_without_a_rate_is_named_and_in_no_figure(workspace: Workspace) -> None:
    make.order(workspace, currency="CHF")
    make.order(workspace)

    found = _ahead(workspace, measure="value")

    assert Decimal(found.opening) == 50
    assert found.missing == ("CHF",)
