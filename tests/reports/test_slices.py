"""A slice comes out of an address, and cuts every figure alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.base.errors import RuleBroken
from penstock.flow.dating import today
from penstock.reports import pipeline, slices
from penstock.sales import deals
from penstock.users.models import Member, Workspace
from tests import make


@pytest.fixture
def workspace(db: None) -> Workspace:
    """One deal that is in every slice asked for, and one that is in none."""
    workspace = make.workspace()
    mate = make.member(workspace)
    Member.objects.filter(pk=mate.pk).update(team=make.team(workspace))
    client = make.company(workspace, "Acme", segment="Large")
    before = timezone.now() - timedelta(days=5)
    deal = make.deal(workspace, owner=mate, company=client, amount="700", at=before)
    deals.change(deal, by=None, at=before, channel="event", product=make.product(workspace))
    make.deal(workspace, title="Another", amount="50", at=before)
    return workspace


def _values(workspace: Workspace) -> dict[str, Any]:
    deal = deals.Deal.objects.select_related("item__owner__team").get(channel="event")
    assert deal.item.owner is not None
    return {
        "team": deal.item.owner.team_id,
        "owner": deal.item.owner_id,
        "channel": "event",
        "product": deal.product_id,
        "segment": "Large",
        "pipeline": deal.item.pipeline_id,
    }


@pytest.mark.parametrize("name", ["team", "owner", "channel", "product", "segment"])
@pytest.mark.parametrize("days", [0, 1])
def test_asked_cuts_to_one_deal_now_and_on_a_day(
    workspace: Workspace, name: str, days: int
) -> None:
    member = make.owner_of(workspace)
    query = {name: str(_values(workspace)[name]), "window": "90"}

    only = slices.asked(member, query)
    day = today(workspace) - timedelta(days=days)
    found = pipeline.on_day(member, on=day, only=only)

    assert only.asked == {name: query[name]}
    assert found.total.sums == {"EUR": 700}


def test_asked_takes_all_dimensions_at_once(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    query = {name: str(value) for name, value in _values(workspace).items()}

    only = slices.asked(member, query)

    assert only.asked == query
    assert pipeline.on_day(member, only=only).total.n == 1


@pytest.mark.parametrize("text", ["0", "x", "9" * 30, "-1", "１"])
@pytest.mark.parametrize("name", list(slices.CHOICES))
def test_asked_refuses_what_is_not_there(workspace: Workspace, name: str, text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        slices.asked(make.owner_of(workspace), {name: text})

    assert refused.value.code == "reports.slice"
    assert list(refused.value.needs) == [name]


def test_asked_refuses_what_belongs_to_another_workspace(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    other = make.workspace()
    elsewhere = {"owner": make.owner_of(other).pk, "pipeline": make.pipeline(other).pk}

    for name, pk in elsewhere.items():
        with pytest.raises(RuleBroken):
            slices.asked(member, {name: str(pk)})
