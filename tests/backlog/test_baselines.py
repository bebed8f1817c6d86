"""Baselines: kept under a name, planned, removed and brought back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.backlog import access, baselines
from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


def test_plan_is_kept_as_one_week_without_days_of_its_own(workspace: Workspace) -> None:
    row = make.baseline(workspace, "Budget", demand=Decimal("12.5"))

    week = {"days": "5", "demand": "12.5", "capacity": "10", "cancelled": "0", "changed": "0"}
    assert row.weeks == [week]
    assert row.window is None


@pytest.mark.parametrize(
    ("name", "demand", "code"),
    [(" ", "1", "backlog.baseline_name"), ("Plan", "-1", "backlog.plan_below")],
)
def test_plan_needs_a_name_and_amounts(
    workspace: Workspace, name: str, demand: str, code: str
) -> None:
    with pytest.raises(RuleBroken) as told:
        make.baseline(workspace, name, demand=Decimal(demand))

    assert told.value.code == code


def test_baseline_of_no_weeks_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RuleBroken) as told:
        baselines.keep("None", measure="orders", weeks=[], window=None, by=make.owner_of(workspace))

    assert told.value.code == "backlog.baseline_empty"


def test_name_is_taken_once_for_each_measure_until_it_is_removed(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    first = make.baseline(workspace)
    make.baseline(workspace, measure="hours")
    with pytest.raises(Conflict):
        make.baseline(workspace)

    baselines.remove(first, by=owner)
    make.baseline(workspace)

    with pytest.raises(Conflict):
        baselines.restore(first, by=owner)


def test_removed_baseline_is_found_only_to_bring_it_back(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    row = baselines.remove(make.baseline(workspace), by=owner)
    with pytest.raises(NotFound):
        access.baseline_for(owner, row.pk)

    baselines.restore(access.baseline_for(owner, row.pk, to="restore"), by=owner)

    assert [one.pk for one in access.baselines_for(owner)] == [row.pk]
