"""Gates that are passed without their answers, for a reason."""

from __future__ import annotations

import pytest

from penstock.base.errors import RuleBroken
from penstock.contacts import people
from penstock.flow import bulk, moves, timeline
from penstock.flow.models import Override, OverrideWording, Stage
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    workspace = make.workspace()
    for code, needs in {"qualification": ["need"], "needs_assessment": ["close_on"]}.items():
        Stage.objects.filter(pk=make.stage(workspace, code).pk).update(needs=needs)
    return workspace


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace, stage=make.stage(workspace, "qualification"))


def told(deal: Deal) -> list[tuple[type, bool]]:
    return [(type(event.row), event.is_corrected) for event in timeline.of(deal.item)]


def test_it_keeps_all_that_was_missing_on_the_way_and_why(workspace: Workspace, deal: Deal) -> None:
    owner = make.owner_of(workspace)

    row = deals.move(deal, to=make.stage(workspace), by=owner, despite="  He shook hands on it.  ")

    override = Override.objects.get()
    assert (override.transition, override.needs, override.by) == (row, ["need", "close_on"], owner)
    assert override.wording.text == "He shook hands on it."
    assert (Override, False) in told(deal)


@pytest.mark.parametrize("despite", ["", "   "])
def test_without_a_reason_nothing_passes(workspace: Workspace, deal: Deal, despite: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        deals.move(deal, to=make.stage(workspace), by=None, despite=despite)

    assert (refused.value.code, refused.value.needs) == ("flow.gate", ("need", "close_on"))
    assert not Override.objects.exists()


def test_a_reason_where_nothing_is_missing_is_no_override(workspace: Workspace) -> None:
    deal = make.deal(workspace, stage=make.stage(workspace, "lead_generation"))

    deals.move(deal, to=make.stage(workspace, "qualification"), by=None, despite="To be sure.")

    assert not Override.objects.exists()


def test_a_win_passes_its_gates_but_never_without_an_amount(workspace: Workspace) -> None:
    stage = make.stage(workspace, "qualification")
    deal, silent = make.deal(workspace, stage=stage), make.deal(workspace, stage=stage, amount=None)

    deals.win(deal, by=None, despite="Signed on paper.")
    with pytest.raises(RuleBroken) as refused:
        deals.win(silent, by=None, despite="Signed on paper.")

    assert Override.objects.get().item_id == deal.pk
    assert refused.value.code == "sales.amount_missing"


def test_it_goes_with_the_move_that_is_taken_back(workspace: Workspace, deal: Deal) -> None:
    row = deals.move(deal, to=make.stage(workspace), by=None, despite="Known to all.")

    moves.take_back(row, by=None)

    assert (Override, True) in told(deal)
    assert (Override, False) not in told(deal)


def test_it_stays_with_the_move_that_is_corrected(workspace: Workspace, deal: Deal) -> None:
    row = deals.move(deal, to=make.stage(workspace), by=None, despite="Known to all.")

    moves.correct(row, to=make.stage(workspace, "negotiation"), by=None)

    fresh = Override.objects.get(superseded_by=None, is_void=False)
    assert (fresh.transition.stage.code, fresh.wording.text) == ("negotiation", "Known to all.")


def test_its_reason_is_erased_with_whom_it_names(workspace: Workspace, deal: Deal) -> None:
    olga = make.person(workspace, "Olga Petrova")
    deals.move(deal, to=make.stage(workspace), by=None, despite="Olga Petrova promised it.")

    people.erase(olga, by=None)

    assert (Override.objects.count(), OverrideWording.objects.count()) == (1, 0)


def test_what_an_import_wrote_is_voided_with_it(workspace: Workspace, deal: Deal) -> None:
    deals.move(deal, to=make.stage(workspace), by=None, despite="From the old system.")
    old = Override.objects.get()
    Override.objects.bulk_create(
        [
            Override(
                workspace=workspace,
                item_id=deal.pk,
                transition=make.moves.move(
                    deal.item, to=make.stage(workspace, "negotiation"), by=None
                ),
                needs=["need"],
                occurred_at=old.occurred_at,
                known_at=old.known_at,
                batch=77,
            )
        ]
    )

    touched = bulk.void(77)

    assert touched == {deal.pk}
    assert Override.objects.filter(superseded_by=None, is_void=False).get() == old
