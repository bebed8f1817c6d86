"""What every door refuses, the table of deals refuses too: in a cell, and for several deals at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from penstock.flow.models import Item
from tests.doors import test_every_door as doors
from tests.doors.conftest import Try
from tests.doors.test_every_door import World
from tests.web.conftest import sign_in

pytestmark = pytest.mark.django_db
world = doors.world
#: A cell and an act on several deals can only move; and they show where the deal stands just now.
REFUSALS = (
    doors.gate,
    doors.gate_that_is_skipped,
    doors.full_stage,
    doors.lost_deal,
    doors.won_deal,
    doors.stage_of_another_pipeline,
    doors.retired_stage,
    doors.colleague_without_the_right,
    doors.viewer,
)


def in_a_cell(one: Try) -> HttpResponse:
    assert one.to is not None
    path = f"deals/{one.deal.item.key}/cells/stage"
    return sign_in(one.by).post(path, htmx=True, page="pipeline?view=list", value=one.to.pk)


def at_once(one: Try) -> HttpResponse:
    assert one.to is not None
    told = {"act": "move", "deal": one.deal.item.key, "value": one.to.pk}
    return sign_in(one.by).post("pipeline/edits", htmx=True, page="pipeline?view=list", **told)


TABLE = {"cell": in_a_cell, "at_once": at_once}


@pytest.mark.parametrize("act", TABLE)
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_table_refuses_alike_and_leaves_nothing(
    world: World, act: str, refusal: Callable[[World], Try]
) -> None:
    wanted = refusal(world)
    before = doors.everything(world)

    answer = TABLE[act](wanted)

    is_told = answer.status_code >= 400 or len(answer.context["rows"]) == 1
    assert is_told
    assert doors.everything(world) == before


@pytest.mark.parametrize("act", TABLE)
def test_table_moves_what_nothing_stops(world: World, act: str) -> None:
    to = world.stage("proposal")

    answer = TABLE[act](Try(deal=world.deal, by=world.owner, to=to))

    assert answer.status_code == 200
    assert Item.objects.get(pk=world.deal.pk).stage_id == to.pk


def test_several_at_once_say_that_something_is_missing(world: World) -> None:
    answer = at_once(doors.gate(world))

    (row,) = answer.context["rows"]
    assert "fill in what is missing" in row["reason"]
