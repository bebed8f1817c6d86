"""One contract: what is refused at one door is refused at every door, for the same reason, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from penstock.contacts.models import Company, Person
from penstock.flow import outcomes, pipelines
from penstock.flow.dating import lived
from penstock.flow.models import FieldChange, Item, Kind, Outcome, Override, Stage, Transition
from penstock.sales import claims, deals
from penstock.sales.claims import Said
from penstock.sales.models import Activity, Claim, Deal
from penstock.users.models import Member, Role, Workspace
from tests import make
from tests.doors.conftest import DOORS, Try

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class World:
    """A workspace, its owner, and a deal of theirs in Needs assessment."""

    workspace: Workspace
    owner: Member
    deal: Deal

    def stage(self, code: str) -> Stage:
        return make.stage(self.workspace, code)

    def gate(self, code: str, *needs: str) -> None:
        Stage.objects.filter(pk=self.stage(code).pk).update(needs=list(needs))


def days_ago(n: int) -> datetime:
    """A moment in the past, for files tell time by the second."""
    return timezone.now() - timedelta(days=n)


@pytest.fixture
def world(db: None) -> World:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    stage = make.stage(workspace, "needs_assessment")
    with lived(days_ago(2)):
        deal = make.deal(workspace, stage=stage, owner=owner)
    return World(workspace, owner, deal)


def gate(world: World) -> Try:
    world.gate("needs_assessment", "need", "decider")
    return Try(deal=world.deal, by=world.owner, to=world.stage("first_contact"))


def gate_that_is_skipped(world: World) -> Try:
    world.gate("first_contact", "close_on")
    return Try(deal=world.deal, by=world.owner, to=world.stage("negotiation"))


def gate_on_the_way_to_a_win(world: World) -> Try:
    world.gate("negotiation", "budget_confirmed")
    return Try(deal=world.deal, by=world.owner)


def full_stage(world: World) -> Try:
    to = world.stage("proposal")
    Stage.objects.filter(pk=to.pk).update(wip_limit=1)
    make.deal(world.workspace, stage=to)
    return Try(deal=world.deal, by=world.owner, to=to)


def lost_deal(world: World) -> Try:
    with lived(days_ago(1)):
        deals.lose(world.deal, reason=make.loss_reason(world.workspace), by=None)
    return Try(deal=world.deal, by=world.owner, to=world.stage("proposal"))


def won_deal(world: World) -> Try:
    with lived(days_ago(1)):
        deals.win(world.deal, by=None)
    return Try(deal=world.deal, by=world.owner, to=world.stage("proposal"))


def stage_of_another_pipeline(world: World) -> Try:
    other = pipelines.create(
        world.workspace, kind=Kind.DEAL, name="Partners", stages=["Hello", "Talks"]
    )
    to = other.stages.get(code="talks")
    options = {"pipeline": str(other.pk)}
    return Try(deal=world.deal, by=world.owner, to=to, options=options)


def moved_meanwhile(world: World) -> Try:
    seen = world.stage("qualification")
    return Try(deal=world.deal, by=world.owner, to=world.stage("proposal"), seen=seen)


def retired_stage(world: World) -> Try:
    to = world.stage("first_contact")
    pipelines.retire_stage(to, by=None)
    return Try(deal=world.deal, by=world.owner, to=to)


def colleague_without_the_right(world: World) -> Try:
    rep = make.member(world.workspace, role=Role.REP)
    return Try(deal=world.deal, by=rep, to=world.stage("proposal"))


def viewer(world: World) -> Try:
    looking = make.member(world.workspace, role=Role.VIEWER)
    return Try(deal=world.deal, by=looking, to=world.stage("proposal"))


def override_without_the_right(world: World) -> Try:
    rep = make.member(world.workspace, role=Role.REP)
    deals.assign(world.deal, owner=rep, by=None)
    world.gate("needs_assessment", "need")
    to = world.stage("first_contact")
    return Try(deal=world.deal, by=rep, to=to, despite="In a hurry.")


#: Each refusal and its code; files are read by who may import, and what they call a stage is looked up by name.
REFUSALS: dict[Callable[[World], Try], str] = {
    gate: "flow.gate",
    gate_that_is_skipped: "flow.gate",
    gate_on_the_way_to_a_win: "flow.gate",
    full_stage: "flow.wip_limit",
    lost_deal: "flow.closed",
    won_deal: "flow.closed",
    stage_of_another_pipeline: "flow.stage_elsewhere",
    moved_meanwhile: "flow.moved_meanwhile",
    retired_stage: "flow.no_such_stage",
    colleague_without_the_right: "sales.read_only",
    viewer: "sales.read_only",
    override_without_the_right: "flow.no_override",
}
OF_FILES = {
    "flow.no_such_stage": "unknown_stage",
    "sales.read_only": "intake.not_allowed",
    "flow.no_override": "intake.not_allowed",
}


def everything(world: World) -> tuple[object, ...]:
    """All that a door could have written halfway."""
    kinds = (Transition, Outcome, Override, FieldChange, Claim, Activity, Person, Company)
    item = Item.objects.get(pk=world.deal.pk)
    return (item.stage_id, item.outcome, *(kind.objects.count() for kind in kinds))


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_door_refuses_alike_and_leaves_nothing(
    world: World, door: str, refusal: Callable[[World], Try]
) -> None:
    wanted = refusal(world)
    before = everything(world)

    code = DOORS[door](wanted)

    expected = REFUSALS[refusal]
    assert code == (OF_FILES.get(expected, expected) if door == "import" else expected)
    assert everything(world) == before


def test_every_door_lets_through_what_is_known(world: World, door: str) -> None:
    world.gate("needs_assessment", "need", "decider")
    olga = make.person(world.workspace, "Olga")
    claims.state(world.deal, said=Said(topic="need", text="A new line"), by=None)
    deals.add_person(world.deal, person=olga, part="decides", by=None)
    to = world.stage("proposal")

    code = DOORS[door](Try(deal=world.deal, by=world.owner, to=to, seen=world.deal.item.stage))

    assert (code, Item.objects.get(pk=world.deal.pk).stage_id) == ("", to.pk)


@pytest.mark.parametrize("is_won", [False, True])
def test_every_door_passes_a_gate_with_a_reason_that_is_kept(
    world: World, door: str, is_won: bool
) -> None:
    world.gate("needs_assessment", "need", "decider")
    to = None if is_won else world.stage("proposal")

    code = DOORS[door](Try(deal=world.deal, by=world.owner, to=to, despite="Signed on paper."))

    kept = Override.objects.get()
    assert (code, kept.needs, kept.wording.text, kept.by) == (
        "",
        ["need", "decider"],
        "Signed on paper.",
        world.owner,
    )
    assert Item.objects.get(pk=world.deal.pk).outcome == ("won" if is_won else "")


def test_every_door_moves_back_without_being_asked(world: World, door: str) -> None:
    world.gate("needs_assessment", "need")
    to = world.stage("qualification")

    assert DOORS[door](Try(deal=world.deal, by=world.owner, to=to)) == ""
    assert Item.objects.get(pk=world.deal.pk).stage_id == to.pk


def test_a_parked_deal_takes_no_place_at_any_door(world: World, door: str) -> None:
    to = world.stage("proposal")
    Stage.objects.filter(pk=to.pk).update(wip_limit=1)
    waiting = make.deal(world.workspace, stage=to)
    outcomes.park(waiting.item, until=make.tomorrow(world.workspace), by=None)

    assert DOORS[door](Try(deal=world.deal, by=world.owner, to=to)) == ""


def test_every_door_plays_the_stage_that_a_deal_enters(world: World, door: str) -> None:
    to = world.stage("proposal")
    make.playbook_task(world.workspace, stage=to, title="Ask what they think", days=0)
    make.playbook_task(world.workspace, stage=world.stage("negotiation"), title="Agree")

    code = DOORS[door](Try(deal=world.deal, by=world.owner, to=to))

    found = Activity.objects.values_list("item_id", "subject", "source", "owner_id")
    assert (code, list(found)) == (
        "",
        [(world.deal.pk, "Ask what they think", "playbook", world.owner.pk)],
    )
