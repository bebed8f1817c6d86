"""Why the backlog changed: the textbook cases, causes inside capacity, measures and baselines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from penstock.backlog import baselines, orders
from penstock.flow import dating
from penstock.reports import impact, impact_weeks
from penstock.reports.impact import Asked, Impact
from penstock.users.models import Team, Workspace
from tests import make
from tests.reports import weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


def _of(workspace: Workspace, **asked: object) -> Impact:
    usual = {"on": dating.today(workspace), "n_weeks": 4, **asked}
    return impact.of(make.owner_of(workspace), Asked(**usual))


def _told(found: Impact) -> dict[str, float]:
    return {code: float(share) for code, share in found.shares.items() if share}


def test_more_demand_is_all_of_it_demand(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(5, 3)] * 4, opening=2)

    found = _of(workspace)

    assert (found.before, found.closing, found.change) == (2, 10, 8)
    assert _told(found) == {"demand": 8.0}


def test_less_capacity_is_all_of_it_capacity(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(3, 1)] * 4, opening=2)

    found = _of(workspace)

    assert found.change == 8
    assert _told(found) == {"capacity": 8.0}
    assert found.inside == {}


def test_what_the_baseline_does_by_itself_is_its_pace(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 4 + [(3, 2)] * 4, opening=2)

    grown, level = _of(workspace), _of(workspace, question="level")

    assert _told(grown) == {"pace": 4.0}
    assert _told(level) == {"opening": 4.0}
    assert (grown.change, level.change) == (4, 4)


def test_parts_sum_to_the_change_whatever_happened(workspace: Workspace) -> None:
    weeks.lived(workspace, [(2, 1), (0, 0), (4, 3), (1, 2), (3, 1), (5, 2), (0, 3), (2, 1)])
    order = make.order(workspace, at=dating.now() - timedelta(days=12))
    orders.cancel_rest(order, reason="", by=None, at=dating.now() - timedelta(days=8))

    for measure in impact_weeks.MEASURES:
        for against in impact.BASELINES:
            for question in ("growth", "level"):
                found = _of(workspace, measure=measure, against=against, question=question)
                assert sum(found.shares.values()) == Fraction(found.change)


def test_value_and_hours_tie_to_orders_of_one_size(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(5, 2)] * 4, opening=2)

    found = {measure: _of(workspace, measure=measure) for measure in impact_weeks.MEASURES}

    # Each order is worth 50 and takes 20 hours.
    assert {measure: int(one.change) for measure, one in found.items()} == {
        "orders": 12,
        "value": 600,
        "hours": 240,
    }
    assert _told(found["value"]) == {
        code: share * 50 for code, share in _told(found["orders"]).items()
    }
    assert found["value"].currency == workspace.currency


def _crew(workspace: Workspace) -> Team:
    """A team of one that has worked all along."""
    first = dating.today(workspace) - timedelta(days=400)
    team = make.team(workspace)
    make.place(workspace, at=team, from_on=first)
    return team


def test_recorded_disruption_is_told_with_its_weeks_and_the_rest_is_unexplained(
    workspace: Workspace,
) -> None:
    weeks.lived(workspace, [(4, 4)] * 4 + [(4, 4), (4, 1), (4, 1), (4, 3)], opening=6)
    start = weeks.began(workspace, weeks=8, week=5)
    make.disruption(
        workspace,
        at=_crew(workspace),
        started_at=start,
        ended_at=start + timedelta(days=14),
        lost_share=1,
    )

    found = _of(workspace)

    assert found.shares["capacity"] == 7
    assert sum(found.inside.values()) == 7
    assert found.inside["production"] > 4
    assert found.inside["unexplained"] != 0
    assert [bool(hours) for hours in found.lost["production"]] == [False, True, True, False]


def test_disruption_where_there_was_room_has_nothing(workspace: Workspace) -> None:
    weeks.lived(workspace, [(2, 2)] * 8)
    start = weeks.began(workspace, weeks=8, week=5)
    make.disruption(
        workspace,
        at=_crew(workspace),
        started_at=start,
        ended_at=start + timedelta(days=2),
    )

    found = _of(workspace)

    assert found.change == 0
    assert found.n_without_rest == 8
    assert {code: share for code, share in found.inside.items() if share} == {}


def test_plan_is_compared_with_per_working_day(workspace: Workspace) -> None:
    weeks.lived(workspace, [(5, 3)] * 4, opening=10)
    plan = make.baseline(workspace, demand=Decimal(3), capacity=Decimal(3))

    found = _of(workspace, kept=plan)

    assert found.baseline is None
    assert _told(found) == {"demand": 8.0}


def test_weeks_are_kept_as_they_are_known(workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4, opening=2)
    owner = make.owner_of(workspace)
    asked = Asked(on=dating.today(workspace), n_weeks=4)
    window = impact.window_of(owner, asked)
    row = baselines.keep(
        "Spring", measure="orders", weeks=impact.course_now(owner, asked), window=window, by=owner
    )
    make.order(workspace, at=dating.now() - timedelta(days=1))

    found = _of(workspace, kept=row)

    assert found.baseline == window
    assert _told(found) == {"demand": 1.0}


def test_as_known_before_an_order_was_entered_it_is_not_there(workspace: Workspace) -> None:
    weeks.lived(workspace, [(1, 0)] * 4)
    yesterday = dating.today(workspace) - timedelta(days=1)

    assert _of(workspace).closing == 4
    assert _of(workspace, known=yesterday).closing == 0


def test_nothing_comes_of_nothing(workspace: Workspace) -> None:
    found = _of(workspace)

    assert found.change == 0
    assert _told(found) == {}
