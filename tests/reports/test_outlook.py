"""Pipeline against backlog, and what is wrong with the data."""

from decimal import Decimal

import pytest

from penstock.flow.models import Finding
from penstock.reports import outlook, quality
from penstock.sales import deals
from tests import make
from tests.reports.days import day, noon

pytestmark = pytest.mark.django_db


def test_won_deal_leaves_the_pipeline_and_enters_the_backlog() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="100", at=noon(1))
    deals.win(deal, by=None, at=noon(9))
    me = make.owner_of(workspace)

    before, after = outlook.on_day(me, on=day(8)), outlook.on_day(me, on=day(9))

    assert _figures(before) == ({"EUR": 100}, {})
    assert _figures(after) == ({}, {"EUR": 100})
    assert (after.pipeline.weeks[-1].n_out, after.backlog.weeks[-1].n_in) == (1, 1)


def test_sides_are_measured_alike() -> None:
    workspace = make.workspace()

    found = outlook.on_day(make.owner_of(workspace))

    codes = [measure.code for measure in found.pipeline.measures]
    assert codes == ["count", "value", "expected", "age", "inflow", "outflow"]
    assert codes == [measure.code for measure in found.backlog.measures]
    assert all(
        measure.definition for measure in (*found.pipeline.measures, *found.backlog.measures)
    )
    assert (len(found.pipeline.weeks), found.window.n_days) == (13, 91)


def test_pace_is_the_mean_of_thirteen_weeks() -> None:
    workspace = make.workspace()
    for at in (1, 20, 91):
        make.deal(workspace, at=noon(at))

    found = outlook.on_day(make.owner_of(workspace), on=day(92)).pipeline

    assert found.measures[4].number == Decimal(2) / 13
    assert [week.n_in for week in found.weeks if week.n_in] == [1, 1]


def test_findings_are_counted_by_kind_with_examples() -> None:
    workspace = make.workspace()
    order, deal = make.order(workspace), make.deal(workspace)
    for item, code in ((order.item, "no_acceptance"), (order.item, "no_acceptance"), (None, "odd")):
        Finding.objects.create(workspace=workspace, item=item, code=code)
    Finding.objects.create(workspace=workspace, item=deal.item, code="odd", withdrawn_at=noon(1))

    found = quality.findings(make.owner_of(workspace), n_examples=1)

    assert [(one.code, one.n) for one in found] == [("no_acceptance", 2), ("odd", 1)]
    assert found[0].label == "Fulfilled without any acceptance"
    assert found[0].examples == (quality.Example(key=order.item.key, title="Wheels"),)
    assert found[1].examples == (quality.Example(key="", title=""),)


def test_findings_about_hidden_deals_are_hidden() -> None:
    workspace = make.workspace()
    workspace.reps_see = "own"
    workspace.save()
    bob, eve = make.member(workspace), make.member(workspace, name="Eve")
    for owner in (bob, eve):
        Finding.objects.create(
            workspace=workspace, item=make.deal(workspace, owner=owner).item, code="amount_differs"
        )

    assert [one.n for one in quality.findings(bob)] == [1]
    assert [one.n for one in quality.findings(make.owner_of(workspace))] == [2]


def _figures(found: outlook.Outlook) -> tuple[object, object]:
    return found.pipeline.measures[1].money, found.backlog.measures[1].money
