"""The funnel through the real verbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import funnel
from penstock.reports.moment import moment
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def workspace(db: None) -> Workspace:
    """One deal that skips a stage and is won, one that is lost, one that goes back, one that stays."""
    workspace = make.workspace(time_zone="UTC")
    second, third, proposal = (
        make.stage(workspace, code) for code in ("qualification", "needs_assessment", "proposal")
    )
    with dating.lived(START):
        wins, dies, returns, _stays = (make.deal(workspace, title=name) for name in "abcd")
    with dating.lived(START + 2 * DAY):
        deals.move(wins, to=third, by=None)
        deals.move(dies, to=second, by=None)
        deals.move(returns, to=second, by=None)
    with dating.lived(START + 5 * DAY):
        deals.win(wins, by=None)
        deals.lose(dies, reason=make.loss_reason(workspace), by=None)
        deals.move(returns, to=make.stage(workspace, "lead_generation"), by=None)
    with dating.lived(START + 6 * DAY):
        deals.move(returns, to=proposal, by=None)
    return workspace


def _found(workspace: Workspace, *, on: int = 10) -> funnel.Funnel:
    day = (START + on * DAY).date()
    return funnel.funnel(
        make.owner_of(workspace),
        Window(START.date(), day, workspace.zone),
        moment=moment(workspace, on=day),
    )


def test_funnel_follows_those_that_entered(workspace: Workspace) -> None:
    found = _found(workspace)

    steps = {one.label: one.step for one in found.steps}
    first, second = steps["Lead generation"], steps["Prospecting and qualification"]
    assert [first.n_entered, first.n_advanced, first.n_lost, first.n_open] == [4, 3, 0, 1]
    assert [second.n_entered, second.n_advanced, second.n_lost, second.n_open] == [2, 1, 1, 0]
    assert (second.n_skipped, second.n_back) == (2, 1)
    assert steps["Needs assessment"].n_advanced == 1
    assert "Follow-up" not in steps


def test_funnel_on_a_day_knows_nothing_of_later(workspace: Workspace) -> None:
    found = _found(workspace, on=3)

    steps = {one.label: one.step for one in found.steps}
    assert [steps["Prospecting and qualification"].n_open, found.cycle.to_end.n_ended] == [2, 0]


def test_cycle_runs_from_opening_to_the_end(workspace: Workspace) -> None:
    cycle = _found(workspace).cycle

    assert (cycle.to_end.n, cycle.to_end.n_ended) == (4, 2)
    # Fewer than five were watched: nothing is claimed.
    assert cycle.to_win.median.days is None


def test_deals_are_those_behind_a_stage(workspace: Workspace) -> None:
    found = _found(workspace)

    for one in found.steps:
        counts = (None, one.step.n_entered), (1, one.step.n_advanced), (2, one.step.n_lost)
        for kind, n in (*counts, (0, one.step.n_open)):
            assert len(funnel.deals(found, stage_id=one.stage_id, kind=kind)) == n
    assert funnel.deals(found, stage_id=0, kind=None) == []
